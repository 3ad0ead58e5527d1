import assert from 'node:assert/strict';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { runtimePlace } from '../../src/base/python/runtime.ts';
import { packagesOf } from '../../src/delivery/checks/lock/lock-text.ts';
import { assetKey } from '../../src/model/identifiers.ts';
import type { Step } from '../../src/model/step.ts';
import { ENVIRONMENT, type Project, pointerOf, type Release, releaseOf } from './estate.ts';
import { type Rig, startRig } from './rig.ts';

let rig: Rig;
before(async () => {
  rig = await startRig();
});
after(() => rig?.stop());

/** A DAG of two tasks in a row, each logging its run, its name and the release. */
function dagFile(dagId: string, release: string, more = ''): string {
  return `
import datetime, os, time
from airflow import DAG
from airflow.operators.python import PythonOperator

def work(run_name, step, seconds):
    time.sleep(seconds)
    with open(os.environ['HEADGATE_TEST_LOG'], 'a') as file:
        file.write(' '.join(['${dagId}', run_name, step, '${release}']) + '\\n')

with DAG('${dagId}', start_date=datetime.datetime(2024, 1, 1), schedule=None):
    one = PythonOperator(task_id='one', python_callable=work, op_args=['{{ run_id }}', 'one', 4])
    two = PythonOperator(task_id='two', python_callable=work, op_args=['{{ run_id }}', 'two', 0])
    one >> two
${more}`;
}

const FILE = 'airflow/dags/orders.py';
const PLACE = 'orders.py';

/** One DAG in one file. `shape` stands for its task graph. */
function project(release: string, shape: string, more = ''): Project {
  return { files: { [FILE]: dagFile('orders', release, more) }, dags: { [FILE]: { orders: shape } } };
}

function known(project: Project): Release {
  const release = releaseOf(project);
  rig.releases.push(release);
  return release;
}

async function trigger(dagId: string, runId: string): Promise<void> {
  const run = (await rig.rest('POST', `/dags/${dagId}/dagRuns`, { dag_run_id: runId })) as { state?: string };
  assert.equal(run.state, 'queued', JSON.stringify(run));
}

async function ended(dagId: string, runId: string): Promise<string> {
  return eventually(`${runId} to end`, async () => {
    const run = (await rig.rest('GET', `/dags/${dagId}/dagRuns/${runId}`)) as { state: string };
    return ['success', 'failed'].includes(run.state) ? run.state : null;
  });
}

async function logged(): Promise<string[]> {
  return (await readFile(join(rig.folder, 'log'), 'utf8').catch(() => '')).trim().split('\n');
}

async function eventually<Value>(what: string, look: () => Promise<Value | null>): Promise<Value> {
  const deadline = Date.now() + 120_000;
  for (;;) {
    const found = await look();
    if (found !== null) return found;
    assert.ok(Date.now() < deadline, `waited in vain for ${what}`);
    await sleep(300);
  }
}

async function underWay(dagId: string): Promise<void> {
  await eventually(`a run of ${dagId}`, async () =>
    (await rig.client.runsUnderWay([dagId])).length > 0 ? true : null,
  );
}

async function paused(dagId: string): Promise<boolean | undefined> {
  return (await rig.client.dag(dagId))?.isPaused;
}

let live: Release;

test('a first delivery runs, unpaused, under the tag of its release', async () => {
  live = known(project('1', 'a'));
  await rig.carryOut(rig.steps(null, live, [PLACE]));
  const dag = await rig.client.dag('orders');
  assert.deepEqual([dag?.isPaused, dag?.tags], [false, [`headgate:${live.bundle.slice(7, 19)}`]]);
});

test('a changed task graph waits for the run under way, holds back a new one, and then runs it on the new release', async () => {
  const next = known(
    project('2', 'b', "    three = PythonOperator(task_id='three', python_callable=print)\n    two >> three\n"),
  );
  await trigger('orders', 'before-drain');
  await underWay('orders');
  const { unit } = pointerOf(live, PLACE);
  const [, ...rest] = rig.steps(live, next, [PLACE]);
  const drain: Step = { kind: 'drain', target: 'airflow', unit, assets: [], limitSeconds: 100 };
  const draining = rig.act(drain);
  await eventually('the draining stub', async () =>
    (await rig.client.dag('orders'))?.tags.includes('headgate:draining') ? true : null,
  );
  await trigger('orders', 'in-drain');
  assert.equal((await draining).outcome, 'done');
  assert.equal(await ended('orders', 'before-drain'), 'success');
  await rig.carryOut([rig.steps(live, next, [PLACE])[0] as Step, ...rest]);
  live = next;
  assert.equal(await ended('orders', 'in-drain'), 'success');
  assert.deepEqual(
    (await logged()).filter((line) => line.startsWith('orders')),
    ['orders before-drain one 1', 'orders before-drain two 1', 'orders in-drain one 2', 'orders in-drain two 2'],
  );
  const tasks = (await rig.rest('GET', '/dags/orders/dagRuns/before-drain/taskInstances')) as { total_entries: number };
  assert.equal(tasks.total_entries, 2);
});

