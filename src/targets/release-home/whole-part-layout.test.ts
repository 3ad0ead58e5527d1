import assert from 'node:assert/strict';
import { test } from 'node:test';
import { digestOf, partKey } from '../../model/identifiers.ts';
import type { JsonObject } from '../../model/json.ts';
import { wholePartLayout } from './whole-part-layout.ts';

type Files = { [path: string]: string };

function laidOut(files: Files, more: { settings?: JsonObject; executable?: string[] } = {}) {
  const entries = Object.entries(files).map(([path, text]) => ({
    path,
    size: text.length,
    executable: more.executable?.includes(path) ?? false,
  }));
  return wholePartLayout({
    files: { entries, text: (path) => files[path] ?? null },
    part: { name: 'settle', settings: more.settings ?? {} },
    discovery: { assets: [], edges: [], findings: [] },
    fileDigest: (path) => digestOf(files[path] ?? ''),
    key: partKey('spark', 'settle'),
    folder: './jobs/settle/',
    facts: {},
  });
}

const fingerprint = (...input: Parameters<typeof laidOut>) => laidOut(...input).units[0]?.fingerprint;
const job = { 'jobs/settle/settle.py': 'x', 'jobs/settle/lib/a.py': 'y', 'jobs/settled/b.py': 'z', 'other.py': 'o' };

test('the folder alone is packed, whole', () => {
  assert.deepEqual(laidOut(job).paths, ['jobs/settle/settle.py', 'jobs/settle/lib/a.py']);
});

test('files outside the folder do not count; bytes, names, executable bits and settings inside do', () => {
  const base = fingerprint(job);
  assert.equal(fingerprint({ ...job, 'other.py': 'changed', 'jobs/settled/b.py': 'changed' }), base);
  const changes = [
    fingerprint({ ...job, 'jobs/settle/lib/a.py': 'changed' }),
    fingerprint({ ...job, 'jobs/settle/new.py': '' }),
    fingerprint(job, { executable: ['jobs/settle/settle.py'] }),
    fingerprint(job, { settings: { args: ['--fast'] } }),
  ];
  assert.equal(new Set([base, ...changes]).size, 5);
});

test('of the lock only the runtime of this part counts', () => {
  const runtime = (version: string) => ({
    ...{ runtime: 'spark', python: '3.11', tools: { pyspark: version }, inputs: {} },
    ...{ packages: [], coordinates: [], jars: [] },
  });
  const locked = (own: string, other: string) => {
    const parts = { 'spark/settle': 'a', 'dbt/shop': 'b' };
    return {
      ...job,
      'headgate.lock': JSON.stringify({
        version: 1,
        parts,
        images: [],
        runtimes: { a: runtime(own), b: runtime(other) },
      }),
    };
  };
  const base = fingerprint(locked('3.5.7', '1'));
  assert.equal(fingerprint(locked('3.5.7', '2')), base);
  assert.notEqual(fingerprint(locked('3.5.8', '1')), base);
  assert.notEqual(fingerprint({ ...job, 'headgate.lock': 'of another shape' }), base);
});
