import { join } from 'node:path';
import { z } from 'zod';
import type { Cache } from '../../base/cache/cache.ts';
import { type FileDigests, fileDigests } from '../../base/cache/file-digests.ts';
import { ownDigest } from '../../base/cache/own-digest.ts';
import type { Catalog } from '../../delivery/catalog/catalog.ts';
import type { Finding } from '../../model/finding.ts';
import { digestOf, partKey } from '../../model/identifiers.ts';
import { canonicalJson } from '../../model/json.ts';
import type { ProjectFiles } from '../../model/project-files.ts';
import { targetById } from '../../targets/registry.ts';
import { buildCatalog, type CatalogOptions } from '../project/build-catalog.ts';
import type { ProjectReading } from '../project/read-project.ts';
import { valuesIn } from './check-inputs.ts';
import { KeptFinding } from './engine/kept-finding.ts';

/** What tells a catalogue from others without having it: what it has to say, and digests of it and of what was found in each part. */
export type CatalogSeal = { findings: Finding[]; all: string; parts: { [part: string]: string } };

/** A catalogue that is made when somebody asks for it. */
export type AskedCatalog = { get(): Promise<Catalog>; seal(): Promise<CatalogSeal> };

const Kept = z.object({
  exact: z.array(z.string()),
  findings: z.array(KeptFinding),
  all: z.string(),
  parts: z.record(z.string(), z.string()),
});

/** One that was made already. */
export function givenCatalog(catalog: Catalog): AskedCatalog {
  return { get: async () => catalog, seal: async () => sealOf(catalog) };
}

/**
 * One whose seal is kept under all that decides it: the project as it was read, every file of it, Headgate itself, and what the
 * readings by real tools rest on. `keep` null: it is made whenever anything of it is asked for.
 */
export function askedCatalog(reading: ProjectReading, options: CatalogOptions, keep: Cache | null): AskedCatalog {
  let made: Promise<Catalog> | null = null;
  let sealed: Promise<CatalogSeal> | null = null;
  const get = () => {
    made ??= buildCatalog(reading, options);
    return made;
  };
  const seal = async () => (keep === null ? sealOf(await get()) : keptSeal({ reading, options, cache: keep, get }));
  return {
    get,
    seal() {
      sealed ??= seal();
      return sealed;
    },
  };
}

type Asked = { reading: ProjectReading; options: CatalogOptions; cache: Cache; get(): Promise<Catalog> };

async function keptSeal({ reading, options, cache, get }: Asked): Promise<CatalogSeal> {
  const digests = digestsFor(reading.files);
  const key = keyOf(reading, options, digests);
  const text = await cache.get('catalogue', key);
  const kept = text === null ? null : Kept.safeParse(JSON.parse(text));
  if (kept?.success === true) {
    const { exact, ...seal } = kept.data;
    if (canonicalJson(exact) === canonicalJson(await exactIdentities(reading, options))) return seal;
  }
  const seal = sealOf(await get());
  const exact = await exactIdentities(reading, options);
  const isTold = seal.findings.every(({ status }) => status !== 'errored' && status !== 'flaky');
  const paths = reading.files.entries.map(({ path }) => join(reading.root, path));
  if (exact !== null && isTold && digests.areUnchanged(paths))
    await cache.put('catalogue', key, JSON.stringify({ exact, ...seal }));
  return seal;
}

function keyOf(reading: ProjectReading, { exact, environment }: CatalogOptions, digests: FileDigests): string {
  const { project, declared, findings, files, root } = reading;
  const states = files.entries.map(
    ({ path, size, executable }) => `${digests.of(join(root, path))} ${size} ${executable ? 'x' : '-'} ${path}`,
  );
  const facts = [ownDigest(), project, declared, findings, exact, environment];
  return digestOf(`${canonicalJson(facts)}\n${states.join('\n')}`);
}

/** What the readings by real tools rest on, in the order of the parts; null where one of them cannot tell. */
async function exactIdentities(reading: ProjectReading, { exact, environment, cache }: CatalogOptions) {
  if (exact === 'never') return [];
  const values = valuesIn(reading.project, environment);
  const identities: string[] = [];
  for (const { target, part } of reading.project.parts) {
    const { exact: reader, exactIdentity } = targetById(target);
    if (reader === null) continue;
    const input = { files: reading.files, root: reading.root, part, values, cache: cache ?? null };
    const identity = (await exactIdentity?.(input)) ?? null;
    if (identity === null) return null;
    identities.push(identity);
  }
  return identities;
}

function sealOf(catalog: Catalog): CatalogSeal {
  const parts = [...catalog.discoveries].map(([part, found]) => [part, digestOf(canonicalJson(found))]);
  return {
    findings: catalog.findings,
    all: digestOf(canonicalJson([catalog.assets, catalog.edges])),
    parts: Object.fromEntries(parts),
  };
}

const known = new WeakMap<ProjectFiles, FileDigests>();

/** The digests of a reading's files: each file is read once, whoever asks. */
export function digestsFor(files: ProjectFiles): FileDigests {
  const digests = known.get(files) ?? fileDigests();
  known.set(files, digests);
  return digests;
}

/** The key of a part in a seal. */
export function sealedPart(seal: CatalogSeal, target: string, name: string): string | null {
  return seal.parts[partKey(target, name)] ?? null;
}
