import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { ensureRuntime } from '../../src/base/python/ensure-runtime.ts';
import { assetKey, partKey, unitKey } from '../../src/model/identifiers.ts';
import type { Step } from '../../src/model/step.ts';
import { type ConformanceVersion, type ConformanceWorld, conformance } from '../../src/targets/conformance.ts';
import type { Direction, Outcome, TargetConnection } from '../../src/targets/contract.ts';
import { type BundleWorld, bundleWorld, deliveryOf, type Files } from './bundle-world.ts';
import { dbtProject, onDatabase } from './dbt-project.ts';

const part = partKey('dbt', 'shop');
const unit = unitKey(part, null);
const asset = assetKey('dbt:model', 'shop.releases');
process.env.SHOP_SECRET_WORD = 'long-secret-word';
const { python } = await ensureRuntime('dbt');

/** Takes longer than any test waits for one act. */
const slowModel =
  "{{ config(materialized='table') }}\nselect count(*) as rows from range(40000000000) a where a.range % 7 = 1\n";

type DbtWorld = BundleWorld & {
  database: string;
  make(files: Files): Promise<ConformanceVersion>;
  connect(): Promise<TargetConnection>;
};

async function dbtWorld(): Promise<DbtWorld> {
  const made = await bundleWorld('prod');
  const database = join(made.folder, 'shop.duckdb');
  return {
    ...made,
    database,
    make: (files) => made.version(onDatabase(files, database), unit),
    connect: () => deliveryOf('dbt').connect({ home: made.home, python }, made.world),
  };
}

async function conformanceWorld(): Promise<ConformanceWorld> {
  const world = await dbtWorld();
  const { connect, snapshot, cutUpload, close } = world;
  return {
    ...{
      target: 'dbt',
      part,
      unit,
      asset,
      switchSteps: deliveryOf('dbt').switchSteps,
      connect,
      snapshot,
      cutUpload,
      close,
    },
    old: await world.make(dbtProject('one')),
    new: await world.make(dbtProject('two')),
  };
}

conformance('dbt', conformanceWorld);

test('a build fills the warehouse, its undo builds the old version again, and no secret is in the log', async (t) => {
  const world = await dbtWorld();
  t.after(world.close);
  const one = await world.make(dbtProject('one'));
  const two = await world.make(dbtProject('two'));
  await deliver(world, { from: null, to: one, key: 'first' });
  assert.deepEqual(await rows(world, 'select version, word from releases'), [['one', 16]]);
  await deliver(world, { from: one, to: two, key: 'second' });
  assert.deepEqual(await rows(world, 'select version from releases'), [['two']]);
  await act(world, build(one, two), { key: 'second/build/undo', direction: 'undo' });
  assert.deepEqual(await rows(world, 'select version from releases'), [['one']]);
  assert.deepEqual(
    await rows(world, 'select version from history order by version'),
    [['one'], ['two']],
    'as irreversible says',
  );
  for (const log of await logsOf(world)) assert.doesNotMatch(log, /long-secret-word/);
});

test('the same key is built once, however often it is asked for', async (t) => {
  const world = await dbtWorld();
  t.after(world.close);
  const counting = { 'dbt/shop/models/runs.sql': "{{ config(materialized='incremental') }} select 1 as run\n" };
  const one = await world.make(dbtProject('one', counting));
  await deliver(world, { from: null, to: one, key: 'first' });
  for (let again = 0; again < 3; again += 1) await act(world, build(null, one), { key: 'first/build' });
  assert.deepEqual(await rows(world, 'select count(*) from runs'), [[1]]);
});

test('a worker killed in the middle of a build leaves it running, and the next one finds it', async (t) => {
  const world = await dbtWorld();
  t.after(world.close);
  const slow = {
    'dbt/shop/models/runs.sql': "{{ config(materialized='incremental') }} select 1 as run\n",
    'dbt/shop/models/slow.sql': 'select count(*) as rows from range(400000000) a where a.range % 7 = 1\n',
  };
  const one = await world.make(dbtProject('one', slow));
  for (const step of before(null, one)) await act(world, step, { key: `k/${step.kind}` });
  const script = new URL('./act-once-process.ts', import.meta.url).pathname;
  const job = JSON.stringify({
    home: world.home,
    store: world.store.folder,
    python,
    step: build(null, one),
    key: 'k/build',
  });
  const worker = spawn(process.execPath, [script, job], { stdio: 'ignore' });
  const ended = once(worker, 'exit');
  await until(async () =>
    (await readdir(join(world.home, 'runs'), { recursive: true }).catch(() => [])).some((file) =>
      file.endsWith('start.json'),
    ),
  );
  worker.kill('SIGKILL');
  await ended;
  await act(world, build(null, one), { key: 'k/build' });
  assert.deepEqual(await rows(world, 'select count(*) from runs'), [[1]]);
  assert.equal((await readdir(join(world.home, 'runs'))).length, 1);
});

