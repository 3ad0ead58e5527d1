import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { isFailure } from '../../src/base/errors.ts';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../src/store/embedded-postgres.ts';
import { openStore } from '../../src/store/open-store.ts';
import { createRig, environmentText, type Rig, until } from './rig.ts';

let rig: Rig;
let postgres: EmbeddedPostgres;
let [ada, bob, cyd] = ['', '', ''];

before(async () => {
  rig = await createRig();
  postgres = await startEmbeddedPostgres({ folder: join(rig.folder, 'postgres'), port: 0 });
  await rig.serve({ database: postgres.url });
  ada = await rig.token('ada@example.test', 'author');
  bob = await rig.token('bob@example.test', 'approver');
  cyd = await rig.token('cyd@example.test', 'approver');
  await rig.environments({ 'prod.yaml': environmentText(rig, { name: 'prod', approvals: 2, valid: '2s' }) });
});
after(async () => {
  await rig.stop();
  await postgres.stop();
  await rig.close();
});

async function waiting(text: string): Promise<{ id: string; plan: string }> {
  await rig.bundle(text);
  const asked = await rig.cli(ada, 'promote', '--environment', 'prod');
  assert.deepEqual([asked.status, asked.json.state], [0, 'waiting'], asked.stdout);
  const release = await rig.client(ada).release(String(asked.json.id));
  return { id: release.id, plan: release.plan?.digest ?? '' };
}

const yes = { decision: 'approve', comment: '' } as const;

test('an approval that has run out does not count, and counts again when given anew', async () => {
  const { id, plan } = await waiting('print("one")\n');
  await rig.client(bob).approve(id, { ...yes, plan });
  await pause(2_300);
  await rig.client(cyd).approve(id, { ...yes, plan });
  const still = await until(5, async () => {
    const now = await rig.client(ada).release(id);
    return now.approvals.length === 2 && now.because.includes('1 more') ? now : null;
  });
  assert.deepEqual(
    still.approvals.map(({ approver, counts }) => `${approver} ${counts}`),
    ['bob@example.test false', 'cyd@example.test true'],
  );
  await rig.environments({ 'prod.yaml': environmentText(rig, { name: 'prod', approvals: 2 }) });
  await rig.client(bob).approve(id, { ...yes, plan });
  const voided = await rig.client(ada).release(id);
  assert.equal(voided.state, 'waiting', 'another policy: the approval that cyd gave under the old one is void');
  await rig.client(cyd).approve(id, { ...yes, plan });
  await until(20, async () => ((await rig.client(ada).release(id)).state === 'live' ? true : null));
});

test('a plan whose start has moved is refused, and what was approved before it is void', async () => {
  await rig.environments({ 'prod.yaml': environmentText(rig, { name: 'prod', approvals: 2 }) });
  const { id, plan } = await waiting('print("two")\n');
  await rig.client(bob).approve(id, { ...yes, plan });
  const operator = rig.client(rig.operator);
  await operator.toggle({ environment: 'prod', asset: 'spark:job/rates', way: 'disable', reason: 'moves the start' });
  await until(20, async () => ((await operator.status('prod')).environments[0]?.toggles.length === 0 ? true : null));
  await assert.rejects(rig.client(cyd).approve(id, { ...yes, plan }), (error) =>
    isFailure(error, 'approval-plan-changed'),
  );
  const now = await rig.client(ada).release(id);
  assert.notEqual(now.plan?.digest, plan);
  assert.equal(now.state, 'waiting');
  for (const token of [bob, cyd]) await rig.client(token).approve(id, { ...yes, plan: now.plan?.digest ?? '' });
  await until(20, async () => ((await rig.client(ada).release(id)).state === 'live' ? true : null));
});

test('a newer release takes the place of one that still waits', async () => {
  const older = await waiting('print("three")\n');
  const newer = await waiting('print("four")\n');
  assert.equal((await rig.client(ada).release(older.id)).state, 'superseded');
  await assert.rejects(rig.client(bob).approve(older.id, { ...yes, plan: older.plan }), (error) =>
    isFailure(error, 'release-not-waiting'),
  );
  assert.equal((await rig.client(ada).release(newer.id)).state, 'waiting');
});

test('an approval that somebody put into the database counts for nothing', async () => {
  const { id, plan } = await waiting('print("five")\n');
  await rig.client(bob).approve(id, { ...yes, plan });
  const store = await openStore(postgres.url);
  const given = await store.db
    .selectFrom('approval')
    .select('body')
    .where('release', '=', id)
    .executeTakeFirstOrThrow();
  const forged = { ...given.body, approver: 'cyd@example.test' };
  await store.db
    .insertInto('approval')
    .values({ release: id, body: JSON.stringify(forged) })
    .execute();
  await store.close();
  await rig.client(bob).approve(id, { ...yes, plan, comment: 'looks at it again' });
  await pause(1_000);
  const now = await rig.client(ada).release(id);
  assert.equal(now.state, 'waiting');
  assert.ok(now.approvals.some(({ approver, counts }) => approver === 'cyd@example.test' && !counts));
});
