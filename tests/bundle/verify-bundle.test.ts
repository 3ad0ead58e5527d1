import assert from 'node:assert/strict';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { type ErrorCode, HeadgateError } from '../../src/base/errors.ts';
import { MANIFEST_TYPE } from '../../src/base/oci.ts';
import { createSigningKey } from '../../src/base/signing.ts';
import { parseContent } from '../../src/delivery/bundle/content-schema.ts';
import { digestOf } from '../../src/model/identifiers.ts';
import { canonicalJson } from '../../src/model/json.ts';
import { asDigest } from '../../src/workflows/bundle/pack-files.ts';
import { bundleReader } from '../../src/workflows/bundle/read-bundle.ts';
import { verifyBundle } from '../../src/workflows/bundle/verify-bundle.ts';
import { verifyStore } from '../../src/workflows/bundle/verify-store.ts';
import { smallProject, type Workshop, workshop } from './small-project.ts';

const failsWith = (code: ErrorCode) => (error: unknown) => error instanceof HeadgateError && error.code === code;

test('a bundle that is as it was made is whole, and its signatures are by the trusted key', async (t) => {
  const shop = await workshop(smallProject);
  t.after(shop.close);
  const { digest } = await shop.bundle();
  const verified = await verifyBundle(shop.store, digest, [shop.key]);
  assert.deepEqual(verified.problems, []);
  assert.deepEqual(
    verified.attachments.map(({ trusted }) => trusted),
    [true, true],
  );
  assert.deepEqual(await verifyStore(shop.store), []);
});

test('a change of any one byte of any file of the store is found and named', async (t) => {
  const shop = await workshop(smallProject);
  t.after(shop.close);
  const { digest } = await shop.bundle();
  const files = (await readdir(shop.store.folder, { recursive: true, withFileTypes: true })).filter((entry) =>
    entry.isFile(),
  );
  for (const entry of files.filter(({ name }) => !name.startsWith('.'))) {
    const file = join(entry.parentPath, entry.name);
    const whole = await readFile(file);
    for (const at of positions(whole.length)) {
      const copy = Buffer.from(whole);
      copy[at] = (copy[at] ?? 0) ^ 1;
      await writeFile(file, copy);
      const problems = [...(await verifyStore(shop.store)), ...(await problemsOf(shop, digest))];
      const named = problems.some(({ subject, problem }) => `${subject} ${problem}`.includes(entry.name));
      assert.ok(named, `${entry.name} at ${at}: ${JSON.stringify(problems)}`);
    }
    await writeFile(file, whole);
  }
  assert.deepEqual(await verifyStore(shop.store), [], 'everything is whole again');
});

test('a damaged part is never unpacked, a damaged content never read', async (t) => {
  const shop = await workshop(smallProject);
  t.after(shop.close);
  const { digest, content } = await shop.bundle();
  const blob = content.parts[0]?.blob ?? asDigest(digestOf(''));
  await flipByte(shop, blob, 600);
  const reader = bundleReader(shop.store);
  await assert.rejects(() => reader.unpack(blob, join(shop.root, '..', 'out')), failsWith('blob-damaged'));
  assert.deepEqual(await readdir(join(shop.root, '..')).then((names) => names.includes('out')), false);
  await flipByte(shop, digest, 20);
  await assert.rejects(() => bundleReader(shop.store).content(digest), failsWith('blob-damaged'));
});

test('signatures of another key are named when a key is to be trusted', async (t) => {
  const shop = await workshop(smallProject);
  t.after(shop.close);
  const { digest } = await shop.bundle();
  const verified = await verifyBundle(shop.store, digest, [createSigningKey()]);
  assert.equal(verified.ok, false);
  assert.deepEqual(verified.problems.map(({ problem }) => problem).sort(), [
    'It is signed by a key that is not trusted.',
    'No trusted provenance names it.',
  ]);
});

test('a bundle of a newer Headgate is refused as that, in its manifest and in its content', async (t) => {
  const shop = await workshop(smallProject);
  t.after(shop.close);
  const { content } = await shop.bundle();
  const config = Buffer.from(canonicalJson({ ...content, version: 2, parts: 'of another shape' }));
  await shop.store.putBlob(config, digestOf(config));
  const put = (artifactType: string) =>
    shop.store.putManifest(
      Buffer.from(
        canonicalJson({
          ...{ schemaVersion: 2, mediaType: MANIFEST_TYPE, artifactType, layers: [] },
          config: { mediaType: 'application/json', digest: digestOf(config), size: config.length },
        }),
      ),
    );
  for (const type of ['application/vnd.headgate.bundle.v1', 'application/vnd.headgate.bundle.v2']) {
    const digest = asDigest(await put(type));
    await assert.rejects(() => verifyBundle(shop.store, digest, []), failsWith('bundle-too-new'));
    await assert.rejects(() => bundleReader(shop.store).content(digest), failsWith('bundle-too-new'));
  }
});

test('a manifest that lists other blobs than its content is refused', async (t) => {
  const shop = await workshop(smallProject);
  t.after(shop.close);
  const { digest } = await shop.bundle();
  const manifest = JSON.parse((await shop.store.readBlob(digest)).toString()) as { layers: unknown[] };
  const forged = asDigest(
    await shop.store.putManifest(Buffer.from(canonicalJson({ ...manifest, layers: manifest.layers.slice(1) }))),
  );
  const verified = await verifyBundle(shop.store, forged, []);
  assert.match(verified.problems[0]?.problem ?? '', /other parts than its content/);
});

test('content of the wrong shape says where', () => {
  assert.throws(() => parseContent('{"version":1}', 'sha256:x'), failsWith('bundle-damaged'));
  assert.throws(() => parseContent('{"version":7}', 'sha256:x'), failsWith('bundle-too-new'));
  assert.throws(() => parseContent('no json', 'sha256:x'), failsWith('bundle-damaged'));
});

async function problemsOf(shop: Workshop, digest: Parameters<typeof verifyBundle>[1]) {
  try {
    return (await verifyBundle(shop.store, digest, [shop.key])).problems;
  } catch (error) {
    assert.ok(error instanceof HeadgateError, String(error));
    return [{ subject: 'verify', problem: error.message }];
  }
}

/** A few places spread over a file, its ends included. */
function positions(length: number): number[] {
  return [...new Set([0, 1, Math.floor(length / 3), Math.floor(length / 2), length - 1])].filter(
    (at) => at >= 0 && at < length,
  );
}

async function flipByte(shop: Workshop, digest: string, at: number): Promise<void> {
  const file = join(shop.store.folder, 'blobs', 'sha256', digest.slice('sha256:'.length));
  const bytes = await readFile(file);
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  await writeFile(file, bytes);
}
