import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { createRig, environmentText, type Rig, until } from './rig.ts';

let rig: Rig;
let [ada, adaToo, bob] = ['', '', ''];
let [one, two] = ['', ''];

before(async () => {
  rig = await createRig();
  await rig.serve();
  await rig.environments({
    'dev.yaml': environmentText(rig, { name: 'dev', promote: 'automatic' }),
    'staging.yaml': environmentText(rig, { name: 'staging', after: 'dev', promote: 'automatic' }),
    'prod.yaml': environmentText(rig, { name: 'prod', after: 'staging', approvals: 1 }),
  });
  ada = await rig.token('ada@example.test', 'author');
  adaToo = await rig.token('Ada@Example.test', 'approver');
  bob = await rig.token('bob@example.test', 'approver');
});
after(() => rig.close());

async function liveIn(environment: string): Promise<unknown> {
  const { environments } = await rig.client(rig.operator).status(environment);
  return environments[0]?.live[0]?.bundle ?? null;
}

async function pointer(environment: string): Promise<{ bundle: string; disabled: boolean }> {
  const file = join(rig.folder, 'homes', environment, 'pointers', 'spark', 'settle.json');
  return JSON.parse(await readFile(file, 'utf8'));
}

async function promoteAndApprove(bundle: string): Promise<void> {
  assert.equal((await rig.cli(ada, 'promote', bundle, '--environment', 'dev')).status, 0);
  await until(20, async () => ((await liveIn('staging')) === bundle ? true : null));
  const asked = await rig.cli(ada, 'promote', bundle, '--environment', 'prod');
  assert.equal(asked.json.state, 'waiting', asked.stdout);
  const approved = await rig.cli(bob, 'approve', String(asked.json.id), '--wait');
  assert.deepEqual([approved.status, approved.json.state], [0, 'live'], approved.stdout);
}

test('a bundle that is live in dev goes on to staging by itself and waits before prod for somebody else', async () => {
  one = await rig.bundle('print("one")\n');
  const early = await rig.cli(ada, 'promote', '--environment', 'prod');
  assert.equal(early.status, 1);
  assert.match(early.stdout, /release-out-of-order/);
  const dev = await rig.cli(ada, 'promote', '--environment', 'dev');
  assert.deepEqual([dev.status, dev.json.state], [0, 'live']);
  await until(20, async () => ((await liveIn('staging')) === one ? true : null));
  const prod = await rig.cli(ada, 'promote', '--environment', 'prod');
  assert.deepEqual([prod.status, prod.json.state], [0, 'waiting']);
  const id = String(prod.json.id);

  const own = await rig.cli(adaToo, 'approve', id);
  assert.equal(own.status, 1);
  assert.match(own.stdout, /approval-by-author/);
  const wrong = await rig.cli(ada, 'approve', id);
  assert.equal(wrong.status, 2);
  assert.equal(await liveIn('prod'), null);

  const other = await rig.cli(bob, 'approve', id, '--wait');
  assert.deepEqual([other.status, other.json.state], [0, 'live']);
  assert.equal((await pointer('prod')).bundle, one);
});

test('the same bundle again is nothing to do', async () => {
  const again = await rig.cli(ada, 'promote', '--environment', 'prod');
  assert.deepEqual([again.status, again.json.state], [0, 'live']);
  assert.match(String(again.json.because), /nothing to do/);
});

test('a rejected release goes nowhere and the next one may', async () => {
  two = await rig.bundle('print("two")\n');
  await rig.cli(ada, 'promote', two, '--environment', 'dev');
  await until(20, async () => ((await liveIn('staging')) === two ? true : null));
  const asked = await rig.cli(ada, 'promote', two, '--environment', 'prod');
  const rejected = await rig.cli(bob, 'reject', String(asked.json.id), '--comment', 'not on a Friday');
  assert.deepEqual([rejected.status, rejected.json.state], [0, 'refused']);
  assert.match(String(rejected.json.because), /not on a Friday/);
  assert.equal((await pointer('prod')).bundle, one);
  await promoteAndApprove(two);
  assert.equal((await pointer('prod')).bundle, two);
});

