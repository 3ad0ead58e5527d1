import { fail } from '../../base/errors.ts';
import { isEnded } from '../../delivery/rollout/rollout.ts';
import type { Digest } from '../../model/identifiers.ts';
import type { Collected, Held, TargetConnection } from '../../targets/contract.ts';
import { connectTarget } from './connect-targets.ts';
import type { DeliverPorts } from './deliver-ports.ts';
import type { RegisteredEnvironment } from './delivery-store.ts';

/** `keep`: so many bundles that were live last stay, for each project; `unusedSeconds`: what is unused for a shorter time stays too. */
export type CollectWish = {
  environment: string;
  keep: number;
  unusedSeconds: number;
  dryRun: boolean;
  requestedBy: string;
};

/** What was removed from each place of the environment, or would be. A place that several targets share is there once. */
export type Collection = { environment: string; dryRun: boolean; places: Collected[] };

/**
 * Removes the bundles and parts beside running code that nothing needs: not live, not pinned by a run, not among the last that
 * were live, not asked for. The control plane keeps its own copy of each bundle, so a rollback to one that was removed brings it
 * there again. Not while a rollout is under way there.
 * @throws environment-not-registered, rollout-under-way, and what targets throw; what was removed by then is audited.
 */
export async function collectReleases(wish: CollectWish, ports: DeliverPorts): Promise<Collection> {
  return ports.exclusively(wish.environment, async () => {
    const environment = await ports.store.environment(wish.environment);
    if (environment === null) throw fail('environment-not-registered', { environment: wish.environment });
    await requireQuiet(environment.name, ports);
    const open = await connectAll(environment, ports);
    try {
      return await collect(wish, open, ports);
    } finally {
      await Promise.allSettled(open.map((connection) => connection.close()));
    }
  });
}

async function requireQuiet(environment: string, ports: DeliverPorts): Promise<void> {
  for (const id of await ports.rollouts.unfinished()) {
    const rollout = await ports.rollouts.read(id);
    if (rollout === null || rollout.environment !== environment || isEnded(rollout.state)) continue;
    throw fail('rollout-under-way', { rollout: id, environment });
  }
}

async function connectAll(environment: RegisteredEnvironment, ports: DeliverPorts): Promise<TargetConnection[]> {
  const open: TargetConnection[] = [];
  try {
    for (const id of Object.keys(environment.targets)) {
      if (ports.target(id).delivery !== null) open.push(await connectTarget(environment, id, ports));
    }
    return open;
  } catch (error) {
    await Promise.allSettled(open.map((connection) => connection.close()));
    throw error;
  }
}

/** First everything that any target holds is gathered, for targets may share a place; then each is asked to collect. */
async function collect(wish: CollectWish, open: TargetConnection[], ports: DeliverPorts): Promise<Collection> {
  const keep: Held = { bundles: await keptBundles(wish, ports), parts: [] };
  for (const connection of open) {
    const held = await connection.held?.();
    keep.bundles.push(...(held?.bundles ?? []));
    keep.parts.push(...(held?.parts ?? []));
  }
  const now = ports.clock.now();
  const unusedSince = new Date(now.getTime() - wish.unusedSeconds * 1000);
  const { environment, dryRun } = wish;
  const places = new Map<string, Collected>();
  for (const connection of open) {
    const order = { environment, keep, now, unusedSince };
    const expected = await connection.collect?.({ ...order, dryRun: true });
    if (expected === undefined || places.has(expected.home)) continue;
    await note('collecting', expected, { wish, ports });
    const collected = dryRun ? expected : await connection.collect?.({ ...order, dryRun: false });
    places.set(expected.home, collected ?? expected);
    if (collected !== undefined) await note('collected', collected, { wish, ports });
  }
  return { environment, dryRun, places: [...places.values()] };
}

/** What was live last in each project that has anything there, and what is asked for or under way. */
async function keptBundles({ environment, keep }: CollectWish, ports: DeliverPorts): Promise<Digest[]> {
  const states = ['asked', 'waiting', 'rolling-out', 'stuck', 'live'] as const;
  const open = await ports.store.releases({ environment, project: null, states, wereLive: false, limit: 1000 });
  const bundles = open.map(({ bundle }) => bundle);
  for (const project of new Set(open.map((release) => release.project))) {
    const were = await ports.store.releases({ environment, project, states: null, wereLive: true, limit: 1000 });
    bundles.push(...[...new Set(were.map(({ bundle }) => bundle))].slice(0, keep));
  }
  return bundles;
}

/** An entry before and after, so that a removal that was cut short is in the log too. Nothing to remove is nothing to tell. */
async function note(
  word: 'collecting' | 'collected',
  { home, bundles, parts }: Collected,
  { wish, ports }: { wish: CollectWish; ports: DeliverPorts },
): Promise<void> {
  if (wish.dryRun || bundles.length + parts.length === 0) return;
  const { environment, requestedBy, keep, unusedSeconds } = wish;
  await ports.store.note({
    at: ports.clock.now(),
    actor: requestedBy,
    action: `environment.${word}`,
    subject: `environment/${environment}`,
    detail: { environment, home, keep, unusedSeconds, bundles, parts },
  });
}
