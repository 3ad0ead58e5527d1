import type { Asset, Edge } from '../../model/asset.ts';
import type { AssetKey } from '../../model/identifiers.ts';
import { normalFolder } from '../../model/path-schema.ts';
import type { KnownAssets, RunResolver } from '../contract.ts';
import { createSelector, type Upstream } from './select.ts';

/** Resource kinds that a verb of dbt works on; verbs that change nothing have none. */
const worksOn: { [verb: string]: readonly string[] } = {
  build: ['dbt:model', 'dbt:seed', 'dbt:snapshot'],
  run: ['dbt:model'],
  retry: ['dbt:model', 'dbt:seed', 'dbt:snapshot'],
  clone: ['dbt:model'],
  seed: ['dbt:seed'],
  snapshot: ['dbt:snapshot'],
  test: ['dbt:test'],
  source: ['dbt:source'],
  freshness: ['dbt:source'],
};

/**
 * The resources that a dbt command of a task works on. A selection that only dbt could evaluate counts as all of the
 * project. `unknown` when the project cannot be told.
 */
export function resolveRuns(known: KnownAssets): RunResolver {
  const projects = known.parts.filter((part) => part.target === 'dbt');
  const byPart = new Map(projects.map(({ part }) => [part.name, assetsOf(known, part.name)]));
  let upstream: Upstream | null = null;
  const reads = () => (upstream ??= upstreamOf(known.edges));
  const selectors = new Map([...byPart].map(([name, assets]) => [name, createSelector(assets, reads)]));
  return (from, run) => {
    if (run.kind !== 'dbt') return null;
    const [verb = '', ...selection] = run.detail.split(/\s+/).filter((word) => word !== '');
    if (/[*{]/.test(verb)) return 'unknown';
    const kinds = worksOn[verb];
    if (kinds === undefined) return [];
    const named = projectsNamed(
      projects.map(({ part }) => ({ name: part.name, path: String(part.settings.path ?? '') })),
      run.ref,
      byPart,
    );
    if (named === null) return 'unknown';
    const keys = named.flatMap((name) => selectors.get(name)?.(selection, kinds) ?? []);
    return keys.map((to): Edge => ({ from, to, kind: 'runs' }));
  };
}

const listed = new WeakMap<readonly Asset[], Map<string, readonly Asset[]>>();

/** The same list for the same assets. */
function assetsOf({ assets }: KnownAssets, part: string): readonly Asset[] {
  const ofAssets = listed.get(assets) ?? new Map<string, readonly Asset[]>();
  listed.set(assets, ofAssets);
  const found = ofAssets.get(part) ?? assets.filter((asset) => asset.part === `dbt/${part}`);
  ofAssets.set(part, found);
  return found;
}

function upstreamOf(edges: readonly Edge[]): Map<AssetKey, AssetKey[]> {
  const upstream = new Map<AssetKey, AssetKey[]>();
  for (const { from, to, kind } of edges) {
    if (kind !== 'feeds' || !to.startsWith('dbt:')) continue;
    const known = upstream.get(to);
    if (known === undefined) upstream.set(to, [from]);
    else known.push(from);
  }
  return upstream;
}

/** The parts that a reference may mean: by name, dbt project name or the end of its path. Null when none can be told. */
function projectsNamed(
  parts: { name: string; path: string }[],
  ref: string,
  byPart: ReadonlyMap<string, readonly Asset[]>,
): string[] | null {
  const wanted = normalFolder(ref.replace(/\{\{[^}]*\}\}|\$\{?\w+\}?/g, '*')).replace(/^\**\/?/, '');
  const fits = parts.filter(({ name, path }) => {
    const folder = normalFolder(path);
    const packageName = byPart.get(name)?.[0]?.facts.package;
    return (
      wanted !== '' &&
      (wanted === name ||
        wanted === packageName ||
        wanted === folder ||
        folder.endsWith(`/${wanted}`) ||
        wanted.endsWith(`/${folder}`) ||
        lastOf(wanted) === lastOf(folder))
    );
  });
  const exact = fits.filter(({ name, path }) => wanted === name || wanted === normalFolder(path));
  const chosen = exact.length > 0 ? exact : fits.length > 0 ? fits : parts.length === 1 ? parts : [];
  return chosen.length === 0 ? null : chosen.map(({ name }) => name);
}

function lastOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
