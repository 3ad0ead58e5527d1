import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { BridgeDag, BridgeDagFile } from '../../base/bridge/shapes.ts';
import type { Finding } from '../../model/finding.ts';
import { assetKey } from '../../model/identifiers.ts';
import { judgeDuplicates } from './check-duplicates.ts';
import { askedIn, askedInText, judgeEnvironment } from './check-environment.ts';
import { judgeCycles, judgeImports, judgeLimits, judgeOwners, judgeSchedules } from './check-integrity.ts';
import { judgeTopLevel } from './check-top-level.ts';

function dag(dagId: string, more: Partial<BridgeDag> = {}): BridgeDag {
  return {
    ...{ dagId, owner: 'payments', owners: ['payments'], schedule: '@daily', scheduleKind: 'cron', datasets: [] },
    ...{ catchup: false, tags: [], startDate: null, description: null, line: 4, maxActiveRuns: null, graphDigest: 'x' },
    ...{ problems: [], tasks: [] },
    ...more,
  };
}

function file(path: string, more: Partial<BridgeDagFile> = {}): BridgeDagFile {
  return {
    ...{ path, status: 'ok', milliseconds: 1, dags: [], error: null, topLevel: [], imports: [], lists: [] },
    ...{ assumed: [], variables: [], connections: [], output: '' },
    ...more,
  };
}

function broken(type: string, message: string, assumed: string[] = []): BridgeDagFile {
  return file('a.py', { status: 'import-error', assumed, error: { type, message, line: 3, traceback: '' } });
}

const said = (findings: Finding[]) =>
  findings.map(({ path, line, status, severity, message }) => `${path}:${line} ${status} ${severity} ${message}`);

test('an import that fails is told with its line and Python’s words', () => {
  assert.deepEqual(
    said(judgeImports([broken('ModuleNotFoundError', "No module named 'payments.limits'"), file('b.py')])),
    ["a.py:3 failed error Airflow cannot import this file: ModuleNotFoundError: No module named 'payments.limits'."],
  );
});

test('a failure that a missing package may explain could not be told, and stops nothing', () => {
  assert.deepEqual(said(judgeImports([broken('TypeError', 'metaclass conflict', ['pandas', 'variable:x'])])), [
    'a.py:3 errored warning Whether Airflow can import this file could not be told: TypeError: metaclass conflict.',
  ]);
  assert.equal(judgeImports([broken('NameError', "name 'os' is not defined", ['pandas'])])[0]?.status, 'failed');
  assert.equal(judgeImports([broken('TypeError', 'bad', ['variable:x'])])[0]?.status, 'failed');
});

test('problems of a DAG go to the check that is about them', () => {
  const problem = (kind: string) => file(`${kind}.py`, { dags: [dag('d', { problems: [{ kind, message: 'm' }] })] });
  const files = ['cycle', 'duplicate-task', 'bad-schedule', 'invalid', 'not-serializable'].map(problem);
  const paths = (findings: Finding[]) => findings.map(({ path }) => path);
  assert.deepEqual(paths(judgeCycles(files)), ['cycle.py', 'duplicate-task.py']);
  assert.deepEqual(paths(judgeSchedules(files)), ['bad-schedule.py']);
  assert.deepEqual(paths(judgeImports(files)), ['invalid.py', 'not-serializable.py']);
});

test('a file that hangs, eats memory or kills its process is told as such', () => {
  const files = (['timeout', 'memory', 'crashed', 'no-dags'] as const).map((status) =>
    file(`${status}.py`, { status }),
  );
  assert.deepEqual(said(judgeLimits(files)), [
    'timeout.py:null failed error Reading this file took so long that it was stopped.',
    'memory.py:null failed error Reading this file needed so much memory that it was stopped.',
    'crashed.py:null failed error The process that read this file died.',
  ]);
});

test('Airflow’s default owner is nobody, unless headgate.yaml names one', () => {
  const files = [file('a.py', { dags: [dag('x', { owner: 'airflow', owners: ['airflow'] }), dag('y')] })];
  assert.deepEqual(said(judgeOwners(files, () => null)), [
    'a.py:4 failed warning Nobody owns the DAG "x": "airflow" is only Airflow’s default.',
  ]);
  assert.deepEqual(
    judgeOwners(files, () => 'payments'),
    [],
  );
});

