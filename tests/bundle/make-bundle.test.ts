import assert from 'node:assert/strict';
import { appendFile, chmod, mkdir, readFile, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { type ErrorCode, HeadgateError } from '../../src/base/errors.ts';
import { Statement } from '../../src/base/in-toto.ts';
import { readTar } from '../../src/base/tar/read-tar.ts';
import { PROVENANCE_TYPE, SBOM_TYPE } from '../../src/delivery/bundle/media-types.ts';
import { byproductsOf } from '../../src/delivery/bundle/provenance.ts';
import { digestOf } from '../../src/model/identifiers.ts';
import { makeBundle } from '../../src/workflows/bundle/make-bundle.ts';
import { bundleReader, readIdentity } from '../../src/workflows/bundle/read-bundle.ts';
import { statementIn, verifyBundle } from '../../src/workflows/bundle/verify-bundle.ts';
import { buildCatalog } from '../../src/workflows/project/build-catalog.ts';
import { readProject } from '../../src/workflows/project/read-project.ts';
import { type Files, smallProject, type Workshop, workshop } from './small-project.ts';

async function opened(t: TestContext, files: Files = smallProject): Promise<Workshop> {
  const made = await workshop(files);
  t.after(made.close);
  return made;
}

const refusedWith = (code: ErrorCode) => (error: unknown) => error instanceof HeadgateError && error.code === code;

test('a bundle holds the parts, the environments with their defaults, and the project file', async (t) => {
  const shop = await opened(t);
  const { digest, content } = await shop.bundle();
  assert.deepEqual(
    content.parts.map(({ part, files }) => [part, files]),
    [
      ['dbt/shop', 3],
      ['spark/rates', 1],
      ['spark/settle', 3],
    ],
  );
  assert.deepEqual(content.environments[0]?.values, { lake_root: '/lake', partitions: 8 });
  const { manifest } = await readIdentity(shop.store, digest);
  const last = manifest.layers.at(-1);
  assert.deepEqual(await pathsIn(shop, last?.digest ?? ''), ['environments/prod.yaml', 'headgate.yaml']);
  assert.deepEqual(await pathsIn(shop, content.parts[2]?.blob ?? ''), [
    'jobs/settle/requirements.txt',
    'jobs/settle/settle.py',
    'jobs/settle/start.sh',
  ]);
});

test('the same project again writes nothing, whatever the times of its files', async (t) => {
  const shop = await opened(t);
  const first = await shop.bundle();
  await utimes(join(shop.root, 'jobs/settle/settle.py'), 1, 1);
  await chmod(join(shop.root, 'jobs/settle/settle.py'), 0o600);
  await chmod(join(shop.root, 'jobs/settle/start.sh'), 0o700);
  const second = await shop.bundle();
  assert.equal(second.digest, first.digest);
  assert.deepEqual(second.written, []);
});

test('a change moves its own part alone', async (t) => {
  const shop = await opened(t);
  const before = await shop.bundle();
  await shop.write({ 'jobs/settle/settle.py': 'print("settled")\n' });
  const after = await shop.bundle();
  const moved = after.content.parts.filter((part, index) => part.blob !== before.content.parts[index]?.blob);
  assert.deepEqual(
    moved.map(({ part }) => part),
    ['spark/settle'],
  );
  assert.equal(after.written.length, 2, 'the part and the content');
});

test('every kind of change that counts moves the digest; one byte, a name, the executable bit, an environment', async (t) => {
  const shop = await opened(t);
  const digests = [(await shop.bundle()).digest];
  await appendFile(join(shop.root, 'jobs/rates/rates.py'), '\n');
  digests.push((await shop.bundle()).digest);
  await shop.write({ 'jobs/rates/more.py': '' });
  digests.push((await shop.bundle()).digest);
  await chmod(join(shop.root, 'jobs/rates/rates.py'), 0o755);
  digests.push((await shop.bundle()).digest);
  await shop.write({ 'environments/prod.yaml': 'environment: prod\nvalues: { lake_root: /other }\n' });
  digests.push((await shop.bundle()).digest);
  assert.equal(new Set(digests).size, digests.length);
});

test('files come out byte for byte, line ends and executable bits included', async (t) => {
  const shop = await opened(t);
  const { content } = await shop.bundle();
  for (const { blob, part } of content.parts)
    await bundleReader(shop.store).unpack(blob, join(shop.root, '..', 'out', part));
  const read = (path: string) => readFile(join(shop.root, '..', 'out', path), 'utf8');
  assert.equal(await read('dbt/shop/dbt/shop/models/orders.sql'), 'select 1 as id\r\n');
  assert.equal(await read('spark/rates/jobs/rates/rates.py'), 'print("é")\n');
});

test('what is secret, ignored, made by tools or outside never gets in', async (t) => {
  const shop = await opened(t);
  await shop.write({
    '.gitignore': 'ignored.py\n',
    'jobs/settle/ignored.py': 'x',
    'jobs/settle/.env': 'PASSWORD=x',
    'jobs/settle/.env.prod': 'PASSWORD=x',
    'jobs/settle/.env.example': 'PASSWORD=',
    'jobs/settle/id_rsa': 'x',
    'jobs/settle/store.jks': 'x',
    'jobs/settle/__pycache__/settle.cpython-311.pyc': 'x',
    'jobs/settle/.git/config': 'x',
    '../outside.py': 'secret = 1\n',
  });
  await symlink('../../../outside.py', join(shop.root, 'jobs/settle/linked.py'));
  const { content, leftOut } = await shop.bundle();
  const settle = content.parts.find(({ name }) => name === 'settle');
  assert.deepEqual(await pathsIn(shop, settle?.blob ?? ''), [
    'jobs/settle/.env.example',
    'jobs/settle/requirements.txt',
    'jobs/settle/settle.py',
    'jobs/settle/start.sh',
  ]);
  assert.deepEqual(leftOut.map(({ path }) => path).sort(), [
    'jobs/settle/.env',
    'jobs/settle/.env.prod',
    'jobs/settle/id_rsa',
    'jobs/settle/store.jks',
  ]);
});

test('a private key under any name stops the bundle', async (t) => {
  const shop = await opened(t);
  await shop.write({ 'jobs/settle/notes.txt': '-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjE=\n' });
  await assert.rejects(() => shop.bundle(), refusedWith('bundle-file-outside'));
});

test('a link to an ignored file of the project stops the bundle', async (t) => {
  const shop = await opened(t);
  await shop.write({ 'secrets/.env': 'PASSWORD=x' });
  await symlink('../../secrets/.env', join(shop.root, 'jobs/settle/settings.py'));
  await assert.rejects(() => shop.bundle(), refusedWith('bundle-file-outside'));
});

test('a file that becomes a link out of the project after it was listed stops the bundle', async (t) => {
  const shop = await opened(t);
  const reading = await readProject(shop.root);
  const catalog = await buildCatalog(reading, { exact: 'never', environment: null });
  await rm(join(shop.root, 'jobs/settle'), { recursive: true });
  await mkdir(join(shop.root, '..', 'elsewhere'));
  await writeFile(join(shop.root, '..', 'elsewhere', 'settle.py'), 'x');
  await symlink('../../elsewhere', join(shop.root, 'jobs/settle'));
  const { store, key } = shop;
  await assert.rejects(
    () => makeBundle({ reading, catalog, store, key, base: null, headgate: '0' }),
    (error) => refusedWith('bundle-file-outside')(error) || refusedWith('bundle-file-changed')(error),
  );
});

test('a file that changes while it is packed stops the bundle', async (t) => {
  const shop = await opened(t, { ...smallProject, 'jobs/settle/large.bin': 'x'.repeat(3_000_000) });
  const reading = await readProject(shop.root);
  const catalog = await buildCatalog(reading, { exact: 'never', environment: null });
  const { store, key } = shop;
  const file = join(shop.root, 'jobs/settle/large.bin');
  const watched = { ...store, hasBlob: store.hasBlob, putBlob: store.putBlob };
  watched.putBlob = async (bytes, digest) => {
    await writeFile(file, 'y'.repeat(3_000_000));
    return store.putBlob(bytes, digest);
  };
  await assert.rejects(
    () => makeBundle({ reading, catalog, store: watched, key, base: null, headgate: '0' }),
    refusedWith('bundle-file-changed'),
  );
  assert.deepEqual(await store.digests(null), [], 'no bundle was made');
});

test('a project without headgate.yaml, or with nothing to deliver, makes no bundle', async (t) => {
  const undeclared = await opened(t, { 'dags/a.py': 'x' });
  await assert.rejects(() => undeclared.bundle(), refusedWith('bundle-undeclared'));
  const empty = await opened(t, { 'headgate.yaml': 'version: 1\nproject: nothing\n' });
  await assert.rejects(() => empty.bundle(), refusedWith('bundle-empty'));
});

test('SBOM and provenance name the bundle, and the provenance names the SBOM', async (t) => {
  const shop = await opened(t);
  const { digest } = await shop.bundle();
  const [sbom] = await shop.store.attachments(digest, SBOM_TYPE);
  const bom = JSON.parse(sbom?.bytes.toString() ?? '') as {
    components: { purl: string; hashes?: unknown }[];
    specVersion: string;
  };
  assert.equal(bom.specVersion, '1.6');
  assert.deepEqual(bom.components.map(({ purl }) => purl).sort(), [
    'pkg:generic/dbt/dbt-labs/dbt_utils@1.3.0',
    'pkg:maven/org.postgresql/postgresql@42.7.4',
    'pkg:pypi/requests@2.32.3',
  ]);
  const [provenance] = await shop.store.attachments(digest, PROVENANCE_TYPE);
  assert.ok(provenance);
  const statement = Statement.parse(statementIn(provenance, [shop.key]));
  assert.equal(`sha256:${statement.subject[0]?.digest.sha256}`, digest);
  assert.deepEqual(byproductsOf(statement), [digestOf(sbom?.bytes ?? '')]);
});

test('what the real tool says is attached, read back with the content, and moves no digest', async (t) => {
  const shop = await opened(t);
  const plain = await shop.bundle();
  const reader = bundleReader(shop.store);
  assert.deepEqual(await reader.content(plain.digest), plain.content);
  const reading = await readProject(shop.root);
  const catalog = await buildCatalog(reading, { exact: 'never', environment: null });
  const exact = { ...catalog, assets: catalog.assets.map((asset) => ({ ...asset, exactness: 'exact' as const })) };
  const { store, key } = shop;
  const made = await makeBundle({ reading, catalog: exact, store, key, base: null, headgate: '0' });
  assert.equal(made.digest, plain.digest);
  assert.ok(made.content.assets.length > 0);
  assert.deepEqual(await reader.content(made.digest), made.content);
  assert.deepEqual((await verifyBundle(store, made.digest, [key])).problems, []);
});

async function pathsIn(shop: Workshop, blob: string): Promise<string[]> {
  const paths: string[] = [];
  await readTar(await shop.store.streamBlob(blob), { files: 100, bytes: 1e8 }, async (file, body) => {
    paths.push(file.path);
    for await (const _chunk of body);
  });
  return paths;
}
