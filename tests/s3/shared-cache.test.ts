import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { openCache } from '../../src/base/cache/cache.ts';
import { entryFolder } from '../../src/base/cache/entry-folder.ts';
import { s3Store } from '../../src/targets/release-home/s3-store.ts';
import { sharedEntries } from '../../src/workflows/checks/shared-entries.ts';
import { type Moto, startMoto } from './moto.ts';

let moto: Moto;
const home = mkdtempSync(join(tmpdir(), 'headgate-shared-'));
before(async () => {
  moto = await startMoto();
  process.env.AWS_ENDPOINT_URL_S3 = moto.place.endpoint ?? '';
});
after(async () => {
  delete process.env.AWS_ENDPOINT_URL_S3;
  rmSync(home, { recursive: true, force: true });
  await moto?.stop();
});

const warnings: string[] = [];
function machine(name: string, writesShared: boolean, bucket = moto.place.bucket) {
  const shared = sharedEntries({ kind: 's3', bucket, prefix: 'answers/team' }, home, (text) => warnings.push(text));
  return openCache({ local: entryFolder(join(home, name)), limitBytes: 1e9, shared, writesShared });
}

test('what a trusted build keeps in S3, other machines find; what they make stays with them', async () => {
  const trusted = machine('trusted', true);
  await trusted.put('answer', 'x', 'from main');
  (await trusted.table('rows')).set('row', '1');
  await trusted.close();
  const other = machine('other', false);
  assert.equal(await other.get('answer', 'x'), 'from main');
  assert.equal(await (await other.table('rows')).get('row'), '1');
  await other.put('answer', 'y', 'from a pull request');
  await other.close();
  assert.equal(await machine('third', false).get('answer', 'y'), null);
  assert.deepEqual(warnings, []);
});

test('an entry that was changed in S3 is not believed', async () => {
  const store = await s3Store({ ...moto.place, prefix: 'answers' });
  const paths = await store.list('team');
  assert.equal(paths.length, 2);
  for (const path of paths) {
    const found = await store.read(path);
    await store.write(path, Buffer.concat([Buffer.from(found?.bytes ?? []), Buffer.from('!')]), 'any');
  }
  await store.close();
  assert.equal(await machine('fourth', false).get('answer', 'x'), null);
});

test('a bucket that is not there is told once, and nothing else changes', async () => {
  const cache = machine('fifth', true, 'no-such-bucket');
  await cache.put('answer', 'x', 'own');
  assert.equal(await cache.get('answer', 'x'), 'own');
  assert.equal(await cache.get('answer', 'z'), null);
  await cache.close();
  assert.equal(warnings.length, 1);
  assert.match(warnings[0] ?? '', /^The shared cache is left out: .*no such bucket/);
});
