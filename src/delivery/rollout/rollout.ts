import type { Digest } from '../../model/identifiers.ts';
import type { Step } from '../../model/step.ts';
import type { Outcome } from '../../targets/contract.ts';

/**
 * pending -> intended -> done | failed | errored; a done step of a failed rollout goes undo-intended -> undone.
 * `intended` is written before the target is touched. `waiting` is an intended step whose target asked to be called again.
 * `errored`: could not tell what the target did; nothing further is done until it is resumed or a person decides.
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
  | 'undone'
  | 'undo-failed';

/** A step as a row. `key` is derived: `<rollout>/<index>` and `<rollout>/<index>/undo`. */
export type StepRow = {
  index: number;
  step: Step;
  state: StepState;
  attempts: number;
  detail: string;
  notBefore: Date | null;
};

/** `forward` carries the plan out, `backward` undoes what was done. */
export type RolloutState = 'running' | 'undoing' | 'done' | 'undone' | 'stuck';

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

/** What is to be done next with a rollout; see `nextAct`. */
export type Act =
  | { act: 'step'; index: number }
  | { act: 'undo'; index: number }
  | { act: 'turn-back'; because: string }
  | { act: 'wait'; until: Date }
  | { act: 'finish'; state: Exclude<RolloutState, 'running' | 'undoing'> };

export type StepOutcome = Outcome;