test('rollback returns to what was live before, and again finds nothing before that', async () => {
  const back = await rig.cli(bob, 'rollback', 'prod');
  assert.deepEqual([back.status, back.json.state, back.json.kind], [0, 'live', 'rollback']);
  assert.equal((await pointer('prod')).bundle, one);
  const further = await rig.cli(bob, 'rollback', 'prod');
  assert.equal(further.status, 1);
  assert.match(further.stdout, /nothing-to-roll-back-to/);
  const never = await rig.bundle('print("never live")\n');
  await rig.cli(ada, 'promote', never, '--environment', 'dev');
  const to = await rig.cli(bob, 'rollback', 'prod', '--to', never);
  assert.equal(to.status, 1);
  assert.match(to.stdout, /rollback-never-live/);
});

test('a stopped asset stays stopped over the next deploy until it is enabled', async () => {
  const stop = await rig.cli(bob, 'disable', 'spark:job/settle', '--environment', 'prod', '--reason', 'bad numbers');
  assert.deepEqual([stop.status, stop.json.state], [0, 'done'], stop.stdout);
  assert.equal((await pointer('prod')).disabled, true);
  const twice = await rig.cli(bob, 'disable', 'spark:job/settle', '--environment', 'prod');
  assert.deepEqual([twice.status, twice.json.state], [0, 'unchanged']);
  const three = await rig.bundle('print("three")\n');
  await promoteAndApprove(three);
  assert.deepEqual([(await pointer('prod')).bundle, (await pointer('prod')).disabled], [three, true]);
  const go = await rig.cli(bob, 'enable', 'spark:job/settle', '--environment', 'prod');
  assert.deepEqual([go.status, go.json.state], [0, 'done']);
  assert.equal((await pointer('prod')).disabled, false);
  const unknown = await rig.cli(bob, 'disable', 'spark:job/setle', '--environment', 'prod');
  assert.match(unknown.stdout, /Did you mean spark:job\/settle/);
});

test('a release whose verification fails is taken back by itself', async () => {
  const before = await pointer('dev');
  const bad = await rig.bundle('def settle(:\n    pass\n');
  const failed = await rig.cli(ada, 'promote', bad, '--environment', 'dev');
  assert.deepEqual([failed.status, failed.json.state], [1, 'undone'], failed.stdout);
  assert.match(String(failed.json.because), /does not compile/);
  assert.equal((await pointer('dev')).bundle, before.bundle);
});

test('the registered environment counts where the bundle has another copy of it', async () => {
  const file = join(rig.project, 'environments', 'dev.yaml');
  const text = await readFile(file, 'utf8');
  await writeFile(file, text.replace('homes/dev', 'homes/elsewhere'));
  const bundle = await rig.bundle('print("elsewhere")\n');
  const asked = await rig.cli(ada, 'promote', bundle, '--environment', 'dev');
  await writeFile(file, text);
  assert.equal(asked.status, 0);
  assert.match(
    JSON.stringify(asked.json.differences),
    /targets\.spark is registered as .*homes\/dev.*homes\/elsewhere/,
  );
  assert.equal((await pointer('dev')).bundle, bundle);
});

test('history and the audit log tell it all, and the log stands', async () => {
  const history = await rig.cli(bob, 'history', 'prod');
  const kinds = (history.json.releases as { kind: string; state: string }[]).map(
    ({ kind, state }) => `${kind} ${state}`,
  );
  assert.deepEqual(kinds.slice(0, 2), ['promotion live', 'rollback superseded']);
  const verified = await rig.cli(rig.operator, 'audit', 'verify');
  assert.deepEqual([verified.status, verified.json.ok], [0, true], verified.stdout);
  const text = JSON.stringify((await rig.cli(rig.operator, 'audit', 'list', '--limit', '1000')).json);
  for (const action of [
    'release.asked',
    'approval.approve',
    'approval.reject',
    'asset.disable',
    'step.done',
    'release.live',
  ]) {
    assert.ok(text.includes(`"${action}"`), action);
  }
});
