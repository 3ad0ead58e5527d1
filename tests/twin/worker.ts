import { join } from 'node:path';
import { openStore } from '../../src/store/open-store.ts';
import { rolloutStore } from '../../src/store/queries/rollouts.ts';
import { carryOut, standardRules } from '../../src/workflows/rollout/carry-out.ts';
import type { TargetBehaviour } from '../simulator/memory-target.ts';
import { ledgerTarget } from './ledger-target.ts';

/** What the parent says on the command line. */
export type WorkerOrder = {
  url: string;
  folder: string;
  environment: string;
  holder: string;
  leaseSeconds: number;
  behaviour: TargetBehaviour;
};

/** What a worker says at each named point, and then waits for the parent's word. */
export type AtPoint = { point: string; rollout: string };

const order: WorkerOrder = JSON.parse(process.argv[2] ?? '{}');
const store = await openStore(order.url);
const rollouts = rolloutStore(store.db);
const rules = { ...standardRules, leaseSeconds: order.leaseSeconds };
process.on('disconnect', () => process.exit(0));

for (let call = 1; ; call += 1) {
  const open = await store.db
    .selectFrom('rollout_environment')
    .select('open_rollout')
    .where('environment', '=', order.environment)
    .executeTakeFirst();
  const rollout = open?.open_rollout ?? null;
  if (rollout !== null) await carry(rollout, call);
  await sleep(20);
}

/** A call that fails for want of the database is made again, as a job would be. */
async function carry(rollout: string, call: number): Promise<void> {
  const pause = (point: string) => atPoint({ point, rollout });
  const connect = async (_environment: string, target: string) =>
    ledgerTarget(join(order.folder, target), order.behaviour, pause);
  const clock = { now: () => new Date() };
  const holder = `${order.holder}-${call}`;
  await carryOut(rollout, { store: rollouts, targets: { connect }, clock, pause, holder }, rules).catch(() =>
    sleep(50),
  );
}

function atPoint(at: AtPoint): Promise<void> {
  return new Promise((go) => {
    process.once('message', () => go());
    process.send?.(at);
  });
}

function sleep(milliseconds: number): Promise<void> {
  return new Promise((done) => setTimeout(done, milliseconds));
}
