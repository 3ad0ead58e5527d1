import type { GeneratedAlways, JSONColumnType } from 'kysely';
import type { Approval } from '../../delivery/gates/verdict.ts';
import type { Plan } from '../../delivery/plan/plan.ts';
import type { FindingsSummary, Release, ReleaseState } from '../../delivery/release/release.ts';
import type { Environment } from '../../model/environment.ts';
import type { AssetKey, Digest } from '../../model/identifiers.ts';
import type { ToggleState, Trouble } from '../../workflows/release/delivery-store.ts';

/** A JSON column: given and taken as a value; written as text, for the driver makes Postgres arrays of lists. */
type Stored<Value extends object | null> = JSONColumnType<Value, string | null, string | null>;

export type DeliveryTables = {
  environment: {
    name: string;
    after: string | null;
    promote: Environment['promote'];
    gates: Stored<Environment['gates']>;
    targets: Stored<Environment['targets']>;
    secrets: Stored<Environment['secrets']>;
    registered_by: string;
    registered_at: Date;
  };
  bundle: { digest: Digest; project: string; bytes: number; uploaded_by: string; uploaded_at: Date };
  release: {
    id: string;
    number: GeneratedAlways<number>;
    project: string;
    bundle: Digest;
    environment: string;
    kind: Release['kind'];
    requested_by: string;
    authors: string[];
    requested_at: Date;
    findings: Stored<FindingsSummary>;
    state: ReleaseState;
    because: string;
    plan: Stored<Plan | null>;
    before: Digest | null;
    following: string | null;
    rollout: string | null;
    live_at: Date | null;
    trouble: Stored<Trouble | null>;
    changed_at: Date;
  };
  toggle: {
    id: string;
    number: GeneratedAlways<number>;
    project: string;
    environment: string;
    asset: AssetKey;
    way: 'disable' | 'enable';
    reason: string;
    requested_by: string;
    requested_at: Date;
    state: ToggleState;
    because: string;
  };
  approval: {
    number: GeneratedAlways<number>;
    release: string;
    body: Stored<Omit<Approval, 'at' | 'expires'> & { at: string; expires: string }>;
  };
  disabled_asset: {
    environment: string;
    asset: AssetKey;
    disabled_by: string;
    disabled_at: Date;
    reason: string;
  };
};