test('a drain that reaches its limit gives up, and its undo lets new runs begin', async () => {
  await trigger('orders', 'too-long');
  await underWay('orders');
  const drain: Step = {
    kind: 'drain',
    target: 'airflow',
    unit: pointerOf(live, PLACE).unit,
    assets: [],
    limitSeconds: 0,
  };
  const outcome = await rig.act(drain);
  assert.deepEqual([outcome.outcome, 'cause' in outcome && outcome.cause], ['failed', 'drain-limit']);
  assert.equal((await rig.act(drain, 'undo')).outcome, 'done');
  assert.equal(await paused('orders'), false);
  await trigger('orders', 'after-undrain');
  assert.equal(await ended('orders', 'too-long'), 'success');
  assert.equal(await ended('orders', 'after-undrain'), 'success');
});

test('a release that Airflow cannot import fails its verification, and undo brings the old one back', async () => {
  const broken = known(project('3', 'b', "raise ValueError('no such thing')\n"));
  const steps = rig.steps(live, broken, [PLACE]);
  const verify = steps.at(-1) as Step;
  await rig.carryOut(steps.slice(0, -1));
  const outcome = await rig.act(verify);
  assert.equal(outcome.outcome, 'failed');
  assert.match('message' in outcome ? outcome.message : '', /ValueError: no such thing/);
  assert.equal(await paused('orders'), true);
  await rig.carryOut(steps.slice(-2, -1), 'undo');
  assert.equal(await paused('orders'), false);
  await trigger('orders', 'after-undo');
  assert.equal(await ended('orders', 'after-undo'), 'success');
  assert.ok((await logged()).includes('orders after-undo two 2'));
});

test('a DAG that a person paused stays paused over a switch', async () => {
  await rig.client.setPaused('orders', true);
  const next = known(project('4', 'b'));
  await rig.carryOut(rig.steps(live, next, [PLACE]));
  live = next;
  assert.equal(await paused('orders'), true);
  await rig.client.setPaused('orders', false);
});

test('a disabled DAG is paused at once, stays so over a switch, and goes on when it is enabled', async () => {
  const { unit } = pointerOf(live, PLACE);
  const asset = assetKey('airflow:dag', 'orders');
  await rig.carryOut([{ kind: 'disable', target: 'airflow', asset, unit }]);
  assert.equal(await paused('orders'), true);
  const next = known(project('5', 'b'));
  await rig.carryOut(rig.steps(live, next, [PLACE]));
  live = next;
  assert.equal(await paused('orders'), true);
  await rig.carryOut([{ kind: 'enable', target: 'airflow', asset, unit }]);
  assert.equal(await paused('orders'), false);
});

test('with stop-running, disable also ends the runs under way, and none begins until it is enabled', async () => {
  const stopping = known({
    files: { 'airflow/dags/stopped.py': dagFile('stopped', 'x').replace("'one', 4]", "'one', 60]") },
    dags: { 'airflow/dags/stopped.py': { stopped: 'a' } },
  });
  await rig.carryOut(rig.steps(null, stopping, ['stopped.py']));
  await trigger('stopped', 'ended');
  await underWay('stopped');
  const { unit } = pointerOf(stopping, 'stopped.py');
  const toggle = { target: 'airflow', asset: assetKey('airflow:dag', 'stopped'), unit };
  const detail = async (kind: 'disable' | 'enable', key: string) => {
    const connection = await rig.connect({ 'stop-running': true });
    const outcome = await connection.act({ kind, ...toggle }, 'forward', { key, epoch: 1 });
    await connection.close();
    return 'detail' in outcome ? outcome.detail : outcome;
  };
  assert.equal(await detail('disable', 'test/stop'), 'stopped is paused and stays so over releases; 1 runs were ended');
  assert.equal(await ended('stopped', 'ended'), 'failed');
  assert.deepEqual([await paused('stopped'), await rig.client.runsUnderWay(['stopped'])], [true, []]);
  assert.equal(
    await detail('disable', 'test/stop'),
    'stopped is paused and stays so over releases; 0 runs were ended',
    'the same key again finds nothing more to end',
  );
  await trigger('stopped', 'while-disabled');
  await detail('enable', 'test/go');
  await underWay('stopped');
  assert.equal(await paused('stopped'), false);
  await rig.carryOut([{ kind: 'disable', ...toggle }]);
  const [run] = await rig.client.runsUnderWay(['stopped']);
  assert.equal(run?.runId, 'while-disabled', 'without the setting a run under way is left alone');
  assert.ok(!(await logged()).some((line) => line.startsWith('stopped ended two')));
});

