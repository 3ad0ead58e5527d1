import type { Asset, Edge } from '../../model/asset.ts';
import type { Environment } from '../../model/environment.ts';
import { fillTemplates } from '../../model/fill-templates.ts';
import { type AssetKey, parseAssetKey } from '../../model/identifiers.ts';
import type { Json } from '../../model/json.ts';

/** Edges that only all parts together show: what one makes and another one names. */
export function linkedData(input: {
  assets: readonly Asset[];
  edges: readonly Edge[];
  environments: readonly Environment[];
}): Edge[] {
  return [...providedEdges(input.assets), ...builtEdges(input.assets, input.edges), ...folderEdges(input)];
}

/** `facts.provides` names assets that this one makes; each one that the catalogue has is fed by it. */
function providedEdges(assets: readonly Asset[]): Edge[] {
  const providing = assets.filter((asset) => asset.facts.provides !== undefined);
  if (providing.length === 0) return [];
  const known = new Set(assets.map((asset) => asset.key));
  return providing.flatMap((asset) =>
    textsIn(asset.facts.provides)
      .map(parseAssetKey)
      .flatMap((to): Edge[] => (to !== null && known.has(to) ? [{ from: asset.key, to, kind: 'feeds' }] : [])),
  );
}

/**
 * `facts.builds` is the name of the table that this asset builds, `*` for what of it only an environment tells. A table that is mentioned
 * and that somebody builds under such a name is fed by it. What a part reads is not what it builds.
 */
function builtEdges(assets: readonly Asset[], edges: readonly Edge[]): Edge[] {
  const builders = Map.groupBy(
    assets.filter((asset) => typeof asset.facts.builds === 'string'),
    ({ facts }) => lastStep(String(facts.builds)),
  );
  if (builders.size === 0) return [];
  const tables = assets.filter((asset) => asset.part === null && asset.kind === 'warehouse:table');
  const built = tables
    .map((table) => ({
      ...table,
      fitting: (builders.get(lastStep(table.name)) ?? []).filter(({ facts }) => fits(table.name, String(facts.builds))),
    }))
    .filter(({ fitting }) => fitting.length > 0);
  if (built.length === 0) return [];
  const partOf = new Map(assets.map((asset) => [asset.key, asset.part]));
  const readers = Map.groupBy(edges, (edge) => edge.from);
  return built.flatMap(({ key, fitting }) => {
    const reading = new Set((readers.get(key) ?? []).map((edge) => partOf.get(edge.to)));
    return fitting
      .filter((builder) => !reading.has(builder.part))
      .map((builder): Edge => ({ from: builder.key, to: key, kind: 'feeds' }));
  });
}

function lastStep(name: string): string {
  return name.slice(name.lastIndexOf('.') + 1).toLowerCase();
}

function fits(name: string, pattern: string): boolean {
  const [schema = '', wanted = ''] = [name, pattern.toLowerCase()].map((one) => one.slice(0, one.lastIndexOf('.')));
  return wanted.startsWith('*') ? schema.endsWith(wanted.slice(1)) : schema === wanted;
}

/**
 * Who reads a folder reads what is written below it, and the other way round. Two paths are compared as each environment fills them in,
 * as far as an environment does.
 */
function folderEdges({ assets, edges, environments }: Parameters<typeof linkedData>[0]): Edge[] {
  const paths = assets.filter((asset) => asset.kind === 'storage:path');
  if (paths.length < 2) return [];
  const written = new Set(edges.filter((edge) => edge.kind !== 'describes').map((edge) => edge.to));
  const found = new Map<string, Edge>();
  for (const values of [{}, ...environments.map((one) => one.values)]) {
    for (const [inner, outer] of nested(paths, values)) {
      if (written.has(inner)) add(inner, outer);
      if (written.has(outer)) add(outer, inner);
    }
  }
  return [...found.values()];

  function add(from: AssetKey, to: AssetKey): void {
    found.set(`${from}\n${to}`, { from, to, kind: 'feeds' });
  }
}

/** Pairs of a path and the nearest folder above it, or another name of the same place. */
function nested(paths: readonly Asset[], values: { [name: string]: Json }): [inner: AssetKey, outer: AssetKey][] {
  const places = Map.groupBy(paths, ({ name }) => placeOf(String(fillTemplates(name, values))));
  return [...places].flatMap(([place, here]) => {
    const [first] = here;
    if (first === undefined) return [];
    const same = here.slice(1).map((one): [AssetKey, AssetKey] => [one.key, first.key]);
    for (let end = place.lastIndexOf('/'); end > 0; end = place.lastIndexOf('/', end - 1)) {
      const above = places.get(place.slice(0, end))?.[0];
      if (above !== undefined) return [...same, [first.key, above.key] as [AssetKey, AssetKey]];
    }
    return same;
  });
}

function placeOf(name: string): string {
  return name.replace(/^s3[an]:/, 's3:').replace(/\/+$/, '');
}

function textsIn(value: Json | undefined): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}
