import type { nextAct } from '../../delivery/rollout/next-act.ts';
import type { RolloutState, stepKey } from '../../delivery/rollout/rollout.ts';
import type { Clock, Pause, RolloutStore, Targets } from '../ports.ts';
import type { doStep, undoStep } from './carry-out-step.ts';

/** `holder` names this call among all workers; two calls never share one. */
export type CarryOutPorts = { store: RolloutStore; targets: Targets; clock: Clock; pause: Pause; holder: string };

/** `waitUntil`: nothing can be done before. `heldBy`: another worker has it, at least until then. Call again at that time. */
export type CarriedOut = { state: RolloutState } | { waitUntil: Date } | { heldBy: string; until: Date };

/**
 * The decisions and acts that carrying out is made of, and how long a lease lasts. Always `standardRules`, except in the
 * simulator, which passes broken ones to see that it notices. `every` calls `beat` each so many seconds until it is stopped.
 */
export type CarryOutRules = {
  nextAct: typeof nextAct;
  stepKey: typeof stepKey;
  doStep: typeof doStep;
  undoStep: typeof undoStep;
  leaseSeconds: number;
  every(seconds: number, beat: () => void): { stop(): void };
};
