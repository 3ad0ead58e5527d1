import type { BundleStore } from '../../base/bundle-store.ts';
import { fail } from '../../base/errors.ts';
import type { SigningKey } from '../../base/signing.ts';
import { bundleManifest, manifestBytes } from '../../delivery/bundle/bundle-manifest.ts';
import { readingOf } from '../../delivery/bundle/bundle-reading.ts';
import { type LaidOutPart, type LeftOut, layOutParts } from '../../delivery/bundle/lay-out-parts.ts';
import { projectLayerPaths } from '../../delivery/bundle/project-layer.ts';
import type { Catalog } from '../../delivery/catalog/catalog.ts';
import type { BundleContent, BundlePart } from '../../model/bundle.ts';
import { type Digest, digestOf, type PartKey } from '../../model/identifiers.ts';
import { canonicalJson } from '../../model/json.ts';
import { targetById } from '../../targets/registry.ts';
import { buildCatalog } from '../project/build-catalog.ts';
import type { ProjectReading } from '../project/read-project.ts';
import { attachDocuments } from './attach-documents.ts';
import { asDigest, type PackedFiles, packFiles } from './pack-files.ts';
import { type PackableFiles, packableFiles } from './packable-files.ts';

/** `key` signs what is attached. `base` is the ref that authors are counted from. */
export type MakeBundleInput = {
  reading: ProjectReading;
  catalog: Catalog;
  store: BundleStore;
  key: SigningKey;
  base: string | null;
  headgate: string;
};

/** `size` counts each blob of the bundle once, its manifest and content too. `written` are the blobs that the store lacked. */
export type MadeBundle = {
  digest: Digest;
  size: number;
  /** With what the real tools say where they were asked. */
  content: BundleContent;
  written: Digest[];
  leftOut: LeftOut[];
};

/**
 * Makes the bundle of a project and puts it into the store, with what was read of it, SBOM and provenance attached.
 * The digest depends on the project's files alone: not on where, when, by whom or with which runtimes it is made.
 * Throws `bundle-undeclared`, `bundle-empty`, `bundle-file-outside`, `bundle-file-changed`, `bundle-store-unusable`.
 */
export async function makeBundle(input: MakeBundleInput): Promise<MadeBundle> {
  const { reading, store } = input;
  if (!reading.declared) throw fail('bundle-undeclared', { folder: reading.root });
  const packable = packableFiles(reading.root, reading.files);
  const identity = await buildCatalog(reading, { exact: 'never', environment: null });
  const { parts, leftOut } = layOut(reading, identity, packable);
  if (parts.length === 0) throw fail('bundle-empty', { project: reading.project.name });
  const packed = new Map<PartKey, PackedFiles>();
  for (const part of parts) packed.set(part.part, await packFiles(part.paths.map(packable.source), store));
  const project = await packFiles(projectLayerPaths(reading.files).map(packable.source), store);
  const lock = lockOf(reading, packable);
  const content = contentOf({ reading, catalog: identity, parts, packed, lock });
  const stored = await storeBundle({ store, content, project });
  const exact = layOut(reading, input.catalog, packable).parts;
  const known = contentOf({ reading, catalog: input.catalog, parts: withUnitsOf(parts, exact), packed, lock });
  const { root, files } = reading;
  await attachDocuments({ ...input, root, files, digest: stored.digest, content, read: readingOf(content, known) });
  const blobs = [...packed.values(), project];
  return {
    digest: stored.digest,
    size: stored.size + sizeOf(blobs),
    content: known,
    written: [...blobs.filter((blob) => blob.written).map((blob) => blob.digest), ...stored.written],
    leftOut,
  };
}

function layOut(reading: ProjectReading, catalog: Catalog, packable: PackableFiles) {
  return layOutParts({
    parts: reading.project.parts,
    files: reading.files,
    discoveries: catalog.discoveries,
    delivery: (target) => targetById(target).delivery,
    fileDigest: packable.digest,
  });
}

type ContentInput = {
  reading: ProjectReading;
  catalog: Catalog;
  parts: LaidOutPart[];
  packed: Map<PartKey, PackedFiles>;
  lock: Digest | null;
};

function contentOf({ reading, catalog, parts, packed, lock }: ContentInput): BundleContent {
  const optional = reading.project.values.filter((value) => !value.required);
  const defaults = Object.fromEntries(optional.map((value) => [value.name, value.default]));
  return {
    version: 1,
    project: reading.project.name,
    parts: parts.flatMap(({ paths: _paths, ...part }): BundlePart[] => {
      const blob = packed.get(part.part);
      return blob === undefined ? [] : [{ ...part, blob: blob.digest, bytes: blob.size, files: blob.files }];
    }),
    environments: reading.project.environments.map((one) => ({ ...one, values: { ...defaults, ...one.values } })),
    assets: catalog.assets,
    edges: catalog.edges,
    lock,
  };
}

/** The same parts, with the units that the real tools see in them. */
function withUnitsOf(parts: LaidOutPart[], exact: LaidOutPart[]): LaidOutPart[] {
  return parts.map((part) => ({
    ...part,
    units: exact.find((candidate) => candidate.part === part.part)?.units ?? part.units,
  }));
}

function lockOf(reading: ProjectReading, packable: PackableFiles): Digest | null {
  return reading.files.entries.some((entry) => entry.path === 'headgate.lock')
    ? packable.digest('headgate.lock')
    : null;
}

async function storeBundle(input: { store: BundleStore; content: BundleContent; project: PackedFiles }) {
  const { store, content, project } = input;
  const bytes = Buffer.from(canonicalJson(content));
  const config = { digest: digestOf(bytes), size: bytes.length };
  const { written } = await store.putBlob(bytes, config.digest);
  const manifest = manifestBytes(
    bundleManifest({ content, config, project: { digest: project.digest, size: project.size } }),
  );
  const digest = asDigest(await store.putManifest(manifest));
  return { digest, size: bytes.length + manifest.length, written: written ? [config.digest] : [] };
}

function sizeOf(blobs: readonly PackedFiles[]): number {
  const sizes = new Map(blobs.map((blob) => [blob.digest, blob.size]));
  return [...sizes.values()].reduce((sum, size) => sum + size, 0);
}
