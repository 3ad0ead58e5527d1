import type { Approval } from '../../delivery/gates/verdict.ts';
import type { Plan } from '../../delivery/plan/plan.ts';
import type { Release, ReleaseState } from '../../delivery/release/release.ts';
import type { Environment } from '../../model/environment.ts';
import type { AssetKey, Digest } from '../../model/identifiers.ts';
import type { AuditEntry } from '../ports.ts';

/** An environment as an operator registered it: everything of it that a bundle must not decide for itself. */
export type RegisteredEnvironment = Omit<Environment, 'values'> & { registeredBy: string; registeredAt: Date };

/**
 * A release as a row. `because` says in a sentence why it is in its state. `before` is the bundle that was live before
 * it, known once it is live; `following` the release after which it was asked by itself; `rollout` the one that carries it.
 */
export type ReleaseRow = Release & {
  number: number;
  state: ReleaseState;
  because: string;
  plan: Plan | null;
  before: Digest | null;
  following: string | null;
  rollout: string | null;
  liveAt: Date | null;
  trouble: Trouble | null;
  changedAt: Date;
};

/** Why nothing could be told; the control plane tries again by itself. */
export type Trouble = { code: string; message: string; hint: string };

export type ToggleState = 'asked' | 'rolling-out' | 'done' | 'failed' | 'stuck';

/** One asset stopped, or let go on, by a rollout of its own with the same id. */
export type Toggle = {
  id: string;
  project: string;
  environment: string;
  asset: AssetKey;
  way: 'disable' | 'enable';
  reason: string;
  requestedBy: string;
  requestedAt: Date;
  state: ToggleState;
  because: string;
};

export type DisabledAsset = { environment: string; asset: AssetKey; by: string; at: Date; reason: string };

/** `stale`: the row is no longer in any of the states `from`; nothing was written. */
export type Moved = 'moved' | 'stale';

export type ReleaseMove = {
  id: string;
  from: readonly ReleaseState[];
  to: ReleaseState;
  because: string;
  /** Left as they are when absent. */
  plan?: Plan;
  rollout?: string | null;
  trouble?: Trouble | null;
  at: Date;
  audit: AuditEntry;
};

export type ReleaseFilter = {
  environment: string | null;
  project: string | null;
  states: readonly ReleaseState[] | null;
  /** Only those that are, or were, the live one. */
  wereLive: boolean;
  limit: number;
};

/** What deliveries are kept in. Every method is one transaction, its audit entry in it. */
export type DeliveryStore = {
  environment(name: string): Promise<RegisteredEnvironment | null>;
  environments(): Promise<RegisteredEnvironment[]>;
  saveEnvironment(environment: RegisteredEnvironment, audit: AuditEntry): Promise<void>;
  /** An entry for what was done at a target and is recorded nowhere else. */
  note(audit: AuditEntry): Promise<void>;
  /** The same id twice is one release. */
  addRelease(release: Release & { following: string | null }, audit: AuditEntry): Promise<void>;
  release(id: string): Promise<ReleaseRow | null>;
  /** Newest first. */
  releases(filter: ReleaseFilter): Promise<ReleaseRow[]>;
  live(environment: string, project: string): Promise<ReleaseRow | null>;
  moveRelease(move: ReleaseMove): Promise<Moved>;
  /** Makes it the live one of its environment and supersedes the one before. */
  makeLive(move: Omit<ReleaseMove, 'to' | 'plan' | 'rollout'>): Promise<Moved>;
  approvals(release: string): Promise<Approval[]>;
  addApproval(approval: Approval, audit: AuditEntry): Promise<void>;
  /** What the audit log says of why a rollout last turned back or got stuck; null when it did neither. */
  whyTurned(rollout: string): Promise<string | null>;
  disabled(environment: string): Promise<DisabledAsset[]>;
  /** Records the wish and the toggle that carries it to the target. */
  addToggle(toggle: Toggle, audit: AuditEntry): Promise<void>;
  toggle(id: string): Promise<Toggle | null>;
  toggles(filter: { environment: string | null; states: readonly ToggleState[] }): Promise<Toggle[]>;
  moveToggle(move: {
    id: string;
    from: readonly ToggleState[];
    to: ToggleState;
    because: string;
    audit: AuditEntry;
  }): Promise<Moved>;
};

/** What is done later, by whichever process is free. The same job asked twice before it runs is one job. */
export type Job = { task: 'advance' | 'carry-out' | 'toggle'; subject: string };
export type Jobs = { add(job: Job, at: Date | null): Promise<void> };
