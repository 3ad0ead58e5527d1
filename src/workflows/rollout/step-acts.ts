import { fail } from '../../base/errors.ts';
import type { Rollout, StepRow } from '../../delivery/rollout/rollout.ts';
import type { Direction, Mark } from '../../targets/contract.ts';
import type { Clock, Pause, RolloutStore } from '../ports.ts';
import type { StepActs } from './carry-out-step.ts';
import type { Connections } from './connections.ts';
import { stepAudit } from './rollout-audit.ts';

export type StepBinding = {
  rollout: Pick<Rollout, 'id' | 'environment'>;
  row: StepRow;
  direction: Direction;
  mark: Mark;
  connections: Connections;
  store: RolloutStore;
  clock: Clock;
  pause: Pause;
  holder: string;
};

/** Binds what a step may do to its rollout, row, direction, key and epoch. */
export function stepActs(binding: StepBinding): StepActs {
  const { rollout, row, direction, mark, connections, store, clock } = binding;
  const connection = () => connections.to(rollout.environment, row.step.target);
  return {
    look: async () => (await connection()).look(row.step, direction),
    act: async () => (await connection()).act(row.step, direction, mark),
    pause: (point) => binding.pause(point),
    async record(from, { to, detail, afterSeconds }) {
      const at = clock.now();
      const recorded = await store.record({
        rollout: rollout.id,
        index: row.index,
        epoch: mark.epoch,
        from,
        to,
        detail,
        notBefore: afterSeconds === null ? null : new Date(at.getTime() + afterSeconds * 1000),
        audit: stepAudit({ rollout, row, mark, to, detail, at, holder: binding.holder }),
      });
      if (recorded === 'stale') throw fail('rollout-lost', { rollout: rollout.id });
    },
  };
}
