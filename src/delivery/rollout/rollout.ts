import type { Digest } from '../../model/identifiers.ts';
import type { Step } from '../../model/step.ts';
import type { Outcome } from '../../targets/contract.ts';

/**
 * pending -> intended -> done | failed | errored; when the rollout turns back, every step that is not pending goes
 * undo-intended -> undone.
 * `pending`: the target was never touched for it. `intended` is written before the target is touched. `waiting` is an intended step whose target asked to be called again.
 * `errored`, `undo-errored`: could not tell what the target did; tried again with growing pauses, then the rollout is stuck.
 * `failed`, `undo-failed`: the target answered a clear no.
 */
export type StepState =
  | 'pending'
  | 'intended'
  | 'waiting'
  | 'done'
  | 'failed'
  | 'errored'
  | 'undo-intended'
  | 'undo-waiting'
  | 'undo-errored'
  | 'undone'
  | 'undo-failed';

/**
 * A step as a row. Its keys are derived: `<rollout>/<index>` and `<rollout>/<index>/undo`.
 * `attempts` counts how often in a row nobody could tell what the target did. `notBefore` is when to try or ask again.
 */
export type StepRow = {
  index: number;
  step: Step;
  state: StepState;
  attempts: number;
  detail: string;
  notBefore: Date | null;
};

/**
 * `running` carries the plan out, `undoing` undoes what was done. `stuck` waits for a person and keeps the environment;
 * a person resumes it or gives it up (`abandoned`), which frees the environment as it is, between old and new.
 */
export type RolloutState = 'running' | 'undoing' | 'done' | 'undone' | 'stuck' | 'abandoned';

/** A plan being carried out. `epoch` is the fencing number of whoever carries it now. */
export type Rollout = {
  id: string;
  release: string;
  environment: string;
  plan: Digest;
  state: RolloutState;
  epoch: number;
  steps: StepRow[];
};

/** The states in which a worker carries a rollout; in the others there is nothing for one to do. */
export type OpenState = Extract<RolloutState, 'running' | 'undoing'>;

/** What is to be done next with a rollout; see `nextAct`. */
export type Act =
  | { act: 'step'; index: number }
  | { act: 'undo'; index: number }
  | { act: 'turn-back'; because: string }
  | { act: 'wait'; until: Date }
  | { act: 'finish'; state: Exclude<RolloutState, OpenState>; because: string };

export type StepOutcome = Outcome;

/** True when nothing more happens to the rollout by itself. */
export function isEnded(state: RolloutState): state is Exclude<RolloutState, OpenState> {
  return state !== 'running' && state !== 'undoing';
}

/** True when the environment is free for the next rollout. A stuck one keeps it, for it is neither old nor new. */
export function freesEnvironment(state: RolloutState): boolean {
  return isEnded(state) && state !== 'stuck';
}

/** The key under which a target remembers a step of a rollout. Derived, so every attempt has the same one. */
export function stepKey(rollout: string, index: number, direction: 'forward' | 'undo'): string {
  return direction === 'forward' ? `${rollout}/${index}` : `${rollout}/${index}/undo`;
}
