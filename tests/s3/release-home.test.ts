import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { z } from 'zod';
import { digestOf, hexOf, partKey, unitKey } from '../../src/model/identifiers.ts';
import { openReleaseHome } from '../../src/targets/release-home/open-home.ts';
import { s3Store } from '../../src/targets/release-home/s3-store.ts';
import { type Moto, startMoto } from './moto.ts';

let moto: Moto;
before(async () => {
  moto = await startMoto();
});
after(() => moto?.stop());

const unit = unitKey(partKey('dbt', 'shop'), null);
const [a, b] = ['a', 'b'].map((name) => ({
  bundle: digestOf(`bundle ${name}`),
  part: digestOf(`part ${name}`),
  fingerprint: digestOf(`fingerprint ${name}`),
}));
assert(a !== undefined && b !== undefined);

const home = (prefix: string) => openReleaseHome({ provider: 's3', ...moto.place, prefix });

test('a part is whole in S3 only when its record is there, and what a killed upload left is replaced', async () => {
  const place = { ...moto.place, prefix: 'one' };
  const store = await s3Store(place);
  await store.write(`parts/${hexOf(a.part)}/left/behind`, Buffer.from('x'), 'any');
  const s3 = await home('one');
  assert.equal(await s3.hasPart(a.part), false);
  const unpack = async (folder: string) => {
    await mkdir(join(folder, 'dbt'));
    for (const name of ['one', 'two']) await writeFile(join(folder, 'dbt', name), name);
  };
  const upload = { part: partKey('dbt', 'shop'), digest: a.part, files: 2, mark: { key: 'r/0', epoch: 1 }, unpack };
  assert.deepEqual(await s3.uploadPart(upload), { uploaded: true });
  assert.deepEqual(await s3.uploadPart(upload), { uploaded: false });
  const folder = `parts/${hexOf(a.part)}`;
  assert.deepEqual(await store.list(folder), [`${folder}/dbt/one`, `${folder}/dbt/two`]);
});

test('of many writers that expect the same version, one writes', async () => {
  const stores = await Promise.all(Array.from({ length: 6 }, () => s3Store({ ...moto.place, prefix: 'race' })));
  const firsts = await Promise.all(stores.map((store, i) => store.write('x', Buffer.from(`first ${i}`), 'absent')));
  assert.equal(firsts.filter((version) => version !== null).length, 1);
  const seen = await stores[0]?.read('x');
  const expected = { version: seen?.version ?? '' };
  const seconds = await Promise.all(stores.map((store, i) => store.write('x', Buffer.from(`second ${i}`), expected)));
  assert.equal(seconds.filter((version) => version !== null).length, 1);
  assert.equal(await stores[0]?.write('gone', Buffer.from(''), { version: '"x"' }), null);
});

test('two homes over one prefix agree on pointers, and an older epoch is refused', async () => {
  const [one, two] = [await home('two'), await home('two')];
  await one.movePointer({ unit, expected: null, to: a, mark: { key: 'r/0', epoch: 3 } });
  assert.deepEqual(
    (await two.readPointers('dbt')).map(({ pointer }) => pointer),
    [a],
  );
  await two.fence(4);
  const late = one.movePointer({ unit, expected: a, to: b, mark: { key: 'r/1', epoch: 3 } });
  await assert.rejects(late, { code: 'target-epoch-stale' });
  assert.deepEqual((await two.readPointer(unit))?.pointer, a);
});

test('collecting removes the part that no pointer names, whole', async () => {
  const s3 = await home('collect');
  const mark = { key: 'r/0', epoch: 1 };
  const unpack = (folder: string) => writeFile(join(folder, 'one'), 'x');
  for (const { part } of [a, b])
    await s3.uploadPart({ part: partKey('dbt', 'shop'), digest: part, files: 1, mark, unpack });
  await s3.movePointer({ unit, expected: null, to: a, mark });
  const now = new Date();
  const order = { environment: 'prod', keep: { bundles: [], parts: [] }, now, unusedSince: now, dryRun: false };
  assert.deepEqual((await s3.collect(order)).parts, [b.part]);
  const store = await s3Store({ ...moto.place, prefix: 'collect' });
  assert.deepEqual(await store.list('parts'), [`parts/${hexOf(a.part)}.json`, `parts/${hexOf(a.part)}/one`]);
});

test('notes come and go', async () => {
  const s3 = await home('three');
  const mark = { key: 'r/0', epoch: 1 };
  await s3.writeNote({ name: 'holds/x', value: 1, mark });
  assert.deepEqual([await s3.listNotes('holds'), await s3.readNote('holds/x', z.number())], [['holds/x'], 1]);
  await s3.writeNote({ name: 'holds/x', value: null, mark });
  assert.deepEqual(await s3.listNotes('holds'), []);
});

test('a bucket that is not there, and a store that does not answer, are told apart', async () => {
  const wrong = await openReleaseHome({ provider: 's3', ...moto.place, bucket: 'not-there' });
  await assert.rejects(wrong.readPointer(unit), { code: 's3-refused' });
  const silent = await openReleaseHome({ provider: 's3', ...moto.place, endpoint: 'http://127.0.0.1:9' });
  await assert.rejects(silent.readPointer(unit), { code: 'target-unreachable' });
});
