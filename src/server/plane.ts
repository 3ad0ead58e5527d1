import { randomBytes } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type BundleStore, openBundleStore } from '../base/bundle-store.ts';
import { resolveSecret } from '../base/secrets.ts';
import { type SigningKey, trustedKey } from '../base/signing.ts';
import { signingKeyAt } from '../base/signing-keys.ts';
import { deliveryStore } from '../store/delivery-store.ts';
import { environmentLock } from '../store/environment-lock.ts';
import { openStore, type Store } from '../store/open-store.ts';
import { type BundleQueries, bundleQueries } from '../store/queries/bundles.ts';
import { type KeyQueries, keyQueries } from '../store/queries/keys.ts';
import { rolloutStore } from '../store/queries/rollouts.ts';
import { type TokenQueries, tokenQueries } from '../store/queries/tokens.ts';
import type { Target } from '../targets/contract.ts';
import { bundleReader } from '../workflows/bundle/read-bundle.ts';
import type { Pause } from '../workflows/ports.ts';
import { plane as planeName } from '../workflows/release/move-release.ts';
import type { JobPorts } from '../workflows/release/run-job.ts';
import { type EventFeed, openEventFeed } from './event-feed.ts';
import { type JobQueue, openJobQueue } from './job-queue.ts';
import type { Log } from './log.ts';

/** A running control plane: what the routes stand on. */
export type Plane = JobPorts & {
  version: string;
  database: Store;
  bundleStore: BundleStore;
  uploads: BundleQueries;
  tokens: TokenQueries;
  keys: KeyQueries;
  feed: EventFeed;
  queue: JobQueue;
  log: Log;
  close(): Promise<void>;
};

/** `folder` holds bundles and the signing key; processes that share a database share it too. */
export type PlaneInput = {
  folder: string;
  databaseUrl: string;
  version: string;
  target(id: string): Target;
  pause: Pause;
  log: Log;
};

/** Opens the database, the bundles and the key. Jobs are not worked on before `startJobs`. */
export async function openPlane(input: PlaneInput): Promise<Plane> {
  await mkdir(input.folder, { recursive: true, mode: 0o700 });
  const key = await signingKeyAt(join(input.folder, 'control-plane.pem'));
  const database = await openStore(input.databaseUrl);
  const keys = keyQueries(database.db);
  const clock = { now: () => new Date() };
  await introduce(key, keys, clock.now());
  const locks = environmentLock(input.databaseUrl);
  const feed = openEventFeed(database, input.log);
  const queue = await openJobQueue(database);
  const bundleStore = openBundleStore(join(input.folder, 'bundles'));
  const process = `${globalThis.process.pid}-${randomBytes(4).toString('hex')}`;
  let attempts = 0;
  return {
    version: input.version,
    store: deliveryStore(database.db),
    rollouts: rolloutStore(database.db),
    bundles: bundleReader(bundleStore),
    bundleStore,
    target: input.target,
    secret: (reference) => resolveSecret(reference),
    trusted: async () => (await keys.trusted()).map(({ publicPem }) => trustedKey(publicPem)),
    clock,
    ids: { next: () => randomBytes(6).toString('hex') },
    key,
    jobs: queue,
    exclusively: locks.exclusively,
    holder: () => `${process}-${++attempts}`,
    pause: input.pause,
    database,
    uploads: bundleQueries(database.db),
    tokens: tokenQueries(database.db),
    keys,
    feed,
    queue,
    log: input.log,
    async close() {
      await feed.close();
      await queue.close();
      await locks.close();
      await database.close();
    },
  };
}

async function introduce(key: SigningKey, keys: KeyQueries, at: Date): Promise<void> {
  const detail = { keyId: key.keyId };
  await keys.addPlaneKey(key, { at, actor: planeName, action: 'key.introduced', subject: `key/${key.keyId}`, detail });
}