test('work at the top of a file is an error where it reaches outside, and a warning in legacy files', () => {
  const work = [
    { kind: 'network', detail: 'api.example:443', line: 5 },
    { kind: 'network', detail: 'api.example:443', line: 5 },
    { kind: 'variable', detail: 'x', line: 6 },
    { kind: 'output', detail: 'hello', line: 7 },
  ] as const;
  const files = [file('a.py', { topLevel: [...work] }), file('legacy.py', { topLevel: [work[0]] })];
  assert.deepEqual(said(judgeTopLevel(files, (path) => path === 'legacy.py')), [
    'a.py:5 failed error This file goes to the network each time Airflow reads it: api.example:443.',
    'a.py:6 failed warning This file reads an Airflow Variable each time Airflow reads it: x.',
    'legacy.py:5 failed warning This file goes to the network each time Airflow reads it: api.example:443.',
  ]);
});

test('a DAG id that two files or two parts define is told with the other place', () => {
  const one = { key: assetKey('airflow:dag', 'x'), dagId: 'x', path: 'a.py', line: 1, part: 'main' };
  const two = { ...one, path: 'b.py', line: 2 };
  assert.deepEqual(said(judgeDuplicates([one, two], [])), [
    'a.py:1 failed error The DAG id "x" is defined here and also in b.py:2; Airflow would run only one of them.',
    'b.py:2 failed error The DAG id "x" is defined here and also in a.py:1; Airflow would run only one of them.',
  ]);
  assert.deepEqual(said(judgeDuplicates([one], [{ ...two, part: 'other' }])), [
    'a.py:1 failed error The DAG id "x" is defined here and also in b.py:2 (part airflow/other); Airflow would run only one of them.',
  ]);
  assert.deepEqual(judgeDuplicates([one], []), []);
});

const TASK = {
  ...{ taskId: 't', operator: 'X', module: 'm', owner: 'o', downstream: [], retries: 0, outlets: [], inlets: [] },
  ...{ callable: null, runs: [], pool: 'spark', connections: ['warehouse', 'aws_default'] },
};
const TEXT = 'a = 1\npool = "spark"\nid = "warehouse"\nVariable.get("lake")\n';

test('variables, connections and pools that no environment has are told in their line', () => {
  const asked = askedIn([file('a.py', { variables: ['lake'], dags: [dag('d', { tasks: [TASK] })] })]);
  const judge = (part: object, valueNames: string[]) =>
    said(judgeEnvironment({ asked, part: { dags: 'dags', ...part }, valueNames, text: () => TEXT }));
  assert.deepEqual(judge({ connections: {}, pools: {}, variables: ['other'] }, ['lake', 'other']), [
    'a.py:4 failed error The Variable "lake" is read here, but no environment will have it: the part does not list it under `variables:`.',
    'a.py:null failed note The connection "aws_default" is used here, but the part does not give one to any environment.',
    'a.py:3 failed error The connection "warehouse" is used here, but the part does not give one to any environment.',
    'a.py:2 failed error The pool "spark" is used here, but the part does not give one to any environment.',
  ]);
  const given = { connections: { warehouse: { type: 'postgres' }, aws_default: { type: 'aws' } }, pools: { spark: 1 } };
  assert.deepEqual(judge(given, ['lake']), []);
});

test('values that no DAG reads may be for dbt alone, and the Variables from elsewhere: a warning', () => {
  const asked = [{ path: 'a.py', variables: ['lake', 'region'], connections: [], pools: [] }];
  const severities = (valueNames: string[]) =>
    judgeEnvironment({ asked, part: { dags: 'dags' }, valueNames, text: () => TEXT }).map(({ severity }) => severity);
  assert.deepEqual(severities([]), ['warning', 'warning']);
  assert.deepEqual(severities(['dbt_host']), ['warning', 'warning']);
  assert.deepEqual(severities(['dbt_host', 'region']), ['error']);
});

test('a part that lists no connections may have them from elsewhere: a warning', () => {
  const asked = [{ path: 'a.py', variables: [], connections: ['warehouse'], pools: ['spark'] }];
  const findings = judgeEnvironment({ asked, part: { dags: 'dags' }, valueNames: [], text: () => TEXT });
  assert.deepEqual(
    findings.map(({ severity }) => severity),
    ['warning', 'warning'],
  );
});

test('without Airflow the text tells what names it can', () => {
  const text = `Variable.get("a"); x = "{{ var.value.b }} {{ conn.c.host }} {{ var.json.d.e }}"
op(postgres_conn_id="f", pool='g'); BaseHook.get_connection('h')`;
  assert.deepEqual(askedInText('a.py', text), {
    ...{ path: 'a.py', variables: ['a', 'b', 'd'], connections: ['c', 'f', 'h'], pools: ['g'] },
  });
});
