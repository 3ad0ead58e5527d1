import type { BridgeDbtManifest, BridgeDbtNode } from '../../base/bridge/shapes.ts';
import { tableKey } from '../../model/data-keys.ts';
import type { Finding } from '../../model/finding.ts';
import { type AssetKey, partKey } from '../../model/identifiers.ts';
import { joinPath } from '../../model/join-path.ts';
import { isInside, normalFolder } from '../../model/path-schema.ts';
import type { ExactDiscovery, ExactInput, ExactReader } from '../contract.ts';
import { DbtPart } from './config.ts';
import { type DbtNode, dbtKey, nodeAssets } from './node-assets.ts';
import { readManifest } from './read-manifest.ts';

/**
 * The resources of a project as dbt itself sees them. Files that dbt finds at fault keep what their text says; when dbt
 * gives no manifest at all, everything does. Macros are always read from text: dbt's manifest says less of them.
 */
export const exact: ExactReader = async (input) => {
  const manifest = await readManifest(input);
  if ('absent' in manifest) return manifest;
  const folder = normalFolder(DbtPart.parse(input.part.settings).path);
  const findings = manifest.errors.map((error) => failure(folder, error));
  const all = [...manifest.nodes, ...manifest.sources, ...manifest.exposures];
  if (all.length === 0 && manifest.errors.length > 0) return { assets: [], edges: [], findings, covered: [] };
  const found = nodeAssets(partKey('dbt', input.part.name), nodesOf(input, folder, manifest), 'exact');
  return { ...found, findings, covered: coveredBy(input, folder, manifest) } satisfies ExactDiscovery;
};

/**
 * Every file but those with errors and those of macros. Without its packages dbt leaves out whole properties files that
 * use their tests: then only those count from which something came.
 */
function coveredBy(input: ExactInput, folder: string, manifest: BridgeDbtManifest): string[] {
  const failed = new Set(manifest.errors.map((error) => (error.path === null ? '' : joinPath(folder, error.path))));
  const withoutPackages = manifest.warnings.some((warning) =>
    /packages\.ya?ml$|dependencies\.ya?ml$/.test(warning.path ?? ''),
  );
  const said = new Set(
    [...manifest.nodes, ...manifest.sources, ...manifest.exposures].map((node) => joinPath(folder, node.path)),
  );
  return input.files.entries
    .map((entry) => entry.path)
    .filter((path) => isInside(path, folder) && !failed.has(path) && !holdsMacros(input, path))
    .filter((path) => !withoutPackages || !/\.ya?ml$/.test(path) || said.has(path));
}

function holdsMacros(input: ExactInput, path: string): boolean {
  return path.endsWith('.sql') && /\{%-?\s*(macro|test|data_test)\s/.test(input.files.text(path) ?? '');
}

const resources: { [type: string]: DbtNode['resource'] } = {
  model: 'model',
  seed: 'seed',
  snapshot: 'snapshot',
  test: 'test',
  source: 'source',
  exposure: 'exposure',
};

/** Nodes of installed packages have no file in the project: their paths are left out. */
function nodesOf(input: ExactInput, folder: string, manifest: BridgeDbtManifest): DbtNode[] {
  const paths = new Set(input.files.entries.map((entry) => entry.path));
  const byId = new Map<string, DbtNode>();
  for (const node of [...manifest.nodes, ...manifest.sources, ...manifest.exposures]) {
    const resource = resources[node.resourceType];
    if (resource === undefined) continue;
    const path = joinPath(folder, node.path);
    const made = nodeOf(node, resource, paths.has(path) ? path : null);
    const key = dbtKey(resource, made.id);
    // Tests that differ in their settings alone have one name; they are one asset.
    const known = byId.get(key);
    byId.set(
      key,
      known === undefined
        ? made
        : { ...known, dependsOn: [...new Set([...known.dependsOn, ...made.dependsOn])].sort() },
    );
  }
  return [...byId.values()];
}

function nodeOf(node: BridgeDbtNode, resource: DbtNode['resource'], path: string | null): DbtNode {
  const { name, tags, owner, materialized, schema, columns, contract, checksum, relation } = node;
  const table = resource === 'source' ? (node.identifier ?? node.alias ?? name) : node.alias;
  return {
    resource,
    id: idOf(node.uniqueId, resource),
    package: node.package,
    name,
    path,
    line: path === null || resource === 'source' || resource === 'exposure' || resource === 'test' ? null : 1,
    owner,
    tags: [...tags].sort(),
    materialized: resource === 'test' ? null : materialized,
    schema,
    alias: table,
    columns,
    fqn: fqnOf(node),
    dependsOn: node.dependsOn.flatMap(keyOf).sort(),
    more: {
      contract,
      checksum,
      relation,
      ...(resource === 'source' ? { source: sourceOf(node.uniqueId) } : {}),
      provides: providedBy(resource, schema, table),
    },
  };
}

/** `model.shop.orders.v2` is `shop.orders.v2`; the hash at the end of a generic test's id is no part of its name. */
function idOf(uniqueId: string, resource: DbtNode['resource']): string {
  const id = uniqueId.slice(uniqueId.indexOf('.') + 1);
  return resource === 'test' ? id.replace(/\.[0-9a-f]{10}$/, '') : id;
}

function keyOf(uniqueId: string): AssetKey[] {
  const resource = resources[uniqueId.slice(0, uniqueId.indexOf('.'))];
  return resource === undefined ? [] : [dbtKey(resource, idOf(uniqueId, resource))];
}

function sourceOf(uniqueId: string): string {
  return uniqueId.split('.')[2] ?? '';
}

/** The folders below the resource's own, as selectors see them. */
function fqnOf(node: BridgeDbtNode): string[] {
  const steps = node.path.split('/').slice(1, -1);
  return [node.package, ...steps, node.name];
}

/** The table that a built resource is in; an edge wherever somebody mentions it. */
function providedBy(resource: DbtNode['resource'], schema: string | null, table: string | null): string[] {
  const isBuilt = resource === 'model' || resource === 'seed' || resource === 'snapshot';
  const key = isBuilt && schema !== null && table !== null ? tableKey(`${schema}.${table}`) : null;
  return key === null ? [] : [key];
}

function failure(folder: string, error: { message: string; path: string | null; line: number | null }): Finding {
  return {
    check: 'catalog-exact',
    asset: null,
    path: error.path === null ? null : joinPath(folder, error.path),
    line: error.line,
    status: 'errored',
    severity: 'warning',
    message: `dbt cannot read this: ${error.message.replace(/\s+/g, ' ').slice(0, 400)}. What its text says was taken.`,
    hint: 'Run `headgate check` for the whole error.',
  };
}
