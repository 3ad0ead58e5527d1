import assert from 'node:assert/strict';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { type Cache, type CachePlaces, openCache } from './cache.ts';
import { entryFolder } from './entry-folder.ts';
import { digestOf } from './own-digest.ts';
import { sealed, unsealed } from './sealed-entry.ts';

function scratch(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'headgate-cache-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

function open(folder: string, more: Partial<CachePlaces> = {}): Cache {
  return openCache({ local: entryFolder(folder), limitBytes: 1e9, shared: null, writesShared: false, ...more });
}

function files(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

test('what was put is found again, by its name and fingerprint alone', async (t) => {
  const folder = scratch(t);
  await open(folder).put('a', 'x', 'text with ümläuts');
  const cache = open(folder);
  assert.equal(await cache.get('a', 'x'), 'text with ümläuts');
  assert.equal(await cache.get('b', 'x'), null);
  assert.equal(await cache.get('a', 'y'), null);
});

test('an entry with any bit changed, cut short or made longer is one that is not there, and is replaced', async (t) => {
  const entry = sealed(JSON.stringify({ some: 'answer', with: [1, 2, 3] }));
  for (let index = 0; index < entry.length; index += 1) {
    for (const bit of [1, 128]) {
      const damaged = Buffer.from(entry);
      damaged[index] = (damaged[index] ?? 0) ^ bit;
      assert.equal(unsealed(damaged), null, `byte ${index}`);
    }
    assert.equal(unsealed(entry.subarray(0, index)), null);
  }
  assert.equal(unsealed(Buffer.concat([entry, Buffer.from('x')])), null);
  const folder = scratch(t);
  await open(folder).put('a', 'x', 'one');
  const [file = ''] = files(folder);
  writeFileSync(file, readFileSync(file).subarray(0, 20));
  assert.equal(await open(folder).get('a', 'x'), null);
  await open(folder).put('a', 'x', 'two');
  assert.equal(await open(folder).get('a', 'x'), 'two');
});

test('rows of a table are found again; two that write it keep what the other wrote', async (t) => {
  const folder = scratch(t);
  const [one, two] = [open(folder), open(folder)];
  const [first, second] = [await one.table('t'), await two.table('t')];
  first.set('a', '1');
  second.set('b', '2');
  await one.close();
  await two.close();
  const table = await open(folder).table('t');
  assert.deepEqual((await table.all()).sort(), [
    ['a', '1'],
    ['b', '2'],
  ]);
  const [file = ''] = files(folder);
  writeFileSync(file, 'nonsense');
  assert.equal(await (await open(folder).table('t')).get('a'), null);
});

test('what was used longest ago goes first, and drafts that were left are swept', async (t) => {
  const folder = scratch(t);
  const cache = open(folder);
  const noise = (seed: number) =>
    Array.from({ length: 4000 }, (_, index) => ((index * 7919 * seed) % 9973).toString(36)).join();
  for (const name of ['old', 'used', 'new']) await cache.put('a', name, noise(name.length));
  const size = files(folder).reduce((sum, file) => sum + statSync(file).size, 0);
  for (const file of files(folder)) utimesSync(file, 1000, 1000);
  await cache.get('a', 'used');
  await cache.get('a', 'new');
  const draft = join(folder, 'ab', '.1-2.part');
  mkdirSync(dirname(draft), { recursive: true });
  writeFileSync(draft, 'half');
  utimesSync(draft, 1000, 1000);
  await entryFolder(folder).trim(size - 1);
  assert.equal(await cache.get('a', 'old'), null);
  assert.notEqual(await cache.get('a', 'new'), null);
  assert.ok(!files(folder).includes(draft));
});

test('the shared cache is read when this machine has nothing, verified, and written only by those who may', async (t) => {
  const [mine, yours, common] = [scratch(t), scratch(t), scratch(t)];
  const shared = entryFolder(common);
  const writer = open(mine, { shared, writesShared: true });
  await writer.put('a', 'x', 'from a trusted branch');
  (await writer.table('t')).set('row', '"kept"');
  await writer.close();
  const reader = open(yours, { shared });
  assert.equal(await reader.get('a', 'x'), 'from a trusted branch');
  assert.equal(await (await reader.table('t')).get('row'), '"kept"');
  await reader.put('a', 'y', 'from a pull request');
  (await reader.table('t')).set('row', '"poison"');
  await reader.close();
  const other = open(scratch(t), { shared });
  assert.equal(await other.get('a', 'y'), null);
  assert.equal(await (await other.table('t')).get('row'), '"kept"');
  for (const file of files(common)) writeFileSync(file, Buffer.concat([readFileSync(file), Buffer.from('x')]));
  assert.equal(await open(scratch(t), { shared }).get('a', 'x'), null);
});

test('every part of Headgate counts in its own digest, its tests do not', (t) => {
  const folder = scratch(t);
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
    return digestOf(folder);
  };
  const seen = new Set([digestOf(folder)]);
  for (const path of ['src/a.ts', 'bridge/src/b.py', 'bridge/locks/dbt.txt', 'package.json', 'package-lock.json']) {
    for (const text of ['one', 'two']) {
      const digest = write(path, text);
      assert.ok(!seen.has(digest), path);
      seen.add(digest);
    }
  }
  assert.ok(seen.has(write('src/a.test.ts', 'x')));
});
