import assert from 'node:assert/strict';
import { cp, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { BundleContent } from '../../model/bundle.ts';
import { type Digest, digestOf, hexOf, partKey, unitKey } from '../../model/identifiers.ts';
import type { CollectOrder } from '../contract.ts';
import type { FileStore } from './file-store.ts';
import { folderStore } from './folder-store.ts';
import { LOCK_FILE } from './open-home.ts';
import { releaseHomeOn } from './release-home.ts';

const mark = { key: 'r/0', epoch: 3 };
const part = partKey('dbt', 'shop');
const unit = unitKey(part, null);
const [day, noon] = [86_400_000, Date.parse('2026-03-01T12:00:00Z')];
const bundleOf = (name: string) => digestOf(`bundle ${name}`);
const partOf = (name: string) => digestOf(`part ${name}`);

/** Which bundle has which part. `twin` shares the part of `live`; `elsewhere` is of another environment. */
const estate: { [bundle: string]: string } = {
  old: 'p0',
  older: 'p0',
  kept: 'p1',
  live: 'p2',
  twin: 'p2',
  elsewhere: 'p3',
};

let template: string;
const folders: string[] = [];
before(async () => {
  template = await newFolder();
  const home = releaseHomeOn(folderStore(template, LOCK_FILE));
  for (const [name, blob] of Object.entries(estate)) {
    const unpack = async (folder: string) => {
      await writeFile(join(folder, 'one.sql'), name);
      await writeFile(join(folder, 'two.sql'), name);
    };
    await home.uploadPart({ part, digest: partOf(blob), files: 2, mark, unpack });
    const environment = name === 'elsewhere' ? 'staging' : 'prod';
    await home.writeBundle({ bundle: bundleOf(name), environment, content: contentOf(blob), mark });
  }
  const to = { bundle: bundleOf('live'), part: partOf('p2'), fingerprint: digestOf('f') };
  await home.movePointer({ unit, expected: null, to, mark });
  await home.close();
});
after(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true }))));

async function newFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'headgate-collect-test-'));
  folders.push(folder);
  return folder;
}

function contentOf(blob: string): BundleContent {
  const one = { part, target: 'dbt', name: 'shop', blob: partOf(blob), bytes: 1, files: 2, settings: {}, units: [] };
  return { version: 1, project: 'p', parts: [one], environments: [], assets: [], edges: [], lock: null };
}

async function copy(wrap: (store: FileStore) => FileStore = (store) => store) {
  const folder = await newFolder();
  await cp(template, folder, { recursive: true });
  return { folder, home: releaseHomeOn(wrap(folderStore(folder, LOCK_FILE))) };
}

function order(days: number, more: Partial<CollectOrder> = {}): CollectOrder {
  const now = new Date(noon + days * day);
  const keep = { bundles: [bundleOf('kept')], parts: [] };
  return { environment: 'prod', keep, now, unusedSince: new Date(now.getTime() - day), dryRun: false, ...more };
}

async function left(folder: string): Promise<{ bundles: string[]; parts: string[] }> {
  const names = async (of: string) => {
    const entries = await readdir(join(folder, of), { withFileTypes: true, recursive: true });
    const files = entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
    return files.map((file) => /[0-9a-f]{64}/.exec(file)?.[0] ?? '');
  };
  const [bundles, parts] = [await names('bundles'), new Set(await names('parts'))];
  const known = (all: string[], digest: (name: string) => Digest, has: (hex: string) => boolean) =>
    all.filter((name) => has(hexOf(digest(name)))).sort();
  return {
    bundles: known(Object.keys(estate), bundleOf, (hex) => bundles.includes(hex)),
    parts: known(['p0', 'p1', 'p2', 'p3'], partOf, (hex) => parts.has(hex)),
  };
}

const all = { bundles: ['elsewhere', 'kept', 'live', 'old', 'older', 'twin'], parts: ['p0', 'p1', 'p2', 'p3'] };
const collected = { bundles: ['elsewhere', 'kept', 'live'], parts: ['p1', 'p2', 'p3'] };

