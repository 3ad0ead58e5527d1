import { existsSync } from 'node:fs';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileDigests, filesBelow } from '../../base/cache/file-digests.ts';
import { contentIdOf } from '../../base/git/content-id.ts';
import { joinPath } from '../../model/join-path.ts';
import type { JsonObject } from '../../model/json.ts';
import { isInside, normalFolder } from '../../model/path-schema.ts';
import type { ProjectFiles } from '../../model/project-files.ts';
import type { BasePart, CheckBase, CheckInput } from '../contract.ts';
import { DbtPart } from './config.ts';
import type { KeptBuilds } from './kept-builds.ts';
import { isMade, leadsOut } from './kept-readings.ts';
import { buildKey, type DbtInput, rehearse } from './read-manifest.ts';

/** A folder with the build of the base, or why there is none. */
export type BaseBuild = { folder: string } | { because: string };

type Wanted = { builds: KeptBuilds | null; scratch: string };

/**
 * The build of the base: the one that was kept, else it is made now in `scratch` from the files of the base, over the build that was kept
 * last where there is one, and then kept. What Git ignores in the project's folder, such as fetched packages, is taken as it is.
 */
export async function baseBuild(input: CheckInput, base: CheckBase, { builds, scratch }: Wanted): Promise<BaseBuild> {
  const was = await base.read();
  const place = placeOf(input, was);
  if ('because' in place) return place;
  const { folder, sourceData, paths, ignored } = place;
  const key = buildKey(input, { part: place.part, values: was.values }, contentsOf(paths, was.ids, ignored));
  const kept = key === null ? null : ((await builds?.find(key, join(scratch, 'base'))) ?? null);
  if (kept !== null) return { folder: kept };
  const root = join(scratch, 'project');
  const missing = await writeFiles(root, paths, was);
  if (missing !== null) return { because: `the base has ${missing}, whose content is not in this repository` };
  await linkFiles(root, input.root, ignored);
  const keep = join(scratch, 'made');
  await mkdir(keep);
  const said = await rehearse(
    { ...asBase(input, was), part: place.part, root },
    {
      ...{ what: 'build', sourceData, keep, earlier: (await builds?.last(join(scratch, 'last'))) ?? null },
      signal: input.control?.signal,
    },
  );
  if ('absent' in said || !existsSync(join(keep, 'state.json'))) {
    const why = 'absent' in said ? said.absent : said.errors[0]?.message.split('\n')[0];
    return { because: `the base could not be built here${why ? ` (${why.slice(0, 200)})` : ''}: ${folder || '.'}` };
  }
  if (key !== null) await builds?.keep(key, keep);
  return { folder: keep };
}

/** The key of the project as it is; null where nobody can tell what it rests on. */
export async function keyOfNow(input: CheckInput, sourceData: string | null): Promise<string | null> {
  const settings = DbtPart.parse(input.part.settings);
  const folder = normalFolder(settings.path);
  const at = join(input.root, folder);
  if (leadsOut(at, filesBelow(at, isMade))) return null;
  const paths = pathsBelow(input.files, [folder, ...(sourceData === null ? [] : [sourceData])]);
  const known = (await input.base?.read())?.idsNow;
  const ids = new Map(paths.map((path) => [path, known?.get(path) ?? contentIdOf(join(input.root, path)) ?? '']));
  return buildKey(input, { part: input.part, values: input.values }, contentsOf(paths, ids, ignoredIn(input, folder)));
}

type Place = {
  part: BasePart['part'] & object;
  folder: string;
  sourceData: string | null;
  paths: string[];
  ignored: Ignored[];
};

const PACKAGES = ['packages.yml', 'dependencies.yml', 'package-lock.yml'];

/** Where the project and its data are in the base, or why it cannot be built from its commit alone. */
function placeOf(input: CheckInput, was: BasePart): Place | { because: string } {
  if (was.part === null) return { because: 'the base has no such part' };
  const folder = normalFolder(DbtPart.parse(was.part.settings).path);
  if (!was.files.entries.some(({ path }) => path === joinPath(folder, 'dbt_project.yml')))
    return { because: `the base has no dbt project in ${folder || 'the root'}` };
  if (was.submodules.some((path) => isInside(path, folder)))
    return { because: 'some of the base is in another repository' };
  const at = join(input.root, normalFolder(DbtPart.parse(input.part.settings).path));
  if (leadsOut(at, filesBelow(at, isMade))) return { because: 'its settings name folders above it' };
  const ignored = ignoredIn(input, folder);
  const hasFetched = ignored.some(({ path }) => /\/dbt_(?:packages|modules)\//.test(`/${path}`));
  const moved = PACKAGES.map((name) => joinPath(folder, name)).some(
    (path) => was.ids.get(path) !== was.idsNow.get(path),
  );
  if (hasFetched && moved) return { because: 'the base has other packages than those that are fetched here' };
  const sourceData = sourceDataOf(was.part.settings, was.files);
  const paths = pathsBelow(was.files, [folder, ...(sourceData === null ? [] : [sourceData])]);
  return { part: was.part, folder, sourceData, paths, ignored };
}

/** The folder of source data that a part names, else `source-data` of the dbt project; null when there is none. */
export function sourceDataOf(settings: JsonObject, files: ProjectFiles): string | null {
  const { path, 'source-data': named } = DbtPart.parse(settings);
  const place = named === undefined ? joinPath(normalFolder(path), 'source-data') : normalFolder(named);
  return files.entries.some((entry) => isInside(entry.path, place)) ? place : null;
}

function asBase(input: CheckInput, { files, values }: BasePart): DbtInput {
  return { root: input.root, files, part: input.part, values, exact: input.exact, cache: null };
}

function pathsBelow(files: ProjectFiles, folders: readonly string[]): string[] {
  return files.entries
    .map(({ path }) => path)
    .filter((path) => folders.some((folder) => isInside(path, folder)))
    .sort();
}

type Ignored = { path: string; digest: string };

/** What stands in the folder and is no file of the project, with digests; what tools leave behind is left out. */
function ignoredIn(input: CheckInput, folder: string): Ignored[] {
  const known = new Set(input.files.entries.map(({ path }) => path));
  const digests = fileDigests();
  return filesBelow(join(input.root, folder), isMade)
    .map((path) => path.slice(input.root.length + 1))
    .filter((path) => !known.has(path))
    .map((path) => ({ path, digest: digests.of(join(input.root, path)) }));
}

function contentsOf(paths: readonly string[], ids: ReadonlyMap<string, string>, ignored: readonly Ignored[]): unknown {
  return [paths.map((path) => [path, ids.get(path) ?? null]), ignored];
}

async function writeFiles(root: string, paths: readonly string[], was: BasePart): Promise<string | null> {
  const contents = was.bytes(paths);
  for (const [index, path] of paths.entries()) {
    const bytes = contents[index] ?? null;
    if (bytes === null || isPointer(bytes)) return path;
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), bytes);
  }
  return null;
}

/** Git LFS keeps the content elsewhere. */
function isPointer(bytes: Uint8Array): boolean {
  return Buffer.from(bytes.subarray(0, 43)).toString('latin1') === 'version https://git-lfs.github.com/spec/v1\n';
}

async function linkFiles(root: string, from: string, ignored: readonly Ignored[]): Promise<void> {
  for (const { path } of ignored) {
    if (existsSync(join(root, path))) continue;
    await mkdir(dirname(join(root, path)), { recursive: true });
    await symlink(join(from, path), join(root, path));
  }
}
