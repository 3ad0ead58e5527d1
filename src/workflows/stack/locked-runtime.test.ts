import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { runtimePlace } from '../../base/python/runtime.ts';
import { packagesOf } from '../../delivery/checks/lock/lock-text.ts';
import type { LockedPackage } from '../../model/runtime-lock.ts';
import { lockedRuntime } from './locked-runtime.ts';

const outer = process.env.HEADGATE_CACHE;
let cache: string;
let shipped: LockedPackage[];
before(async () => {
  cache = await mkdtemp(join(tmpdir(), 'headgate-locked-'));
  process.env.HEADGATE_CACHE = cache;
  shipped = packagesOf(await readFile(runtimePlace('airflow').lockFile, 'utf8'));
});
after(async () => {
  if (outer === undefined) delete process.env.HEADGATE_CACHE;
  else process.env.HEADGATE_CACHE = outer;
  await rm(cache, { recursive: true, force: true });
});

const parts = ['main', 'more'].map((name) => ({ target: 'airflow', part: { name, settings: {} } }));
const project = { parts };

function lock(of: { [part: string]: string }, packages: LockedPackage[]): string {
  const runtime = { runtime: 'airflow', python: '3.10', tools: {}, inputs: {}, coordinates: [], jars: [] };
  const runtimes = { one: { ...runtime, packages }, two: { ...runtime, packages: [] } };
  return JSON.stringify({ version: 1, parts: of, images: [], runtimes });
}

test('what the lock holds is what runs: the shipped runtime where the packages are the same, else one of the project', async () => {
  const same = await lockedRuntime({ project, lock: lock({ 'airflow/main': 'one' }, shipped) });
  assert.deepEqual(same, runtimePlace('airflow'));
  const fewer = await lockedRuntime({ project, lock: lock({ 'airflow/main': 'one' }, shipped.slice(1)) });
  assert.ok(fewer !== null && fewer.lock !== same?.lock);
  assert.deepEqual(packagesOf(await readFile(fewer.lockFile, 'utf8')), shipped.slice(1));
});

test('nothing locked is null; two runtimes and a lock that cannot be read are refused', async () => {
  assert.equal(await lockedRuntime({ project, lock: null }), null);
  assert.equal(await lockedRuntime({ project, lock: lock({ 'dbt/shop': 'one' }, shipped) }), null);
  const both = lock({ 'airflow/main': 'one', 'airflow/more': 'two' }, shipped);
  await assert.rejects(lockedRuntime({ project, lock: both }), { code: 'stack-runtimes-differ' });
  await assert.rejects(lockedRuntime({ project, lock: '{' }), { code: 'lock-unreadable' });
});