test('undoing a build that still runs stops it and all it started, and then builds the old version', async (t) => {
  const world = await dbtWorld();
  t.after(world.close);
  const one = await world.make(dbtProject('one'));
  const two = await world.make(dbtProject('two', { 'dbt/shop/models/slow.sql': slowModel }));
  await deliver(world, { from: null, to: one, key: 'first' });
  for (const step of before(one, two)) await act(world, step, { key: `second/${step.kind}` });
  const connection = await world.connect();
  const begun = await connection.act(build(one, two), 'forward', { key: 'second/build', epoch: 1 });
  assert.equal(begun.outcome, 'waiting');
  assert.deepEqual(await connection.look(build(one, two), 'forward'), { at: 'underway', detail: 'dbt is building' });
  await connection.close();
  await act(world, build(one, two), { key: 'second/build/undo', direction: 'undo' });
  assert.deepEqual(await rows(world, 'select version from releases'), [['one']]);
  assert.doesNotMatch(
    await promisify(execFile)('ps', ['-eo', 'args']).then(({ stdout }) => stdout),
    new RegExp(`watch-run.*${world.home}`),
  );
});

test('failing tests are a clear no, with the test and the cause', async (t) => {
  const world = await dbtWorld();
  t.after(world.close);
  const failing = { 'dbt/shop/tests/assert_word.sql': "select * from {{ ref('releases') }} where version = 'one'\n" };
  const answer = await firstBuild(world, dbtProject('one', failing));
  assert.ok(answer.outcome === 'failed');
  assert.equal(answer.cause, 'tests-failed');
  assert.match(answer.message, /assert_word/);
});

test('a model that does not compile, a missing variable and bad SQL are told apart', async (t) => {
  const world = await dbtWorld();
  t.after(world.close);
  const cases: { [cause: string]: string } = {
    'dbt-compilation': "select * from {{ ref('nowhere') }}",
    'value-missing': "select '{{ env_var('NOT_SET_ANYWHERE') }}' as x",
    'sql-failed': 'select no_such_function(1) as x',
  };
  for (const [cause, sql] of Object.entries(cases)) {
    const answer = await firstBuild(world, dbtProject(cause, { 'dbt/shop/models/odd.sql': `${sql}\n` }));
    assert.equal(answer.outcome === 'failed' ? answer.cause : answer.outcome, cause);
  }
});

test('a disabled model is left out of the build; a project without anything to build is not built', async (t) => {
  const world = await dbtWorld();
  t.after(world.close);
  const one = await world.make(dbtProject('one'));
  const two = await world.make(dbtProject('two'));
  await deliver(world, { from: null, to: one, key: 'first' });
  await act(world, { kind: 'disable', target: 'dbt', asset, unit }, { key: 'stop' });
  await deliver(world, { from: one, to: two, key: 'second' });
  assert.deepEqual(await rows(world, 'select version from releases'), [['one']]);
  assert.deepEqual(await rows(world, 'select version from history order by version'), [['one'], ['two']]);
});

function before(from: ConformanceVersion | null, to: ConformanceVersion): Step[] {
  const { bundle, part: blob } = to.pointer;
  return [
    { kind: 'upload', target: 'dbt', part, blob, bundle },
    { kind: 'switch', target: 'dbt', unit, from: from?.pointer ?? null, to: to.pointer, pinRuns: false },
  ];
}

function build(from: ConformanceVersion | null, to: ConformanceVersion): Step {
  return { kind: 'build', target: 'dbt', unit, from: from?.pointer ?? null, to: to.pointer };
}

async function deliver(
  world: DbtWorld,
  move: { from: ConformanceVersion | null; to: ConformanceVersion; key: string },
): Promise<void> {
  for (const step of [...before(move.from, move.to), build(move.from, move.to)]) {
    const answer = await act(world, step, { key: `${move.key}/${step.kind}` });
    assert.equal(answer.outcome, 'done', 'message' in answer ? answer.message : '');
  }
}

/** Delivers a project into a place where nothing is live under that name, and tells how its build ended. */
async function firstBuild(world: DbtWorld, files: Files): Promise<Outcome> {
  const to = await world.make(files);
  const [upload] = before(null, to);
  assert.ok(upload);
  await act(world, upload, { key: `${to.pointer.bundle}/upload` });
  return act(world, build(null, to), { key: `${to.pointer.bundle}/build` });
}

async function act(world: DbtWorld, step: Step, how: { key: string; direction?: Direction }): Promise<Outcome> {
  const connection = await world.connect();
  try {
    for (;;) {
      const answer = await connection.act(step, how.direction ?? 'forward', { key: how.key, epoch: 1 });
      if (answer.outcome !== 'waiting') return answer;
      await sleep(answer.againInSeconds * 100);
    }
  } finally {
    await connection.close();
  }
}

async function rows(world: DbtWorld, sql: string): Promise<unknown> {
  const code =
    'import duckdb, json, sys; print(json.dumps(duckdb.connect(sys.argv[1], read_only=True).sql(sys.argv[2]).fetchall()))';
  const { stdout } = await promisify(execFile)(python, ['-I', '-c', code, world.database, sql]);
  return JSON.parse(stdout);
}

async function logsOf(world: DbtWorld): Promise<string[]> {
  const runs = await readdir(join(world.home, 'runs'));
  return Promise.all(runs.map((run) => readFile(join(world.home, 'runs', run, 'output.log'), 'utf8')));
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 60_000;
  while (!(await holds())) {
    assert.ok(Date.now() < deadline, 'it did not come about in a minute');
    await sleep(20);
  }
}