test('collecting leaves what is live and what a run under way is pinned to, and takes the rest away', async () => {
  const old = live;
  live = known(project('6', 'b'));
  await trigger('orders', 'pinned');
  await underWay('orders');
  await rig.carryOut(rig.steps(old, live, [PLACE]));
  const connection = await rig.connect();
  const keep = await connection.held?.();
  const now = new Date();
  assert.ok(keep !== undefined);
  assert.ok([old, live].every(({ bundle }) => keep.bundles.includes(bundle)));
  const order = { environment: ENVIRONMENT, keep, now, unusedSince: now, dryRun: false };
  const collected = await connection.collect?.(order);
  await connection.close();
  const [one, two] = rig.releases;
  assert.ok(one !== undefined && two !== undefined);
  assert.deepEqual(
    [one, two, old, live].map(({ bundle }) => collected?.bundles.includes(bundle)),
    [true, true, false, false],
  );
  const parts = await readdir(join(rig.stack.home, 'parts'));
  const hasPart = (release: Release) => parts.includes(pointerOf(release, PLACE).pointer.part.slice(7));
  assert.deepEqual([one, two, old, live].map(hasPart), [false, false, true, true]);
  assert.equal(await ended('orders', 'pinned'), 'success');
  assert.ok((await logged()).includes('orders pinned two 5'));
});

test('Airflow says what it runs: its version and those of its providers, as its runtime was locked', async () => {
  const connection = await rig.connect();
  const runtime = await connection.runtime?.();
  await connection.close();
  const locked = packagesOf(await readFile(runtimePlace('airflow').lockFile, 'utf8'));
  const version = (name: string) => locked.find((one) => one.name === name)?.version;
  assert.deepEqual(runtime?.tells, ['apache-airflow', 'apache-airflow-providers-*']);
  assert.equal(runtime.versions['apache-airflow'], version('apache-airflow'));
  const providers = Object.entries(runtime.versions).filter(([name]) => name.includes('providers'));
  assert.ok(providers.length >= 5, JSON.stringify(runtime));
  for (const [name, found] of providers) assert.equal(found, version(name), name);
});

test('a legacy DAG is copied byte for byte and never paused, and undo brings the former bytes back', async () => {
  const file = 'airflow/dags/legacy_report.py';
  const legacy = (release: string): Project => ({
    files: { [file]: dagFile('report', release) },
    dags: { [file]: { report: 'a' } },
    settings: { legacy: ['airflow/dags/legacy_*.py'] },
  });
  const [old, next] = [known(legacy('l1')), known(legacy('l2'))];
  const place = 'legacy_report.py';
  const onDisk = () => readFile(join(rig.stack.dags, place), 'utf8');
  await rig.carryOut(rig.steps(null, old, [place]));
  assert.equal(await onDisk(), old.files[file]);
  await rig.client.setPaused('report', false);
  const steps = rig.steps(old, next, [place]);
  await rig.carryOut(steps);
  assert.equal(await onDisk(), next.files[file]);
  assert.deepEqual([await paused('report'), (await rig.client.dag('report'))?.tags], [false, []]);
  await rig.carryOut(
    steps.filter(({ kind }) => kind === 'switch'),
    'undo',
  );
  assert.equal(await onDisk(), old.files[file]);
});

