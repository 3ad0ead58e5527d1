import { openBundleStore } from '../../src/base/bundle-store.ts';
import { resolveSecret } from '../../src/base/secrets.ts';
import type { Step } from '../../src/model/step.ts';
import { bundleReader } from '../../src/workflows/bundle/read-bundle.ts';
import { deliveryOf } from './bundle-world.ts';

/** A worker of its own process that carries out one step, for tests that kill it. */
type Job = { home: string; store: string; python: string; step: Step; key: string };

const job = JSON.parse(process.argv[2] ?? '') as Job;
const world = {
  environment: 'prod',
  bundles: bundleReader(openBundleStore(job.store)),
  secret: resolveSecret,
  now: () => new Date(),
};
const connection = await deliveryOf(job.step.target).connect({ home: job.home, python: job.python }, world);
await connection.act(job.step, 'forward', { key: job.key, epoch: 1 });
await connection.close();
