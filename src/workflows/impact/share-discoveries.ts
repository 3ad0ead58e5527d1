import { createHash } from 'node:crypto';
import type { Cache } from '../../base/cache/cache.ts';
import type { EntryFolder } from '../../base/cache/entry-folder.ts';
import { ownDigest } from '../../base/cache/own-digest.ts';
import { putDown, takeUp } from '../../base/cache/text-shelf.ts';
import { isInside } from '../../model/path-schema.ts';
import { pathsInside } from '../../model/paths-inside.ts';
import type { ProjectFiles } from '../../model/project-files.ts';
import type { DiscoverInput, Discovery, Target } from '../../targets/contract.ts';
import { targetById } from '../../targets/registry.ts';
import type { Discoverer } from '../project/build-catalog.ts';
import type { RevisionReading } from '../revision/read-revision.ts';
import { type Folders, foldersOf, settingsOf } from './folders-of.ts';
import { isSameJson } from './same-json.ts';
import { differenceOf, type SeenFiles, seenFiles } from './seen-files.ts';

/** One discovery with the files whose text it depends on, and Git's names of their contents (null: not there). */
type Written = { reads: [path: string, id: string | null][]; discovery: Discovery };

/**
 * `seen`: files of which it is the discovery, as last met; null until it was asked for. `read`: such files with texts that stay what they
 * are, null where there are none; `isOfCommit`: they are those of a commit.
 */
type Kept = Written & {
  key: string;
  seen: { files: SeenFiles; folders: Folders } | null;
  read: { files: SeenFiles; folders: Folders; texts: ProjectFiles; isOfCommit: boolean } | null;
};

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

  async function discovered(reading: RevisionReading, target: Target, input: DiscoverInput): Promise<Kept> {
    const scope = scopeOf(reading, target, input);
    const versions = known.get(scope.part) ?? [];
    await takeTexts();
    const texts = new Map<string, string | null>();
    const files = recording(input.files, scope, texts);
    const found = await target.discover({ ...input, files });
    // What turns out as it was is the same object again, so that nothing that follows from it is worked out twice.
    const discovery = versions.find((kept) => isSameJson(kept.discovery, found))?.discovery ?? found;
    const read = { entries: files.entries, text: (path: string) => texts.get(path) ?? null };
    const kept: Kept = {
      key: scope.key,
      // A key of one's own folders holds their contents already.
      reads: scope.paths === null ? [...texts.keys()].sort().map((path) => [path, reading.ids.get(path) ?? null]) : [],
      discovery,
      seen: null,
      read: { files: seenFiles(reading), folders: scope.folders, texts: read, isOfCommit: reading.commit !== null },
    };
    known.set(scope.part, [kept, ...worthKeeping(versions)]);
    fresh.set(scope.key, scope.part);
    return kept;
  }

  /** From a discovery that is there, where its target can tell by what differs since. */
  async function rediscovered(reading: RevisionReading, target: Target, input: DiscoverInput): Promise<Kept | null> {
    const folders = foldersOf(target, input);
    if (target.rediscover === undefined || folders === null) return null;
    const part = settingsOf(target, input.part);
    const versions = known.get(part) ?? [];
    for (const { read, discovery } of versions) {
      if (read === null || !isSameJson(read.folders, folders)) continue;
      const { lone, changed } = differenceOf(read.files, seenFiles(reading));
      const own = [...lone, ...changed].filter((path) => isAnyInside([path], folders));
      const texts = new Map(own.map((path) => [path, input.files.text(path)]));
      const before = { files: read.texts, discovery };
      const found = await target.rediscover({ ...input, before, changed: own });
      const same = versions.find((kept) => kept.discovery === found);
      if (same !== undefined) return same;
      if (found === null) continue;
      const files = { files: seenFiles(reading), folders, texts: withTexts(read.texts, input.files, texts) };
      const kept: Kept = { key: '', reads: [], discovery: found, seen: null, read: { ...files, isOfCommit: false } };
      known.set(part, [kept, ...worthKeeping(versions)]);
      return kept;
    }
    return null;
  }

  return {
    of: (reading) => async (target, input) => {
      const versions = known.get(settingsOf(target, input.part)) ?? [];
      const folders = foldersOf(target, input);
      const found =
        versions.find((kept) => isStill(kept, reading, folders)) ??
        versions.find((kept) => kept.seen === null && isRecalled(kept, reading, scopeOf(reading, target, input))) ??
        (await rediscovered(reading, target, input)) ??
        (await discovered(reading, target, input));
      const files = seenFiles(reading);
      found.seen = { files, folders };
      if (reading.commit !== null) found.read = { files, folders, texts: reading.files, isOfCommit: true };
      return found.discovery;
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
      const writtenAt = (key: string, part: string): Written[] =>
        (known.get(part) ?? [])
          .filter((kept) => kept.key === key)
          .map(({ reads, discovery }) => ({ reads, discovery }));
      await Promise.all(
        [...fresh].map(([key, part]) => cache.put('discovery', key, JSON.stringify(writtenAt(key, part)))),
      );
      await putDown(texts, name);
      fresh.clear();
    },
  };
}