test('a file that was there before Headgate is taken over when its runs have ended, and comes back when it is removed', async () => {
  const own = dagFile('old_hand', 'by hand');
  await writeFile(join(rig.stack.dags, 'old_hand.py'), own);
  await eventually('the DAG', async () => ((await rig.client.dag('old_hand')) === null ? null : true));
  await rig.client.setPaused('old_hand', false);
  await trigger('old_hand', 'by-hand');
  await underWay('old_hand');
  const release = known({
    files: { 'airflow/dags/old_hand.py': dagFile('old_hand', 'released') },
    dags: { 'airflow/dags/old_hand.py': { old_hand: 'a' } },
  });
  await rig.carryOut(rig.steps(null, release, ['old_hand.py']));
  assert.equal(await ended('old_hand', 'by-hand'), 'success');
  assert.ok((await logged()).includes('old_hand by-hand two by hand'));
  const { unit, pointer } = pointerOf(release, 'old_hand.py');
  await rig.carryOut([{ kind: 'remove', target: 'airflow', unit, from: pointer }]);
  assert.equal(await readFile(join(rig.stack.dags, 'old_hand.py'), 'utf8'), own);
});

test('settings set what is declared, leave alone what is the same, and remove only what Headgate made', async () => {
  await rig.rest('POST', '/variables', { key: 'theirs', value: 'kept' });
  const settings = (release: string, more: Partial<Project>): Release =>
    known({ ...project(release, 'b'), values: { lake: 's3://lake' }, ...more });
  const connections = {
    warehouse: {
      type: 'postgres',
      host: 'db',
      port: '$' + '{values.port}',
      password: '$' + '{secrets.pw}',
      extra: { a: 1 },
    },
  };
  const first = settings('s1', {
    settings: { connections, pools: { warehouse: 4 } },
    values: { lake: 's3://lake', theirs: 'ours', port: 5433, list: [1, 2] },
    secrets: { pw: 'env:PW' },
  });
  await rig.carryOut(rig.steps(live, first, [PLACE]));
  const value = async (key: string) => ((await rig.rest('GET', `/variables/${key}`)) as { value?: string }).value;
  assert.deepEqual([await value('lake'), await value('theirs'), await value('list')], ['s3://lake', 'ours', '[1,2]']);
  const connection = (await rig.rest('GET', '/connections/warehouse')) as { host: string; port: number; extra: string };
  assert.deepEqual([connection.host, connection.port, JSON.parse(connection.extra)], ['db', 5433, { a: 1 }]);
  const configured = await readFile(join(rig.stack.home, 'notes/airflow/configured/airflow%2Fmain.json'), 'utf8');
  assert.doesNotMatch(configured, /secret of/);

  await rig.rest('PATCH', '/variables/lake', { key: 'lake', value: 'changed by hand' });
  const second = settings('s2', {});
  await rig.carryOut(rig.steps(first, second, [PLACE]));
  assert.deepEqual([await value('lake'), await value('theirs')], ['changed by hand', 'ours']);
  assert.equal(await rig.client.readEntry('connection', 'warehouse'), null);
  assert.equal(await rig.client.readEntry('pool', 'warehouse'), null);
  live = second;
});

test('a task whose release is not whole fails and says what is missing', async () => {
  const gone = known({
    files: { 'airflow/dags/gone.py': dagFile('gone', 'x') },
    dags: { 'airflow/dags/gone.py': { gone: 'a' } },
  });
  await rig.carryOut(rig.steps(null, gone, ['gone.py']));
  const record = join(rig.stack.home, 'parts', `${pointerOf(gone, 'gone.py').pointer.part.slice(7)}.json`);
  await writeFile(record, (await readFile(record, 'utf8')).replace('"files":1', '"files":2'));
  const error = await eventually('the import error', async () => {
    const errors = await rig.client.importErrors();
    return errors.find(({ filename }) => filename.endsWith('/gone.py'))?.trace ?? null;
  });
  assert.match(error, /Headgate: release sha256:\w+ of airflow\/dags\/gone.py is not complete here: 1 of 2 files/);
});

test('every DAG that a file makes in a loop is tagged and goes on', async () => {
  const factory = `
import datetime
from airflow import DAG
for name in ['a', 'b']:
    with DAG(f'made_{name}', start_date=datetime.datetime(2024, 1, 1), schedule=None):
        pass
`;
  const made = known({
    files: { 'airflow/dags/factory.py': factory },
    dags: { 'airflow/dags/factory.py': { made_a: 'a', made_b: 'a' } },
  });
  await rig.carryOut(rig.steps(null, made, ['factory.py']));
  assert.deepEqual([await paused('made_a'), await paused('made_b')], [false, false]);
});