test('what nothing needs is marked first, and removed when it was unused for the whole time', async () => {
  const { folder, home } = await copy();
  const first = await home.collect(order(0));
  assert.deepEqual([first.bundles, first.parts, first.kept, first.waiting], [[], [], 6, 3]);
  await home.collect(order(0.9));
  assert.deepEqual(await left(folder), all);
  const removed = await home.collect(order(1));
  assert.deepEqual(
    [removed.bundles.toSorted(), removed.parts, removed.kept, removed.waiting],
    [[bundleOf('old'), bundleOf('older'), bundleOf('twin')].sort(), [partOf('p0')], 3, 0],
  );
  assert.deepEqual(await left(folder), collected);
  assert.equal(await home.hasPart(partOf('p2')), true, 'the live bundle still has the part of its twin');
  assert.deepEqual((await home.collect(order(9))).bundles, []);
  await home.close();
});

test('a dry run says the same and changes nothing', async () => {
  const { folder, home } = await copy();
  await home.collect(order(0));
  const files = await readdir(folder, { recursive: true });
  const said = await home.collect(order(2, { dryRun: true }));
  assert.deepEqual(await readdir(folder, { recursive: true }), files);
  assert.deepEqual(await home.collect(order(2)), said);
  await home.close();
});

test('what was needed again in between begins anew, and what a pin holds stays with all its parts', async () => {
  const { folder, home } = await copy();
  await home.collect(order(0));
  await home.collect(order(0.5, { keep: { bundles: [bundleOf('kept'), bundleOf('old')], parts: [] } }));
  await home.collect(order(1, { keep: { bundles: [bundleOf('kept')], parts: [partOf('p0')] } }));
  const { bundles, parts } = await left(folder);
  assert.deepEqual([bundles, parts], [['elsewhere', 'kept', 'live', 'old'], all.parts]);
  await home.close();
});

test('it stops as soon as a newer rollout writes', async () => {
  let begun = false;
  const { folder, home } = await copy((store) => ({
    ...store,
    async write(path, bytes, expected) {
      const version = await store.write(path, bytes, expected);
      // Right after the marks are written a rollout with the next epoch begins.
      if (path.startsWith('notes/collect') && !begun) {
        begun = true;
        await store.write('epoch.json', Buffer.from('{"version":1,"epoch":4}'), 'any');
      }
      return version;
    },
  }));
  await home.collect(order(0, { unusedSince: new Date(noon) }));
  assert.deepEqual(await left(folder), all);
  await home.close();
});

test('a record that cannot be read might name anything, so nothing is removed', async () => {
  const { folder, home } = await copy();
  await home.collect(order(0));
  await writeFile(join(folder, 'bundles', `${hexOf(bundleOf('elsewhere'))}.json`), '{');
  await assert.rejects(home.collect(order(2)), { code: 'release-home-unreadable' });
  assert.deepEqual((await left(folder)).parts, all.parts);
  await home.close();
});

test('killed at any moment, no part is half there, and the next time finishes', async () => {
  for (let at = 0; ; at += 1) {
    const { folder, home } = await copy();
    await home.collect(order(0));
    await home.close();
    const dying = releaseHomeOn(dyingAt(at, folderStore(folder, LOCK_FILE)));
    const died = await dying.collect(order(2)).then(
      () => false,
      () => true,
    );
    await dying.close();
    const again = releaseHomeOn(folderStore(folder, LOCK_FILE));
    for (const name of ['p0', 'p1', 'p2', 'p3']) {
      const files = await readdir(join(folder, 'parts', hexOf(partOf(name)))).catch(() => []);
      if (await again.hasPart(partOf(name))) assert.equal(files.length, 2, `${name} after a death at ${at}`);
    }
    await again.collect(order(3));
    await again.collect(order(5));
    assert.deepEqual(await left(folder), collected, `after a death at ${at}`);
    await again.close();
    if (!died) {
      assert.ok(at > 5, 'it has died at each of the writes');
      return;
    }
  }
});

/** Throws instead of the write of this number; a tree is removed file by file, as an object store does. */
function dyingAt(number: number, store: FileStore): FileStore {
  let count = 0;
  const step = () => {
    count += 1;
    if (count > number) throw new Error('killed');
  };
  return {
    ...store,
    async write(...given) {
      step();
      return store.write(...given);
    },
    async remove(...given) {
      step();
      return store.remove(...given);
    },
    async removeTree(folder) {
      for (const path of await store.list(folder)) {
        step();
        await store.remove(path, 'any');
      }
    },
  };
}
