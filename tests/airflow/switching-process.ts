import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Step } from '../../src/model/step.ts';
import { ENVIRONMENT, type Release, readerOf } from './estate.ts';

/**
 * Carries steps out as a worker would: look, act until it no longer waits, look again. With `killAt` it kills itself right
 * before or right after its n-th effect on the world: a file that gets its name, a file taken away, a changing REST call.
 */
export type Order = {
  settings: { [setting: string]: string | number | boolean | null };
  password: string;
  releases: Release[];
  steps: Step[];
  epoch: number;
  killAt: { effect: number; when: 'before' | 'after' } | null;
};

const order: Order = JSON.parse(fs.readFileSync(process.argv[2] ?? '', 'utf8'));
let effects = 0;

async function counted<Result>(work: () => Promise<Result>): Promise<Result> {
  effects += 1;
  const mine = order.killAt?.effect === effects ? order.killAt.when : null;
  if (mine === 'before') process.kill(process.pid, 'SIGKILL');
  const result = await work();
  if (mine === 'after') process.kill(process.pid, 'SIGKILL');
  return result;
}

const { rename, unlink } = fs.promises;
fs.promises.rename = (from, to) => counted(() => rename(from, to));
fs.promises.unlink = (path) => counted(() => unlink(path));
syncBuiltinESMExports();
const ask = globalThis.fetch;
globalThis.fetch = (url, init) => (init?.method === 'PATCH' ? counted(() => ask(url, init)) : ask(url, init));

const { connect } = await import('../../src/targets/airflow/apply.ts');
const connection = await connect(order.settings, {
  environment: ENVIRONMENT,
  bundles: readerOf(order.releases),
  secret: async () => order.password,
  now: () => new Date(),
});
for (const [index, step] of order.steps.entries()) {
  if ((await connection.look(step, 'forward')).at === 'after') continue;
  for (;;) {
    const outcome = await connection.act(step, 'forward', {
      key: `killed/${order.epoch}/${index}`,
      epoch: order.epoch,
    });
    if (outcome.outcome === 'failed') throw new Error(outcome.message);
    if (outcome.outcome === 'done') break;
    await sleep(outcome.againInSeconds * 1000);
  }
  const seen = await connection.look(step, 'forward');
  if (seen.at !== 'after') throw new Error(`${step.kind} is ${JSON.stringify(seen)}`);
}
await connection.close();
process.stdout.write(String(effects));
