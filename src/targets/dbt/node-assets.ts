import type { Asset, Edge } from '../../model/asset.ts';
import { tableKey } from '../../model/data-keys.ts';
import { type AssetKey, assetKey, type PartKey } from '../../model/identifiers.ts';
import type { JsonObject } from '../../model/json.ts';
import { mention } from '../../model/mention.ts';

/** A dbt resource, however it was read. `id` is its key's name: `package.name`, with `.v2` for a version. */
export type DbtNode = {
  resource: 'model' | 'source' | 'seed' | 'snapshot' | 'test' | 'exposure' | 'macro';
  id: string;
  package: string;
  name: string;
  path: string | null;
  line: number | null;
  owner: string | null;
  tags: string[];
  materialized: string | null;
  schema: string | null;
  alias: string | null;
  columns: { [name: string]: string | null };
  /** Folders and name, as selectors see them. */
  fqn: string[];
  dependsOn: AssetKey[];
  /** What else its reader knows of it. */
  more: JsonObject;
};

export function dbtKey(resource: DbtNode['resource'], id: string): AssetKey {
  return assetKey(`dbt:${resource}`, id);
}

/** The assets of dbt resources, the edges from what they read, and the warehouse tables that sources stand for. */
export function nodeAssets(
  part: PartKey,
  nodes: readonly DbtNode[],
  exactness: Asset['exactness'],
): { assets: Asset[]; edges: Edge[] } {
  const assets = nodes.map((node) => nodeAsset(part, node, exactness));
  const edges = nodes.flatMap((node) => {
    const to = dbtKey(node.resource, node.id);
    return node.dependsOn.map((from): Edge => ({ from, to, kind: 'feeds' }));
  });
  const macros = new Map(
    nodes.flatMap(({ resource, name, id }) => (resource === 'macro' ? [[name, id] as const] : [])),
  );
  const called = nodes.flatMap((node) => macroEdges(node, macros));
  const tables = nodes.flatMap((node) => (node.resource === 'source' ? warehouseTable(node, exactness) : []));
  return {
    assets: [...assets, ...tables.map((table) => table.asset)],
    edges: [...edges, ...called, ...tables.map((table) => table.edge)],
  };
}

/** What a changed macro does is said of each resource that it renders. */
function macroEdges(node: DbtNode, macros: ReadonlyMap<string, string>): Edge[] {
  const { macros: calls } = node.more;
  const names = Array.isArray(calls) ? calls.map((call) => String(call).split('.').at(-1) ?? '') : [];
  const to = dbtKey(node.resource, node.id);
  return [...new Set(names)].flatMap((name): Edge[] => {
    const id = macros.get(name);
    return id === undefined || dbtKey('macro', id) === to
      ? []
      : [{ from: dbtKey('macro', id), to, kind: 'configures' }];
  });
}

function nodeAsset(part: PartKey, node: DbtNode, exactness: Asset['exactness']): Asset {
  const { resource, id, name, path, line, owner, dependsOn: _, more, ...facts } = node;
  return {
    key: dbtKey(resource, id),
    kind: `dbt:${resource}`,
    name,
    part,
    path,
    line,
    owner,
    serviceLevel: null,
    sensitivity: [],
    exactness,
    facts: { ...facts, ...more, ...(more.provides === undefined ? buildsOf(node) : {}) },
  };
}

/** The table that a node is built as, where its text alone is known: dbt puts the environment's schema before a schema of its own. */
function buildsOf({ resource, schema, alias, name, materialized, more }: DbtNode): JsonObject {
  const isBuilt = ['model', 'seed', 'snapshot'].includes(resource) && materialized !== 'ephemeral';
  const table = alias ?? (more.version === undefined ? name : `${name}_v${String(more.version)}`);
  return isBuilt ? { builds: `*${schema ?? ''}.${table}` } : {};
}

function warehouseTable(node: DbtNode, exactness: Asset['exactness']): { asset: Asset; edge: Edge }[] {
  if (node.schema === null) return [];
  const table = `${node.schema}.${node.alias ?? node.name}`;
  const key = tableKey(table) ?? assetKey('warehouse:table', table);
  return [{ asset: mention(key, exactness), edge: { from: key, to: dbtKey('source', node.id), kind: 'feeds' } }];
}
