import { fail } from '../../base/errors.ts';
import type { Rollout, RolloutState } from '../../delivery/rollout/rollout.ts';
import type { Clock, RolloutStore } from '../ports.ts';

/** `forward` tries the step again, `backward` undoes everything, `abandon` leaves the environment as it is and frees it. */
export type ResumeWay = 'forward' | 'backward' | 'abandon';

const stateAfter: { [Way in ResumeWay]: RolloutState } = {
  forward: 'running',
  backward: 'undoing',
  abandon: 'abandoned',
};

/**
 * A person's decision about a stuck rollout. Nothing is touched here: a worker goes on from the rows afterwards.
 * Fails with `rollout-not-found`, `rollout-not-stuck`, or `rollout-direction-impossible` when something is undone already.
 */
export async function resumeRollout(
  { id, way, actor, because }: { id: string; way: ResumeWay; actor: string; because: string },
  { store, clock }: { store: RolloutStore; clock: Clock },
): Promise<RolloutState> {
  const rollout = await store.read(id);
  if (rollout === null) throw fail('rollout-not-found', { rollout: id });
  if (rollout.state !== 'stuck') throw fail('rollout-not-stuck', { rollout: id, state: rollout.state });
  if (way === 'forward' && hasTurnedBack(rollout)) throw fail('rollout-direction-impossible', { rollout: id });
  const to = stateAfter[way];
  const at = clock.now();
  const audit = { at, actor, action: `rollout.${way}`, subject: id, detail: { epoch: rollout.epoch, because } };
  const moved = await store.move({ id, epoch: rollout.epoch, from: 'stuck', to, because, at, audit });
  if (moved === 'stale') throw fail('rollout-lost', { rollout: id });
  return to;
}

function hasTurnedBack({ steps }: Rollout): boolean {
  return steps.some(({ state }) => state === 'undone' || state.startsWith('undo-'));
}
