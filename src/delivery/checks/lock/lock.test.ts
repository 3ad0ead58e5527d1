import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ProjectFiles } from '../../../model/project-files.ts';
import type { RuntimeLock } from '../../../model/runtime-lock.ts';
import { plainChecking } from '../../project/checking.ts';
import type { Project } from '../../project/project.ts';
import { buildLock, lockChanges, lockedRuntime } from './build-lock.ts';
import { isPinned, namedImages } from './images.ts';
import { judgeLock } from './judge-lock.ts';
import { lockText, packagesOf, readLock, requirementsText } from './lock-text.ts';
import { type BaseRuntime, wantedRuntimes } from './wanted-runtimes.ts';

const HASH = `sha256:${'a'.repeat(64)}`;
const BASE: BaseRuntime = {
  name: 'airflow',
  requirements: `apache-airflow==2.10.5 --hash=${HASH}\n`,
  tools: ['apache-airflow'],
};

function project(settings: Project['parts'][number]['part']['settings']): Project {
  const parts = [
    { target: 'airflow', part: { name: 'main', settings } },
    { target: 'kafka', part: { name: 'topics', settings: { path: 'kafka' } } },
  ];
  return {
    name: 'p',
    owner: null,
    parts,
    values: [],
    secrets: [],
    environments: [],
    assetRules: [],
    ignore: [],
    checking: plainChecking,
  };
}

function filesOf(texts: { [path: string]: string }): ProjectFiles {
  const entries = Object.keys(texts).map((path) => ({ path, size: 1, executable: false }));
  return { entries, text: (path) => texts[path] ?? null };
}

const SETTINGS = { dags: 'dags', requirements: 'dags/requirements.txt' };
const TEXTS = { 'dags/requirements.txt': '-r more/extra.txt\npandas\n', 'dags/more/extra.txt': 'requests\n' };

function lockFor(texts: { [path: string]: string }): RuntimeLock {
  const wanted = wantedRuntimes({ project: project(SETTINGS), files: filesOf(texts), bases: { airflow: BASE } });
  const resolved = { requirements: BASE.requirements, python: '3.10', jars: [] };
  const runtimes = new Map([...wanted].map(([id, runtime]) => [id, lockedRuntime(runtime, resolved)]));
  return buildLock(project(SETTINGS), wanted, runtimes);
}

function judged(lock: RuntimeLock | string | null, texts: { [path: string]: string }, held = {}): string[] {
  const text = lock === null || typeof lock === 'string' ? lock : lockText(lock);
  const files = filesOf(texts);
  const wanted = wantedRuntimes({ project: project(SETTINGS), files, bases: { airflow: BASE } });
  const reading = text === null ? null : readLock(text);
  return judgeLock({ project: project(SETTINGS), declared: true, wanted, reading, held, lineOf: () => 1 }).map(
    ({ status, severity, message }) => `${status} ${severity} ${message}`,
  );
}

test('requirements with hashes are read and written back the same', () => {
  const text = `b==2 ; python_version < '3.11' \\\n    --hash=${HASH}\nA_b.c[x]==1.0 \\\n    --hash=${HASH} \\\n    --hash=sha256:${'0'.repeat(64)}\n    # via z\n`;
  const packages = packagesOf(text);
  assert.deepEqual(packages, [
    { name: 'a-b-c', version: '1.0', marker: null, hashes: [`sha256:${'0'.repeat(64)}`, HASH] },
    { name: 'b', version: '2', marker: "python_version < '3.11'", hashes: [HASH] },
  ]);
  assert.deepEqual(packagesOf(requirementsText({ packages })), packages);
  assert.throws(() => packagesOf('pandas>=2\n'), /"pandas>=2" is not pinned to one version/);
});

test('a lock that is about what the project has now passes', () => {
  assert.deepEqual(judged(lockFor(TEXTS), TEXTS, { airflow: { 'apache-airflow': '2.10.5' } }), []);
});

test('a changed requirements file, also an included one, makes the lock out of date', () => {
  const changed = { ...TEXTS, 'dags/more/extra.txt': 'requests>2\n' };
  assert.deepEqual(judged(lockFor(TEXTS), changed), [
    'failed error airflow/main is not as headgate.lock says: dags/more/extra.txt has changed since it was locked.',
  ]);
});

test('a missing lock is a warning; a broken one an error; a newer one could not be told', () => {
  assert.deepEqual(judged(null, TEXTS), [
    'failed warning There is no headgate.lock, so what this project runs on may differ from machine to machine.',
  ]);
  assert.deepEqual(judged('{', TEXTS), ['failed error headgate.lock cannot be read: it is not valid JSON.']);
  assert.deepEqual(judged('{"version": 2}', TEXTS), [
    'errored error headgate.lock was written by a newer Headgate (version 2 of the file).',
  ]);
});

test('a machine with another version of a tool is a warning', () => {
  assert.deepEqual(judged(lockFor(TEXTS), TEXTS, { airflow: { 'apache-airflow': '2.9.3' } }), [
    'failed warning airflow/main is locked to apache-airflow 2.10.5; this machine checks it with 2.9.3.',
  ]);
});

test('parts with the same inputs share a runtime, and equal locks have equal texts', () => {
  const lock = lockFor(TEXTS);
  assert.equal(lockText(lock), lockText(lockFor({ 'other.txt': 'x', ...TEXTS })));
  assert.deepEqual(Object.keys(lock.parts), ['airflow/main']);
  assert.deepEqual(lockChanges(lock, lock), []);
  assert.deepEqual(lockChanges(null, lock), ['new lock for airflow/main']);
});

test('what changes between two locks is said by package', () => {
  const before = lockFor(TEXTS);
  const after = lockFor({ ...TEXTS, 'dags/requirements.txt': 'pandas<2\n' });
  const runtime = Object.values(after.runtimes)[0];
  runtime?.packages.push({ name: 'pandas', version: '1.5.3', marker: null, hashes: [HASH] });
  assert.deepEqual(lockChanges(before, after), ['airflow/main: pandas (none) -> 1.5.3']);
});

test('images are found wherever a setting names one, and only a digest pins them', () => {
  const settings = { image: 'a:1', conf: { 'spark.kubernetes.container.image': `b@${HASH}` }, images: 'no' };
  assert.deepEqual(
    namedImages(project(settings)).map(({ image }) => [image, isPinned(image)]),
    [
      ['a:1', false],
      [`b@${HASH}`, true],
    ],
  );
});
