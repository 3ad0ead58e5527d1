import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { z } from 'zod';
import { assetKey, digestOf, hexOf, partKey, unitKey } from '../../model/identifiers.ts';
import { openReleaseHome } from './open-home.ts';

const folders: string[] = [];
after(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true }))));

async function newFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'headgate-home-test-'));
  folders.push(folder);
  return folder;
}

async function newHome() {
  const folder = await newFolder();
  return { folder, home: await openReleaseHome({ provider: 'folder', home: folder }) };
}

const mark = { key: 'r1/0', epoch: 3 };
const part = partKey('dbt', 'shop');
const unit = unitKey(part, null);
const [a, b] = ['a', 'b'].map((name) => ({
  bundle: digestOf(`bundle ${name}`),
  part: digestOf(`part ${name}`),
  fingerprint: digestOf(`fingerprint ${name}`),
}));
assert(a !== undefined && b !== undefined);

async function twoFiles(folder: string): Promise<void> {
  await mkdir(join(folder, 'dbt/shop'), { recursive: true });
  await writeFile(join(folder, 'dbt/shop/one.sql'), 'select 1');
  await writeFile(join(folder, 'dbt/shop/two.sql'), 'select 22');
}

test('a part is complete only with its record, which counts its files and bytes', async () => {
  const { folder, home } = await newHome();
  const upload = { part, digest: a.part, files: 2, mark, unpack: twoFiles };
  assert.deepEqual(await home.uploadPart(upload), { uploaded: true });
  assert.deepEqual(await home.uploadPart(upload), { uploaded: false });
  const record = JSON.parse(await readFile(join(folder, 'parts', `${hexOf(a.part)}.json`), 'utf8'));
  assert.deepEqual(record, { version: 1, part, digest: a.part, files: 2, bytes: 17 });
  await home.close();
});

test('a part with a file too few is refused and leaves nothing', async () => {
  const { folder, home } = await newHome();
  const upload = { part, digest: a.part, files: 3, mark, unpack: twoFiles };
  await assert.rejects(home.uploadPart(upload), { code: 'part-incomplete' });
  assert.equal(await home.hasPart(a.part), false);
  assert.deepEqual(await readdir(folder), []);
});

test('what a killed upload left is replaced by the next one', async () => {
  const { folder, home } = await newHome();
  await mkdir(join(folder, 'parts', hexOf(a.part)), { recursive: true });
  await writeFile(join(folder, 'parts', hexOf(a.part), 'half'), '');
  assert.equal(await home.hasPart(a.part), false);
  await home.uploadPart({ part, digest: a.part, files: 2, mark, unpack: twoFiles });
  assert.deepEqual((await readdir(join(folder, 'parts', hexOf(a.part)))).sort(), ['dbt']);
  await home.close();
});

test('a pointer moves only from where it was expected, and the same move twice is one', async () => {
  const { home } = await newHome();
  assert.deepEqual(await home.movePointer({ unit, expected: null, to: a, mark }), { moved: true });
  assert.deepEqual(await home.movePointer({ unit, expected: null, to: a, mark }), { moved: true });
  assert.deepEqual(await home.movePointer({ unit, expected: null, to: b, mark }), { moved: false, found: a });
  assert.deepEqual(await home.movePointer({ unit, expected: a, to: null, mark }), { moved: true });
  assert.deepEqual(
    (await home.readPointers('dbt')).map(({ pointer }) => pointer),
    [null],
  );
  await home.close();
});

test('an older epoch is refused everywhere once a newer one has been seen', async () => {
  const { home } = await newHome();
  await home.movePointer({ unit, expected: null, to: a, mark: { key: 'r1/0', epoch: 3 } });
  await home.fence(4);
  const old = { key: 'r1/1', epoch: 3 };
  const stale = { code: 'target-epoch-stale' };
  await assert.rejects(home.movePointer({ unit, expected: a, to: b, mark: old }), stale);
  await assert.rejects(home.setDisabled({ unit, disabled: [], stopped: true, mark: old }), stale);
  await assert.rejects(home.writeNote({ name: 'x', value: 1, mark: old }), stale);
  await assert.rejects(home.writeJournal(old, {}), stale);
  await assert.rejects(home.uploadPart({ part, digest: b.part, files: 2, mark: old, unpack: twoFiles }), stale);
  assert.deepEqual((await home.readPointer(unit))?.pointer, a);
  await home.close();
});

test('a disabled asset stays disabled when the pointer moves', async () => {
  const { home } = await newHome();
  await home.movePointer({ unit, expected: null, to: a, mark });
  await home.setDisabled({ unit, disabled: [assetKey('dbt:model', 'shop.orders')], stopped: true, mark });
  await home.movePointer({ unit, expected: a, to: b, mark });
  const expected = { unit, pointer: b, disabled: ['dbt:model/shop.orders'], stopped: true, epoch: 3, key: 'r1/0' };
  assert.deepEqual(await home.readPointer(unit), expected);
  await home.close();
});

test('notes and the journal come back as they were written', async () => {
  const { home } = await newHome();
  await home.writeNote({ name: 'holds/x', value: { n: 1 }, mark });
  assert.deepEqual(await home.readNote('holds/x', z.object({ n: z.number() })), { n: 1 });
  assert.deepEqual(await home.listNotes('holds'), ['holds/x']);
  await home.writeNote({ name: 'holds/x', value: null, mark });
  assert.equal(await home.readNote('holds/x', z.unknown()), null);
  await home.writeJournal(mark, { outcome: 'built' });
  assert.deepEqual(await home.readJournal('r1/0'), { outcome: 'built', key: 'r1/0', epoch: 3 });
  await home.close();
});

test('a pointer file that was damaged is told, not guessed', async () => {
  const { folder, home } = await newHome();
  await home.movePointer({ unit, expected: null, to: a, mark });
  await writeFile(join(folder, 'pointers/dbt/shop.json'), '{"version":1}');
  await assert.rejects(home.readPointer(unit), { code: 'release-home-unreadable' });
  await home.close();
});

test('four processes add to one note without losing any, and a killed holder frees the lock', async () => {
  const folder = await newFolder();
  const program = `
    import { openReleaseHome } from ${JSON.stringify(new URL('./open-home.ts', import.meta.url).href)};
    import { readFile, writeFile } from 'node:fs/promises';
    const home = await openReleaseHome({ provider: 'folder', home: ${JSON.stringify(folder)} });
    const file = ${JSON.stringify(join(folder, 'count'))};
    for (let i = 0; i < 25; i++) await home.guarded({ key: 'k', epoch: 1 }, 'count', async () => {
      const now = Number(await readFile(file, 'utf8').catch(() => '0'));
      await new Promise((done) => setTimeout(done, 1));
      await writeFile(file, String(now + 1));
    });
    if (process.argv[1] === 'hang') await home.guarded({ key: 'k', epoch: 1 }, 'count', () => {
      process.stdout.write('holding');
      return new Promise(() => setInterval(() => {}, 1000));
    });
    await home.close();`;
  const start = (how: string) =>
    spawn(process.execPath, ['--input-type=module', '-e', program, how], { stdio: ['ignore', 'pipe', 'inherit'] });
  const hanging = start('hang');
  hanging.stdout.once('data', () => hanging.kill('SIGKILL'));
  const children = ['1', '2', '3'].map(start);
  await Promise.all([...children, hanging].map((child) => new Promise((done) => child.on('exit', done))));
  assert.equal(await readFile(join(folder, 'count'), 'utf8'), '100');
  assert.deepEqual(
    children.map((child) => child.exitCode),
    [0, 0, 0],
  );
});