type Laid = { under: ProjectFiles; texts: ReadonlyMap<string, string | null> };
const laid = new WeakMap<ProjectFiles, Laid>();

/** The entries of `files` with these texts and, where there is none among them, those of `under`; however often, in two layers. */
function withTexts(
  under: ProjectFiles,
  { entries }: ProjectFiles,
  texts: ReadonlyMap<string, string | null>,
): ProjectFiles {
  const below = laid.get(under) ?? { under, texts: new Map<string, string | null>() };
  const all = new Map([...below.texts, ...texts]);
  const made: ProjectFiles = {
    entries,
    text: (path) => (all.has(path) ? (all.get(path) ?? null) : below.under.text(path)),
  };
  laid.set(made, { under: below.under, texts: all });
  return made;
}

/** Beside a new version of a part: that of a commit, which is compared with again and again, else the latest. */
function worthKeeping(versions: readonly Kept[]): Kept[] {
  const kept = versions.find(({ read }) => read?.isOfCommit === true) ?? versions[0];
  return kept === undefined ? [] : [kept];
}

/** Whether nothing that the part depends on differs from the files that were seen. */
function isStill({ seen, reads }: Kept, reading: RevisionReading, folders: Folders): boolean {
  if (seen === null || !isSameJson(seen.folders, folders)) return false;
  const { lone, changed } = differenceOf(seen.files, seenFiles(reading));
  if (folders === null) return lone.length === 0 && (changed.size === 0 || !reads.some(([path]) => changed.has(path)));
  return !isAnyInside(lone, folders) && !isAnyInside(changed, folders);
}

function isAnyInside(paths: Iterable<string>, folders: readonly string[]): boolean {
  for (const path of paths) if (folders.some((folder) => isInside(path, folder))) return true;
  return false;
}

function isRecalled({ key, reads }: Kept, reading: RevisionReading, scope: Scope): boolean {
  return key === scope.key && reads.every(([path, id]) => (reading.ids.get(path) ?? null) === id);
}

/**
 * What a part may look at; `paths` null: everything. `key` names the part's settings and those paths, with their contents where they are
 * folders of the part's own.
 */
type Scope = { part: string; key: string; folders: Folders; paths: ReadonlySet<string> | null };

function scopesOf(reading: RevisionReading): (target: Target, input: DiscoverInput) => Scope {
  let everything: string | null = null;
  const scopes = new Map<string, Scope>();
  return (target, input) => {
    const settings = settingsOf(target, input.part);
    const known = scopes.get(settings);
    if (known !== undefined) return known;
    const folders = foldersOf(target, input);
    const paths =
      folders === null
        ? null
        : [...new Set(folders.flatMap((folder) => pathsInside(reading.files.entries, folder)))].sort();
    const content = paths?.map((path) => `${path}\n${reading.ids.get(path) ?? ''}`) ?? null;
    everything ??= hashOf(reading.files.entries.map(({ path }) => path));
    const key = hashOf([ownDigest(), settings, content === null ? everything : hashOf(content)]);
    const scope = { part: settings, key, folders, paths: paths === null ? null : new Set(paths) };
    scopes.set(settings, scope);
    return scope;
  };
}

/** The files of the scope alone, so that a discovery cannot depend on anything else; which texts were asked for is noted. */
function recording(files: ProjectFiles, { paths }: Scope, texts: Map<string, string | null>): ProjectFiles {
  return {
    entries: paths === null ? files.entries : files.entries.filter(({ path }) => paths.has(path)),
    text(path) {
      if (paths !== null && !paths.has(path)) return null;
      const text = files.text(path);
      texts.set(path, text);
      return text;
    },
  };
}

/** A discovery that a part has already is the same object again. */
function recalled(text: string, versions: readonly Kept[], key: string): Kept[] {
  return parsed(text).map(({ reads, discovery }) => {
    const same = versions.find((kept) => isSameJson(kept.discovery, discovery));
    return { key, reads, discovery: same?.discovery ?? discovery, seen: null, read: null };
  });
}

/** The cache gives back what this file wrote, whole or not at all. */
function parsed(text: string): Written[] {
  return JSON.parse(text) as Written[];
}

function hashOf(parts: readonly string[]): string {
  return createHash('sha256').update(parts.join('\0')).digest('hex');
}
