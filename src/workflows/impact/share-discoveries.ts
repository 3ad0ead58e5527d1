import { createHash } from 'node:crypto';
import type { Cache } from '../../base/cache/cache.ts';
import type { EntryFolder } from '../../base/cache/entry-folder.ts';
import { ownDigest } from '../../base/cache/own-digest.ts';
import { putDown, takeUp } from '../../base/cache/text-shelf.ts';
import { canonicalJson } from '../../model/json.ts';
import { pathsInside } from '../../model/paths-inside.ts';
import type { ProjectFiles } from '../../model/project-files.ts';
import type { DiscoverInput, Discovery, Target } from '../../targets/contract.ts';
import { targetById } from '../../targets/registry.ts';
import type { Discoverer } from '../project/build-catalog.ts';
import type { RevisionReading } from '../revision/read-revision.ts';
import { foldersOf } from './folders-of.ts';
import { isSameJson } from './same-json.ts';

/** One discovery with the files whose text it depends on, and Git's names of their contents (null: not there). */
type Written = { reads: [path: string, id: string | null][]; discovery: Discovery };
type Kept = Written & { key: string };

/**
 * Discoveries by all that they depend on: Headgate itself, the part's settings, the paths it may look at and the contents it did
 * look at. So two revisions share those of parts that do not differ between them, and so do two runs where there is a cache.
 */
export type SharedDiscoveries = {
  of(reading: RevisionReading): Discoverer;
  /** Reads from the cache what it has on these parts, at once. */
  recall(reading: RevisionReading): Promise<void>;
  /** Has at hand what earlier processes read out of single files; comparing reads the same files again. */
  takeTexts(): Promise<void>;
  /** Writes what was found anew into the cache. */
  keep(): Promise<void>;
};

/** Discoveries of a part that are kept: those of the two revisions. */
const MOST_KEPT = 2;

/** Where discoveries are kept between processes: `cache` whole ones, `texts` the readings of single files, under `name`. */
export type DiscoveryPlaces = { cache: Cache; texts: EntryFolder; name: string };

export function shareDiscoveries(places: DiscoveryPlaces | null): SharedDiscoveries {
  let taken: Promise<void> | null = null;
  const takeTexts = () => (taken ??= places === null ? Promise.resolve() : takeUp(places.texts, places.name));

  const known = new Map<string, Kept[]>();
  const fresh = new Map<string, string>();
  const keys = new WeakMap<ProjectFiles, (target: Target, input: DiscoverInput) => Scope>();

  function scopeOf(reading: RevisionReading, target: Target, input: DiscoverInput): Scope {
    const scopes = keys.get(reading.files) ?? scopesOf(reading);
    keys.set(reading.files, scopes);
    return scopes(target, input);
  }

  return {
    of: (reading) => async (target, input) => {
      const scope = scopeOf(reading, target, input);
      const versions = known.get(scope.part) ?? [];
      const found = versions.find((kept) => kept.key === scope.key && isCurrent(kept, reading));
      if (found !== undefined) return found.discovery;
      await takeTexts();
      const reads = new Set<string>();
      const read = await target.discover({ ...input, files: recording(input.files, scope, reads) });
      // What turns out as it was is the same object again, so that nothing that follows from it is worked out twice.
      const discovery = versions.find((kept) => isSameJson(kept.discovery, read))?.discovery ?? read;
      const kept: Kept = {
        key: scope.key,
        // A key of one's own folders holds their contents already.
        reads: scope.paths === null ? [...reads].sort().map((path) => [path, reading.ids.get(path) ?? null]) : [],
        discovery,
      };
      known.set(scope.part, [kept, ...versions].slice(0, MOST_KEPT));
      fresh.set(scope.key, scope.part);
      return discovery;
    },
    async recall(reading) {
      if (places === null) return;
      await Promise.all(
        reading.project.parts.map(async ({ target, part }) => {
          const scope = scopeOf(reading, targetById(target), { files: reading.files, part });
          const versions = known.get(scope.part) ?? [];
          if (versions.some(({ key }) => key === scope.key)) return;
          const text = await places.cache.get('discovery', scope.key);
          const written = text === null ? [] : recalled(text, versions, scope.key);
          known.set(scope.part, [...written, ...versions]);
        }),
      );
    },
    takeTexts,
    async keep() {
      if (places === null) return;
      const { cache, texts, name } = places;
      const writtenAt = (key: string, part: string) => (known.get(part) ?? []).filter((kept) => kept.key === key);
      await Promise.all(
        [...fresh].map(([key, part]) => cache.put('discovery', key, JSON.stringify(writtenAt(key, part)))),
      );
      await putDown(texts, name);
      fresh.clear();
    },
  };
}

/**
 * What a part may look at; `paths` null: everything. `key` names the part's settings and those paths, with their contents where they are
 * folders of the part's own.
 */
type Scope = { part: string; key: string; paths: ReadonlySet<string> | null };

function scopesOf(reading: RevisionReading): (target: Target, input: DiscoverInput) => Scope {
  const all = reading.files.entries.map(({ path }) => path);
  const everything = hashOf(all);
  const scopes = new Map<string, Scope>();
  return (target, input) => {
    const settings = canonicalJson([target.id, input.part]);
    const known = scopes.get(settings);
    if (known !== undefined) return known;
    const folders = foldersOf(target, input);
    const paths =
      folders === null
        ? null
        : [...new Set(folders.flatMap((folder) => pathsInside(reading.files.entries, folder)))].sort();
    const content = paths?.map((path) => `${path}\n${reading.ids.get(path) ?? ''}`) ?? null;
    const key = hashOf([ownDigest(), settings, content === null ? everything : hashOf(content)]);
    const scope = { part: settings, key, paths: paths === null ? null : new Set(paths) };
    scopes.set(settings, scope);
    return scope;
  };
}

/** The files of the scope alone, so that a discovery cannot depend on anything else; which texts were asked for is noted. */
function recording(files: ProjectFiles, { paths }: Scope, reads: Set<string>): ProjectFiles {
  return {
    entries: paths === null ? files.entries : files.entries.filter(({ path }) => paths.has(path)),
    text(path) {
      if (paths !== null && !paths.has(path)) return null;
      reads.add(path);
      return files.text(path);
    },
  };
}

function isCurrent({ reads }: Written, reading: RevisionReading): boolean {
  return reads.every(([path, id]) => (reading.ids.get(path) ?? null) === id);
}

/** A discovery that a part has already is the same object again. */
function recalled(text: string, versions: readonly Kept[], key: string): Kept[] {
  return parsed(text).map(({ reads, discovery }) => {
    const same = versions.find((kept) => isSameJson(kept.discovery, discovery));
    return { key, reads, discovery: same?.discovery ?? discovery };
  });
}

/** The cache gives back what this file wrote, whole or not at all. */
function parsed(text: string): Written[] {
  return JSON.parse(text) as Written[];
}

function hashOf(parts: readonly string[]): string {
  return createHash('sha256').update(parts.join('\0')).digest('hex');
}
