import type { Plan } from '../delivery/plan/plan.ts';
import type { Rollout, RolloutState, StepState } from '../delivery/rollout/rollout.ts';
import type { JsonObject } from '../model/json.ts';
import type { TargetConnection } from '../targets/contract.ts';

/** The time, and ids that nobody can guess. Tests and the simulator pass their own. */
export type Clock = { now(): Date };
export type Ids = { next(): string };

/** One fact for the audit log, written in the same transaction as what it records. No secret values, ever. */
export type AuditEntry = { at: Date; actor: string; action: string; subject: string; detail: JsonObject };

/** A change of one step, made only if the row is still in `from` and the rollout is still held with `epoch`. */
export type StepChange = {
  rollout: string;
  index: number;
  epoch: number;
  from: StepState;
  to: StepState;
  detail: string;
  notBefore: Date | null;
  audit: AuditEntry;
};

/** `stale`: somebody else holds the rollout now, or the row has moved; the caller stops at once and touches nothing. */
export type Recorded = 'recorded' | 'stale';

/** Rollouts as rows. Every method is one transaction. */
export type RolloutStore = {
  /** Opens a rollout for a plan. The same id twice gives the rollout that exists. Refused (`busy`) while another one is open in the environment. */
  open(input: {
    id: string;
    release: string;
    plan: Plan;
    at: Date;
    audit: AuditEntry;
  }): Promise<Rollout | { busy: string }>;
  read(id: string): Promise<Rollout | null>;
  /** Ids of rollouts that are not ended, for resuming. */
  unfinished(): Promise<string[]>;
  /** Takes the rollout for `holder` if nobody holds it or the lease has run out; each taking raises the environment's epoch. */
  claim(input: {
    id: string;
    holder: string;
    now: Date;
    leaseSeconds: number;
  }): Promise<{ epoch: number } | { heldBy: string; until: Date } | null>;
  renew(input: { id: string; holder: string; epoch: number; now: Date; leaseSeconds: number }): Promise<Recorded>;
  release(input: { id: string; holder: string; epoch: number }): Promise<void>;
  record(change: StepChange): Promise<Recorded>;
  /** Moves the whole rollout to another state (turn back, or its end), audited; ends free the environment. */
  move(input: {
    id: string;
    epoch: number;
    from: RolloutState;
    to: RolloutState;
    because: string;
    at: Date;
    audit: AuditEntry;
  }): Promise<Recorded>;
};

/** Connects the targets of an environment as the release's bundle and the registered settings say. */
export type Targets = { connect(environment: string, target: string): Promise<TargetConnection> };

/** Named points where a harness may kill or freeze the process. Does nothing in production. */
export type Pause = (point: string) => Promise<void>;
