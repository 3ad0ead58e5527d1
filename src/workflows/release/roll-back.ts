import { fail } from '../../base/errors.ts';
import type { Digest } from '../../model/identifiers.ts';
import { askRelease } from './ask-release.ts';
import type { DeliverPorts } from './deliver-ports.ts';
import type { ReleaseRow } from './delivery-store.ts';

/** `to` null: the bundle that was live before the one that is live now. */
export type RollBackWish = { environment: string; project: string; to: Digest | null; requestedBy: string };

/**
 * Asks for the last known good bundle, or for a named one that was live there before, as a release of kind rollback.
 * It goes through plan, gate and rollout like any other. Going back twice goes further back, never forward again.
 * @throws nothing-live, nothing-to-roll-back-to, rollback-never-live
 */
export async function rollBack(wish: RollBackWish, ports: DeliverPorts): Promise<ReleaseRow> {
  const { environment, project, requestedBy } = wish;
  const past = await ports.store.releases({ environment, project, states: null, wereLive: true, limit: 1000 });
  const live = past.find(({ state }) => state === 'live');
  if (live === undefined) throw fail('nothing-live', { environment });
  const bundle = wish.to === null ? lastKnownGood(live, past) : named(wish.to, past, environment);
  return askRelease({ bundle, environment, kind: 'rollback', requestedBy, authors: [], following: null }, ports);
}

/**
 * After a rollback the live bundle is one that came in earlier; what counts is what was there before it came in.
 * `past` is newest first.
 */
export function lastKnownGood(live: ReleaseRow, past: readonly ReleaseRow[]): Digest {
  const cameIn = past.find(({ bundle, kind }) => bundle === live.bundle && kind !== 'rollback') ?? live;
  if (cameIn.before === null) {
    throw fail('nothing-to-roll-back-to', { environment: live.environment, bundle: live.bundle });
  }
  return cameIn.before;
}

function named(to: Digest, past: readonly ReleaseRow[], environment: string): Digest {
  if (!past.some(({ bundle }) => bundle === to)) throw fail('rollback-never-live', { environment, bundle: to });
  return to;
}
