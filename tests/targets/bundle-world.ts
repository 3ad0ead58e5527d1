import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type BundleStore, openBundleStore } from '../../src/base/bundle-store.ts';
import { resolveSecret } from '../../src/base/secrets.ts';
import { createSigningKey } from '../../src/base/signing.ts';
import { wantedPointers } from '../../src/delivery/plan/wanted-pointers.ts';
import { type Digest, digestOf, hexOf, type PartKey, targetOf, type UnitKey } from '../../src/model/identifiers.ts';
import { settingsDigest, settingsOf } from '../../src/model/settings.ts';
import type { ConformanceVersion } from '../../src/targets/conformance.ts';
import type { Delivery, TargetWorld } from '../../src/targets/contract.ts';
import { targetById } from '../../src/targets/registry.ts';
import { makeBundle } from '../../src/workflows/bundle/make-bundle.ts';
import { bundleReader } from '../../src/workflows/bundle/read-bundle.ts';
import { buildCatalog } from '../../src/workflows/project/build-catalog.ts';
import { readProject } from '../../src/workflows/project/read-project.ts';

export type Files = { [path: string]: string };

/** A folder of its own, with a bundle store, a release home and room for projects. */
export type BundleWorld = {
  folder: string;
  home: string;
  store: BundleStore;
  world: TargetWorld;
  /** Makes the bundle of a project that has exactly these files. */
  version(files: Files, unit: UnitKey): Promise<ConformanceVersion>;
  snapshot(): Promise<string>;
  cutUpload(part: Digest): Promise<void>;
  close(): Promise<void>;
};

export async function bundleWorld(environment: string): Promise<BundleWorld> {
  const folder = await mkdtemp(join(tmpdir(), 'headgate-target-'));
  const store = openBundleStore(join(folder, 'bundles'));
  const home = join(folder, 'home');
  let projects = 0;
  return {
    folder,
    home,
    store,
    world: { environment, bundles: bundleReader(store), secret: resolveSecret, now: () => new Date() },
    async version(files, unit) {
      projects += 1;
      const root = join(folder, `project-${projects}`);
      await writeFiles(root, files);
      return versionOf({ root, store, environment, unit });
    },
    snapshot: () => snapshotOf(home),
    cutUpload: (part) => rm(join(home, 'parts', `${hexOf(part)}.json`)),
    close: () => rm(folder, { recursive: true, force: true }),
  };
}

async function writeFiles(root: string, files: Files): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  }
}

/** The delivering half of a target that has one. */
export function deliveryOf(target: string): Delivery {
  const { delivery } = targetById(target);
  assert.ok(delivery, `${target} has a delivery`);
  return delivery;
}

async function versionOf(input: {
  root: string;
  store: BundleStore;
  environment: string;
  unit: UnitKey;
}): Promise<ConformanceVersion> {
  const { root, store, environment, unit } = input;
  const reading = await readProject(root);
  const catalog = await buildCatalog(reading, { exact: 'never', environment: null });
  const key = createSigningKey();
  const { digest, content } = await makeBundle({ reading, catalog, store, key, base: null, headgate: 'test' });
  const target = targetOf(unit);
  const deliveries = { [target]: deliveryOf(target) };
  const pointer = wantedPointers({ environment, bundle: digest, content, deliveries }).get(unit);
  const settings = settingsOf(content, environment, unit.split('#')[0] as string as PartKey);
  assert.ok(pointer && settings, `the bundle has ${unit} in ${environment}`);
  return { pointer, settings: settingsDigest(settings) };
}

/** Path and digest of every file, without locks and logs, which hold no state. */
async function snapshotOf(folder: string): Promise<string> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const kept = files.filter((file) => !/\/\.lock|\/runs\//.test(file.slice(folder.length))).sort();
  const lines = kept.map(async (file) => `${file.slice(folder.length)} ${digestOf(await readFile(file))}`);
  return (await Promise.all(lines)).join('\n');
}
