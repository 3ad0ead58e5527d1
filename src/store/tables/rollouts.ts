import type { GeneratedAlways, JSONColumnType } from 'kysely';
import type { RolloutState, StepState } from '../../delivery/rollout/rollout.ts';
import type { Digest } from '../../model/identifiers.ts';
import type { Step } from '../../model/step.ts';

export type RolloutTables = {
  rollout_environment: { environment: string; epoch: number; open_rollout: string | null };
  rollout: {
    id: string;
    number: GeneratedAlways<number>;
    release: string;
    environment: string;
    plan: Digest;
    state: RolloutState;
    because: string;
    epoch: number;
    holder: string | null;
    held_until: Date | null;
    opened_at: Date;
    moved_at: Date;
  };
  rollout_step: {
    rollout: string;
    index: number;
    step: JSONColumnType<Step, string, string>;
    state: StepState;
    attempts: number;
    detail: string;
    not_before: Date | null;
  };
};
