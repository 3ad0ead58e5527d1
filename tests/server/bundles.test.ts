import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { parseManifest } from '../../src/base/bundle-store.ts';
import { isFailure } from '../../src/base/errors.ts';
import { type Endpoint, send, sendJson } from '../../src/base/http.ts';
import { createRig, environmentText, type Rig } from './rig.ts';

let rig: Rig;
let endpoint: Endpoint;
let digest = '';

before(async () => {
  rig = await createRig();
  const { url } = await rig.serve();
  endpoint = { url, token: rig.operator };
  await rig.environments({ 'dev.yaml': environmentText(rig, { name: 'dev' }) });
  digest = await rig.bundle('print("one")\n');
});
after(() => rig.close());

function blob(name: string): Promise<Buffer> {
  return readFile(join(rig.project, '.headgate', 'bundles', 'blobs', 'sha256', name.replace('sha256:', '')));
}

const put = (path: string, body: Uint8Array) => send(endpoint, { method: 'PUT', path, body });

test('a blob with one byte changed is refused, and not kept', async () => {
  const manifest = parseManifest(await blob(digest), digest);
  const layer = manifest.layers[0]?.digest ?? '';
  const bytes = Buffer.from(await blob(layer));
  bytes.writeUInt8((bytes.readUInt8(600) + 1) % 256, 600);
  await assert.rejects(put(`/blobs/${layer}`, bytes), (error) => isFailure(error, 'blob-damaged'));
  const { missing } = (await sendJson(endpoint, {
    method: 'POST',
    path: '/blobs/missing',
    body: { digests: [layer] },
  })) as { missing: string[] };
  assert.deepEqual(missing, [layer]);
});

test('a manifest is refused while a blob that it names is missing, or when it is another one', async () => {
  const manifest = await blob(digest);
  await assert.rejects(put(`/bundles/${digest}`, manifest), (error) => isFailure(error, 'bundle-not-verified'));
  await assert.rejects(rig.client(rig.operator).bundle(digest), (error) => isFailure(error, 'bundle-unknown'));
  const other = `sha256:${'0'.repeat(64)}`;
  await assert.rejects(put(`/bundles/${other}`, manifest), (error) => isFailure(error, 'blob-damaged'));
});

test('a release of a bundle that nobody uploaded, or into no environment, is refused with the reason', async () => {
  const client = rig.client(rig.operator);
  await assert.rejects(client.askRelease(digest, 'dev'), (error) => isFailure(error, 'bundle-unknown'));
  await rig.cli(rig.operator, 'promote', '--environment', 'dev');
  await assert.rejects(client.askRelease(digest, 'moon'), (error) => isFailure(error, 'environment-not-registered'));
  assert.equal((await client.bundle(digest.slice(7, 17))).digest, digest);
});

test('what is there already is not sent again', async () => {
  const manifest = parseManifest(await blob(digest), digest);
  const digests = [manifest.config, ...manifest.layers].map((one) => one.digest);
  const answer = await sendJson(endpoint, { method: 'POST', path: '/blobs/missing', body: { digests } });
  assert.deepEqual(answer, { missing: [] });
});

test('an environment file that cannot be meant so is refused, line and all', async () => {
  const client = rig.client(rig.operator);
  const [dev] = await client.environments();
  assert.ok(dev !== undefined);
  await assert.rejects(client.setEnvironment({ ...dev, after: 'dev' }), /makes the chain a circle/);
  await assert.rejects(client.setEnvironment({ ...dev, name: 'qa', after: 'moon' }), /moon is not registered/);
  await assert.rejects(client.setEnvironment({ ...dev, targets: { moon: {} } }), /moon/);
  await assert.rejects(client.setEnvironment({ ...dev, targets: { spark: {} } }), /targets\.spark/);
  await assert.rejects(client.setEnvironment({ ...dev, secrets: { a: 'hunter2' } }), /secrets\.a is no reference/);
});
