import { isDeepStrictEqual } from 'node:util';
import type { Edge } from '../../model/asset.ts';
import type { AssetKey } from '../../model/identifiers.ts';
import { isInside } from '../../model/path-schema.ts';
import type { Discovery, RediscoverInput } from '../contract.ts';
import { DbtPart } from './config.ts';
import type { Ref, Scan, SourceRef } from './jinja/scan.ts';
import { dbtKey } from './node-assets.ts';
import { genericFolders, macrosIn, scanOf } from './static/collect.ts';
import { type DbtProject, readDbtProject } from './static/dbt-project.ts';
import { calledScans } from './static/link.ts';

/**
 * The discovery of a dbt project, from the one before and the files alone that differ: of code only what its Jinja says counts there, and
 * of seeds that they are there. Null where more has to be read: YAML differs, files come or go, or more than what a resource refers to.
 */
export async function rediscover(input: RediscoverInput): Promise<Discovery | null> {
  const { files, part, before, changed } = input;
  const code = changed.filter((path) => /\.(sql|py|csv|ya?ml)$/.test(path));
  if (code.some((path) => /\.ya?ml$/.test(path))) return null;
  const { project } = readDbtProject(files, DbtPart.parse(part.settings).path, part.name);
  const [was, is] = [before.files, files].map((one) => new Set(one.entries.map(({ path }) => path)));
  if (!code.every((path) => was?.has(path) === true && is?.has(path) === true)) return null;
  const told = new Set(before.discovery.findings.map(({ path }) => path));
  const moved = new Map<string, Scan>();
  for (const path of code.filter((one) => !one.endsWith('.csv'))) {
    const [old, now] = [before.files.text(path), files.text(path)];
    if (old === null || now === null) return null;
    const [said, says] = [scanOf(path, old, project), scanOf(path, now, project)];
    if (isDeepStrictEqual(said, says)) continue;
    if (said === null || says === null || told.has(path) || !isDeepStrictEqual(ofItself(said), ofItself(says)))
      return null;
    // The line of what is referred to is told only with what is wrong about it.
    if (!isDeepStrictEqual(withoutLines(said), withoutLines(says))) moved.set(path, says);
  }
  return moved.size === 0 ? before.discovery : relinked(input, project, moved);
}

/** What a text says beside what it refers to. */
function ofItself({ refs: _refs, sources: _sources, blocks, ...rest }: Scan): object {
  return { ...rest, blocks: blocks.map((block) => ({ ...block, scan: withoutLines(block.scan) })) };
}

function withoutLines({ refs, sources, blocks, ...rest }: Scan): object {
  return {
    ...rest,
    refs: refs.map(({ line: _, ...ref }) => ref),
    sources: sources.map(({ line: _, ...source }) => source),
    blocks: blocks.map(({ scan, ...block }) => ({ ...block, scan: withoutLines(scan) })),
  };
}

/** The discovery before with other edges into the models and singular tests of these files. Null where that does not say it all. */
function relinked(
  { files, before: { discovery } }: RediscoverInput,
  project: DbtProject,
  moved: ReadonlyMap<string, Scan>,
): Discovery | null {
  const { models, macros: macroFolders, seeds, snapshots, tests } = project.folders;
  const others = [...macroFolders, ...seeds, ...snapshots, ...genericFolders(project)];
  const isPlain = (path: string) =>
    [...models, ...tests].some((folder) => isInside(path, folder)) && !others.some((folder) => isInside(path, folder));
  const names = namesOf(discovery);
  if (names === null || ![...moved.keys()].every(isPlain)) return null;
  const macros = new Map(macrosIn(files, project).map((macro) => [macro.block.name, macro]));
  let edges: readonly Edge[] = discovery.edges;
  for (const [path, scan] of moved) {
    const owners = discovery.assets.filter((asset) => asset.path === path && asset.facts.generic !== true);
    const [owner] = owners;
    const scans = [scan, ...calledScans(scan, macros)];
    if (scans.some((one) => one.unclear.length > 0)) return null;
    const found = scans.map((one) => keysOf(one, names, project));
    const isAllThere = found[0]?.includes(null) === false || project.hasPackages;
    const next = owner === undefined || !isAllThere ? null : replaced(edges, owner.key, found.flat());
    if (owners.length !== 1 || next === null) return null;
    edges = next;
  }
  return { ...discovery, edges: [...edges] };
}

type Names = { refs: ReadonlyMap<string, AssetKey>; keys: ReadonlySet<AssetKey> };

/** What a name means, as far as assets tell: null where a model has versions or a key stands for two. */
function namesOf({ assets }: Discovery): Names | null {
  const refs = new Map<string, AssetKey>();
  const keys = new Set<AssetKey>();
  for (const { key, kind, name, facts } of assets) {
    if (facts.version !== undefined || (keys.has(key) && kind.startsWith('dbt:'))) return null;
    keys.add(key);
    if (['dbt:model', 'dbt:seed', 'dbt:snapshot'].includes(kind) && !refs.has(name)) refs.set(name, key);
  }
  return { refs, keys };
}

/** Null stands for what nothing has. */
function keysOf({ refs, sources }: Scan, names: Names, project: DbtProject): (AssetKey | null)[] {
  const refKey = (ref: Ref) =>
    ref.package !== null && ref.package !== project.name
      ? dbtKey('model', `${ref.package}.${ref.name}`)
      : ref.version === null
        ? (names.refs.get(ref.name) ?? null)
        : null;
  const sourceKey = ({ source, table }: SourceRef) => {
    const key = dbtKey('source', `${project.name}.${source}.${table}`);
    return names.keys.has(key) ? key : null;
  };
  return [...refs.map(refKey), ...sources.map(sourceKey)];
}

/** The edges with others into `to`, in the place of those that were there. Null where there were none. */
function replaced(edges: readonly Edge[], to: AssetKey, from: readonly (AssetKey | null)[]): Edge[] | null {
  const isOld = (edge: Edge) => edge.to === to && edge.kind === 'feeds';
  const first = edges.findIndex(isOld);
  const last = edges.findLastIndex(isOld);
  if (first === -1 || !edges.slice(first, last).every(isOld)) return null;
  const keys = [...new Set(from)].filter((key) => key !== null && key !== to).sort();
  const fresh = keys.flatMap((key): Edge[] => (key === null ? [] : [{ from: key, to, kind: 'feeds' }]));
  return [...edges.slice(0, first), ...fresh, ...edges.slice(last + 1)];
}
