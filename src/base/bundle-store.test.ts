import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { openBundleStore } from './bundle-store.ts';
import { isFailure } from './errors.ts';
import { type Descriptor, MANIFEST_TYPE } from './oci.ts';

let root: string;
let opened = 0;
before(async () => {
  root = await mkdtemp(join(tmpdir(), 'headgate-store-'));
});
after(() => rm(root, { recursive: true, force: true }));

const newStore = () => openBundleStore(join(root, `store-${opened++}`));
const digestOf = (bytes: Buffer) => `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
const descriptor = (bytes: Buffer): Descriptor => ({
  mediaType: 'text/plain',
  digest: digestOf(bytes),
  size: bytes.length,
});

function manifestOf(layer: Buffer, artifactType = 'application/vnd.test'): Buffer {
  const parts = { config: descriptor(layer), layers: [descriptor(layer)] };
  return Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType: MANIFEST_TYPE, artifactType, ...parts }));
}

test('a blob is written once and read back verified', async () => {
  const store = newStore();
  const bytes = Buffer.from('some code');
  assert.equal(await store.hasBlob(digestOf(bytes)), false);
  assert.deepEqual(await store.putBlob(bytes, digestOf(bytes)), { written: true });
  assert.deepEqual(await store.putBlob(bytes, digestOf(bytes)), { written: false });
  assert.deepEqual(await store.readBlob(digestOf(bytes)), bytes);
  assert.deepEqual(await store.blobs(), [digestOf(bytes)]);
});

test('bytes of another digest are refused and leave nothing', async () => {
  const store = newStore();
  const digest = digestOf(Buffer.from('promised'));
  await assert.rejects(
    () => store.putBlob(Buffer.from('given'), digest),
    (error) => isFailure(error, 'blob-damaged'),
  );
  assert.deepEqual(await readdir(join(store.folder, 'blobs', 'sha256')), []);
  await assert.rejects(
    () => store.readBlob(digest),
    (error) => isFailure(error, 'blob-missing'),
  );
});

test('a blob that was changed on the disk is not given out', async () => {
  const store = newStore();
  const bytes = Buffer.from('some code');
  await store.putBlob(bytes, digestOf(bytes));
  await writeFile(join(store.folder, 'blobs', 'sha256', digestOf(bytes).slice(7)), 'other code');
  await assert.rejects(
    () => store.readBlob(digestOf(bytes)),
    (error) => isFailure(error, 'blob-damaged'),
  );
});

test('putting a blob again repairs one that was damaged', async () => {
  const store = newStore();
  const bytes = Buffer.from('some code');
  await store.putBlob(bytes, digestOf(bytes));
  await writeFile(join(store.folder, 'blobs', 'sha256', digestOf(bytes).slice(7)), 'other code');
  assert.deepEqual(await store.putBlob(bytes, digestOf(bytes)), { written: true });
  assert.deepEqual(await store.readBlob(digestOf(bytes)), bytes);
});

test('what killed writers left is swept away after an hour', async () => {
  const store = newStore();
  const subject = Buffer.from('subject');
  await store.putBlob(subject, digestOf(subject));
  const blobs = join(store.folder, 'blobs', 'sha256');
  for (const name of ['.1-old.part', '.2-new.part']) await writeFile(join(blobs, name), 'half');
  await utimes(join(blobs, '.1-old.part'), 1, 1);
  await store.putManifest(manifestOf(subject));
  assert.deepEqual(
    (await readdir(blobs)).filter((name) => name.endsWith('.part')),
    ['.2-new.part'],
  );
});

test('a digest never becomes a path', async () => {
  await assert.rejects(() => newStore().readBlob('sha256:../../../etc/passwd'), /not a digest/);
});

test('many writers at once lose nothing of the index', async () => {
  const store = newStore();
  const subject = Buffer.from('subject');
  await store.putBlob(subject, digestOf(subject));
  const bundle = await store.putManifest(manifestOf(subject));
  const documents = Array.from({ length: 12 }, (_, index) => `document ${index}`);
  const writers = documents.map((text) =>
    openBundleStore(store.folder).attach(bundle, 'text/document', Buffer.from(text)),
  );
  await Promise.all(writers);
  const found = (await store.attachments(bundle, 'text/document')).map(({ bytes }) => bytes.toString());
  assert.deepEqual(found.sort(), documents.sort());
  assert.deepEqual(await store.digests('application/vnd.test'), [bundle]);
  assert.deepEqual(await store.digests(null), [bundle]);
});

test('attaching the same document again changes nothing', async () => {
  const store = newStore();
  const subject = Buffer.from('subject');
  await store.putBlob(subject, digestOf(subject));
  const bundle = await store.putManifest(manifestOf(subject));
  const first = await store.attach(bundle, 'text/document', Buffer.from('x'));
  const index = await readFile(join(store.folder, 'index.json'), 'utf8');
  assert.equal(await store.attach(bundle, 'text/document', Buffer.from('x')), first);
  assert.equal(await readFile(join(store.folder, 'index.json'), 'utf8'), index);
  assert.deepEqual(await store.attachments(bundle, 'text/other'), []);
});

test('a disk that refuses is a clear failure and no plain error', async () => {
  const store = newStore();
  await writeFile(store.folder, 'a file where the folder should be');
  const bytes = Buffer.from('x');
  await assert.rejects(
    () => store.putBlob(bytes, digestOf(bytes)),
    (error) => isFailure(error, 'bundle-store-unusable'),
  );
});

test('a process killed while it held the lock does not stop the next one', async () => {
  const store = newStore();
  const subject = Buffer.from('subject');
  await store.putBlob(subject, digestOf(subject));
  const lock = new URL('./file-lock.ts', import.meta.url).href;
  const code = `const { withFileLock } = await import(${JSON.stringify(lock)});
    await withFileLock(process.argv[1], async () => { console.log('held'); await new Promise((done) => setTimeout(done, 60_000)); });`;
  const holder = spawn(process.execPath, ['--input-type=module', '-e', code, join(store.folder, '.index.lock')]);
  await once(holder.stdout, 'data');
  const writing = store.putManifest(manifestOf(subject));
  holder.kill('SIGKILL');
  assert.equal(await writing, digestOf(manifestOf(subject)));
});
