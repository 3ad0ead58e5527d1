import type { Digest, UnitKey } from '../../model/identifiers.ts';
import type { Step } from '../../model/step.ts';

/** What cannot be taken back, or takes care of people first. `breaks`: the gate's rule that it breaks where the environment has it. */
export type PlanWarning = { unit: UnitKey | null; because: string; breaks?: 'require-locked-runtime' };

/**
 * The ordered steps from what is live to what is wanted. `digest` is the digest of the canonical JSON of
 * everything else here; it is what people approve and what runs.
 */
export type Plan = {
  digest: Digest;
  project: string;
  environment: string;
  bundle: Digest;
  /** Digest of what was live when the plan was made; a rollout refuses to start when that has moved. */
  start: Digest;
  steps: Step[];
  warnings: PlanWarning[];
};
