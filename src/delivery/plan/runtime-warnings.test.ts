import assert from 'node:assert/strict';
import { test } from 'node:test';
import { partKey } from '../../model/identifiers.ts';
import type { LockedPackage, RuntimeLock } from '../../model/runtime-lock.ts';
import type { DeployedRuntime } from '../../targets/contract.ts';
import { type RuntimeAnswer, type RuntimeWarningsInput, runtimeWarnings } from './runtime-warnings.ts';

const main = partKey('airflow', 'main');
const locked = (name: string, version: string, marker: string | null = null): LockedPackage => ({
  name,
  version,
  marker,
  hashes: [],
});
const lock: RuntimeLock = {
  version: 1,
  parts: { [main]: 'airflow-1' },
  images: [],
  runtimes: {
    'airflow-1': {
      runtime: 'airflow',
      python: '3.10',
      tools: { 'apache-airflow': '2.10.5' },
      inputs: {},
      packages: [
        locked('apache-airflow', '2.10.5'),
        locked('apache-airflow-providers-ftp', '3.12.2'),
        locked('apache-airflow-providers-http', '4.13.3', "python_version < '3.9'"),
        locked('apache-airflow-providers-http', '5.0.0', "python_version >= '3.9'"),
        locked('pandas', '2.2.3'),
      ],
      coordinates: [],
      jars: [],
    },
  },
};
const same = {
  'apache-airflow': '2.10.5',
  'apache-airflow-providers-ftp': '3.12.2',
  apache_airflow_providers_http: '5.0.0',
};
const tells = ['apache-airflow', 'apache-airflow-providers-*'];

function warned(answer: RuntimeAnswer, more: Partial<RuntimeWarningsInput> = {}): string[] {
  return runtimeWarnings({
    environment: 'prod',
    parts: [{ part: main, target: 'airflow' }],
    lock,
    answers: new Map([['airflow', answer]]),
    required: false,
    ...more,
  }).map(({ because }) => because);
}

function running(versions: DeployedRuntime['versions']): RuntimeAnswer {
  return { runtime: { saidBy: 'its REST API', versions, tells } };
}

test('a target that runs what is locked has no warning; what the lock or the target does not speak of counts for nothing', () => {
  assert.deepEqual(warned(running(same)), []);
  assert.deepEqual(warned(running({ ...same, 'apache-airflow-providers-imap': '1.0.0', pandas: '1.0.0' })), []);
  assert.deepEqual(warned(running({ ...same, 'apache-airflow': '2.10.5+vendor.1' })), []);
});

test('each difference is named with what was expected and found, the tool first', () => {
  const found = { 'apache-airflow': '2.10.4', 'apache-airflow-providers-http': '4.0.0' };
  assert.deepEqual(warned(running(found)), [
    'airflow/main is locked to other versions than prod runs (its REST API says): apache-airflow 2.10.5, found 2.10.4; ' +
      'apache-airflow-providers-ftp 3.12.2, found none; apache-airflow-providers-http 4.13.3 or 5.0.0, found 4.0.0. ' +
      'Bring the target to the lock, or lock what it runs with `headgate lock`',
  ]);
});

test('a package that is locked for some platforms only may be absent', () => {
  const { apache_airflow_providers_http: _, ...without } = same;
  assert.deepEqual(warned(running(without)), []);
});

test('more than five differences are counted', () => {
  const many = Array.from({ length: 7 }, (_, index) => locked(`apache-airflow-providers-p${index}`, '1'));
  const runtime = lock.runtimes['airflow-1'];
  assert.ok(runtime !== undefined);
  const [text = ''] = warned(running(same), {
    lock: { ...lock, runtimes: { 'airflow-1': { ...runtime, packages: many } } },
  });
  assert.match(text, /p4 1, found none and 2 more\./);
});

test('what cannot be told is a warning only where the gate wants to know', () => {
  const untold: RuntimeAnswer = { untold: 'airflow cannot be asked' };
  assert.deepEqual(warned(untold), []);
  assert.deepEqual(warned(untold, { lock: null }), []);
  assert.deepEqual(warned(running(same), { lock: { ...lock, parts: {} } }), []);
  assert.deepEqual(
    [
      warned(untold, { required: true }),
      warned(untold, { required: true, lock: null }),
      warned(running(same), { required: true, lock: { ...lock, parts: {} } }),
    ],
    [
      ['what airflow/main runs on in prod cannot be told: airflow cannot be asked'],
      ['the bundle has no headgate.lock, so nothing says what its parts run on'],
      ['headgate.lock does not say what airflow/main runs on'],
    ],
  );
});
