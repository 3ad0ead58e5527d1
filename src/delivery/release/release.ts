import type { Digest } from '../../model/identifiers.ts';

/** What the findings attached to a bundle add up to; `digest` is of the signed findings document, null when there is none. */
export type FindingsSummary = {
  digest: Digest | null;
  signedBy: string | null;
  passed: number;
  failed: number;
  errored: number;
  skipped: number;
  /** Names of checks that ran and have no blocking finding. */
  cleanChecks: string[];
  blocking: number;
};

/**
 * A bundle asked into an environment.
 * `authors` wrote the change (from the bundle's provenance and whoever asked); `kind` rollback goes to a bundle that was live before.
 */
export type Release = {
  id: string;
  project: string;
  bundle: Digest;
  environment: string;
  kind: 'promotion' | 'rollback' | 'hotfix';
  requestedBy: string;
  authors: string[];
  requestedAt: Date;
  findings: FindingsSummary;
};

/** `asked` until its plan exists; `waiting` at a gate; then its rollout decides. */
export type ReleaseState =
  | 'asked'
  | 'waiting'
  | 'refused'
  | 'rolling-out'
  | 'live'
  | 'superseded'
  | 'failed'
  | 'undone'
  | 'stuck';
