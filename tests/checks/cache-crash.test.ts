import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { openCache } from '../../src/base/cache/cache.ts';
import { entryFolder } from '../../src/base/cache/entry-folder.ts';

const source = (path: string) =>
  JSON.stringify(fileURLToPath(new URL(`../../src/base/cache/${path}`, import.meta.url)));
/** Keeps answers of one writer until it is killed: large entries, and rows of a table that it saves again and again. */
const WRITER = `
import { openCache } from ${source('cache.ts')};
import { entryFolder } from ${source('entry-folder.ts')};
const [folder, name, rounds] = process.argv.slice(1);
const open = () => openCache({ local: entryFolder(folder), limitBytes: 1e9, shared: null, writesShared: false });
for (let round = 0; round < Number(rounds); round += 1) {
  const cache = open();
  await cache.put('large', String(round % 3), String(round % 3).repeat(2_000_000 + Math.random() * 1000));
  (await cache.table('rows')).set(name + round % 5, JSON.stringify(name + round % 5));
  await cache.close();
  if (round === 0) process.stdout.write('begun');
}
`;

function scratch(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'headgate-crash-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

function write(folder: string, name: string, rounds: number): ChildProcess {
  const args = ['--input-type=module', '-e', WRITER, folder, name, String(rounds)];
  return spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
}

/** Every answer that is found is one that somebody has put. */
async function isWhole(folder: string): Promise<number> {
  const cache = openCache({ local: entryFolder(folder), limitBytes: 1e9, shared: null, writesShared: false });
  for (const key of ['0', '1', '2']) {
    const text = await cache.get('large', key);
    if (text !== null) assert.match(text, new RegExp(`^${key}{2000000,}$`));
  }
  const rows = await (await cache.table('rows')).all();
  for (const [fingerprint, text] of rows) assert.equal(text, JSON.stringify(fingerprint));
  return rows.length;
}

test('a writer that is killed at any moment leaves whole answers, or none', async (t) => {
  const folder = scratch(t);
  for (let kill = 0; kill < 12; kill += 1) {
    const child = write(folder, `w${kill}-`, 1_000_000);
    assert(child.stdout);
    await once(child.stdout, 'data');
    await sleep(Math.random() * 60);
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
    await isWhole(folder);
  }
  const drafts = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.part'));
  await entryFolder(folder).trim(1e9);
  assert.ok(drafts.every((name) => statSync(join(folder, name)).isFile()));
  assert.ok((await isWhole(folder)) > 0);
});

test('several processes that write the same cache at once all end well, and nobody reads half an answer', async (t) => {
  const folder = scratch(t);
  const writers = ['a', 'b', 'c'].map((name) => write(folder, name, 15));
  const ended = Promise.all(writers.map((child) => once(child, 'exit')));
  let busy = true;
  void ended.then(() => {
    busy = false;
  });
  while (busy) await isWhole(folder);
  for (const [status] of await ended) assert.equal(status, 0);
  assert.ok((await isWhole(folder)) >= 5);
});
