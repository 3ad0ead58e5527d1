import { didYouMean } from '../../base/did-you-mean.ts';
import { fail } from '../../base/errors.ts';
import type { Catalog } from '../../delivery/catalog/catalog.ts';
import { type ColumnStep, columnLineage } from '../../delivery/catalog/column-lineage.ts';
import { type Direction, lineageOf, type Relative } from '../../delivery/catalog/lineage.ts';
import type { Edge } from '../../model/asset.ts';
import type { AssetColumns } from '../../model/columns.ts';
import { type AssetKey, parseAssetKey } from '../../model/identifiers.ts';
import { buildCatalog } from '../project/build-catalog.ts';
import { type ProjectReading, readProject } from '../project/read-project.ts';
import { columnsOf } from './columns-of.ts';

export type LineageRequest = {
  key: string;
  directions: readonly Direction[];
  column: string | null;
  depth: number | null;
};

/** `columns` is null unless a column was asked for. */
export type Lineage = {
  key: AssetKey;
  column: string | null;
  up: Relative[] | null;
  down: Relative[] | null;
  edges: Edge[];
  columns: ColumnStep[] | null;
};

/**
 * The lineage of an asset of the project that `folder` is in, from its text.
 * Throws `asset-unknown` and, where the columns of the asset are known, `column-unknown`.
 */
export async function traceLineage(folder: string, request: LineageRequest): Promise<Lineage> {
  const reading = await readProject(folder);
  const catalog = await buildCatalog(reading, { exact: 'never', environment: null });
  const key = keyIn(catalog, request.key);
  const trace = (direction: Direction) => lineageOf({ ...catalog, key, direction, depth: request.depth });
  const up = request.directions.includes('up') ? trace('up') : null;
  const down = request.directions.includes('down') ? trace('down') : null;
  return {
    key,
    column: request.column,
    up: up?.relatives ?? null,
    down: down?.relatives ?? null,
    edges: [...new Set([...(up?.edges ?? []), ...(down?.edges ?? [])])],
    columns:
      request.column === null ? null : await columnSteps(reading, catalog, { ...request, key, column: request.column }),
  };
}

type ColumnRequest = LineageRequest & { key: AssetKey; column: string };

async function columnSteps(reading: ProjectReading, catalog: Catalog, request: ColumnRequest): Promise<ColumnStep[]> {
  const { key, column } = request;
  const all = lineageKeys(catalog, key, request.directions);
  const known = new Map((await columnsOf({ reading, catalog }, [key, ...all])).map((one) => [one.key, one]));
  checkColumn(known.get(key), column);
  return request.directions.flatMap((direction) =>
    columnLineage({ start: { key, column }, direction, depth: request.depth, edges: catalog.edges, columns: known }),
  );
}

function lineageKeys(catalog: Catalog, key: AssetKey, directions: readonly Direction[]): AssetKey[] {
  const edges = catalog.edges.filter((edge) => edge.kind === 'feeds');
  return directions.flatMap((direction) =>
    lineageOf({ assets: catalog.assets, edges, key, direction, depth: null }).relatives.map((one) => one.key),
  );
}

function keyIn(catalog: Catalog, text: string): AssetKey {
  const key = parseAssetKey(text);
  const keys = catalog.assets.map((asset) => asset.key);
  if (key !== null && keys.includes(key)) return key;
  const named = catalog.assets
    .filter((asset) => asset.name === text || asset.name.endsWith(`.${text}`))
    .map((asset) => asset.key);
  if (named.length === 1 && named[0] !== undefined) return named[0];
  const alike = named.length === 0 ? '' : ` These have that name: ${named.slice(0, 5).join(', ')}.`;
  throw fail('asset-unknown', { key: text, near: didYouMean(text, keys), alike });
}

function checkColumn(columns: AssetColumns | undefined, column: string): void {
  if (columns?.outputs == null || columns.stars.length > 0) return;
  const names = columns.outputs.map(({ name }) => name);
  if (names.some((name) => name.toLowerCase() === column.toLowerCase())) return;
  throw fail('column-unknown', { key: columns.key, column, known: names.join(', ') });
}
