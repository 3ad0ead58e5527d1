import { type ColumnUse as TableColumn, uniqueUses } from '../../base/sql/column-shape.ts';
import { type QueryColumns, readColumns } from '../../base/sql/read-columns.ts';
import { standIn } from '../../base/sql/stand-in.ts';
import type { Asset } from '../../model/asset.ts';
import { type AssetColumns, type ColumnUse, passingColumns } from '../../model/columns.ts';
import { type AssetKey, assetKey } from '../../model/identifiers.ts';
import type { PartRevision } from '../contract.ts';
import { NeedsChoice, NotRendered, type RenderWorld, render } from './compare/render.ts';
import { readSide, type Side, tableWord } from './compare/side.ts';
import { type Piece, parseTemplate } from './compare/template.ts';

/** What models and seeds of a dbt project read and make, column by column, as their text shows without running dbt. */
export async function columns(revision: PartRevision, wanted: ReadonlySet<AssetKey>): Promise<AssetColumns[]> {
  const reader = readerOf(readSide(revision));
  const found: AssetColumns[] = [];
  for (const key of wanted) {
    const asset = reader.assets.get(key);
    if (asset === undefined || !asset.kind.startsWith('dbt:')) continue;
    if (asset.kind === 'dbt:source') {
      const table = revision.discovery.edges.filter((edge) => edge.to === key && edge.kind === 'feeds');
      found.push(
        passingColumns(
          key,
          table.map(({ from }) => from),
        ),
      );
      continue;
    }
    const read = await readAsset(asset, reader);
    if (read !== null) found.push(inKeys(asset, read, reader));
  }
  return found;
}

type Reader = {
  side: Side;
  assets: ReadonlyMap<AssetKey, Asset>;
  tables: ReadonlyMap<string, AssetKey>;
  /** Readings that are done or under way. */
  known: Map<AssetKey, Promise<QueryColumns | null>>;
};

const readers = new WeakMap<Side, Reader>();

function readerOf(side: Side): Reader {
  const { assets } = side.revision.discovery;
  const made = readers.get(side) ?? {
    side,
    assets: new Map(assets.map((asset) => [asset.key, asset])),
    tables: new Map(assets.flatMap((asset) => tableOf(asset, side))),
    known: new Map(),
  };
  readers.set(side, made);
  return made;
}

/** The columns of the tables that a rendered text reads whole, as far as the project says them. */
export async function starColumnsOf(sql: string, side: Side): Promise<(table: string) => readonly string[] | null> {
  if (!sql.includes('*')) return () => null;
  const [dialect = 'postgres'] = side.dialects;
  const { stars } = await readColumns(sql, dialect);
  const schemas = await schemasOf(stars, readerOf(side));
  return (table) => schemas.get(table) ?? null;
}

/** The name under which a rendered text reads an asset. */
function tableOf(asset: Asset, { project }: Side): [string, AssetKey][] {
  const { package: of, version, source } = asset.facts;
  if (asset.kind === 'dbt:source') return [[tableWord(['source', String(source), asset.name]), asset.key]];
  if (!['dbt:model', 'dbt:seed', 'dbt:snapshot'].includes(asset.kind)) return [];
  const parts = ['ref', String(of ?? project.name), asset.name];
  return [[tableWord(version === undefined ? parts : [...parts, `v${String(version)}`]), asset.key]];
}

function readAsset(asset: Asset, reader: Reader): Promise<QueryColumns | null> {
  const known = reader.known.get(asset.key);
  if (known !== undefined) return known;
  // Set before it is read, so that a circle ends.
  reader.known.set(asset.key, Promise.resolve(null));
  const reading = asset.kind === 'dbt:seed' ? Promise.resolve(seedColumns(asset, reader)) : modelColumns(asset, reader);
  reader.known.set(asset.key, reading);
  return reading;
}

function seedColumns(asset: Asset, { side }: Reader): QueryColumns | null {
  const header = side.revision.files
    .text(asset.path ?? '')
    ?.replace(/^\uFEFF/, '')
    .split(/\r?\n/)[0];
  if (header === undefined || header.includes('"')) return null;
  const names = header.split(',').map((name) => name.trim().toLowerCase());
  return { outputs: names.map((name) => ({ name, from: [] })), rows: [], uses: [], tables: [], stars: [] };
}

const mostWays = 8;

async function modelColumns(asset: Asset, reader: Reader): Promise<QueryColumns | null> {
  if (asset.kind !== 'dbt:model' || asset.path?.endsWith('.sql') !== true) return null;
  const text = reader.side.revision.files.text(asset.path);
  const sqls = text === null ? null : renderedWays(text, reader.side);
  if (sqls === null) return null;
  const reads: QueryColumns[] = [];
  for (const sql of sqls) reads.push(withoutStandIns(await readSql(sql, reader)));
  return joined(reads);
}

/** The SQL that a template may come to, with each answer to what cannot be told. */
function renderedWays(text: string, side: Side): string[] | null {
  const pieces = parseTemplate(text);
  if (pieces === null) return null;
  const worlds = [...side.variablesIn.values()].map((variables) => ({ ...side.world, variables }));
  const ways = (worlds.length === 0 ? [side.world] : worlds).map((world) => waysIn(pieces, world));
  return ways.includes(null) ? null : [...new Set(ways.flatMap((way) => way ?? []))];
}

function waysIn(pieces: readonly Piece[], world: RenderWorld): string[] | null {
  const ways: string[] = [];
  const todo: ReadonlyMap<string, boolean>[] = [new Map()];
  for (let choices = todo.pop(); choices !== undefined; choices = todo.pop()) {
    if (ways.length + todo.length > mostWays) return null;
    try {
      ways.push(render(pieces, world, choices).sql);
    } catch (error) {
      if (error instanceof NotRendered) return null;
      if (!(error instanceof NeedsChoice)) throw error;
      for (const answer of [true, false]) todo.push(new Map([...choices, [error.condition, answer]]));
    }
  }
  return ways;
}

/** Reads a query; where it takes all columns of a table, those of the table are read first. */
async function readSql(sql: string, reader: Reader): Promise<QueryColumns> {
  const [dialect = 'postgres'] = reader.side.dialects;
  const first = await readColumns(sql, dialect);
  if (first.outputs !== null || first.stars.length === 0) return first;
  const schemas = await schemasOf(first.stars, reader);
  return schemas.size === 0 ? first : readColumns(sql, dialect, (table) => schemas.get(table) ?? null);
}

async function schemasOf(tables: readonly string[], reader: Reader): Promise<Map<string, string[]>> {
  const schemas = new Map<string, string[]>();
  for (const table of tables) {
    const key = reader.tables.get(table);
    const asset = key === undefined ? undefined : reader.assets.get(key);
    const read = asset === undefined ? null : await readAsset(asset, reader);
    if (read?.outputs)
      schemas.set(
        table,
        read.outputs.map(({ name }) => name),
      );
  }
  return schemas;
}

/** What stands for something unknown may use any column. */
function withoutStandIns(read: QueryColumns): QueryColumns {
  const isOpen = (use: TableColumn) => use.column.includes(standIn) || use.table.includes(standIn);
  if (read.uses === null || !read.uses.some(isOpen)) return read;
  const outputs = read.outputs?.some(({ name }) => name.includes(standIn)) === true ? null : read.outputs;
  return {
    ...read,
    outputs: outputs?.map(({ name, from }) => ({ name, from: from?.some(isOpen) === true ? null : from })) ?? null,
    rows: read.rows?.some(isOpen) === true ? null : read.rows,
    uses: null,
  };
}

/** What holds whichever way the template goes. */
function joined(reads: readonly QueryColumns[]): QueryColumns | null {
  const [first] = reads;
  if (first === undefined || reads.length === 1) return first ?? null;
  const names = (read: QueryColumns) => read.outputs?.map(({ name }) => name).join('\n');
  const isOneShape = reads.every((read) => read.outputs !== null && names(read) === names(first));
  const all = (of: (read: QueryColumns) => TableColumn[] | null) =>
    reads.every((read) => of(read) !== null) ? uniqueUses(reads.flatMap((read) => of(read) ?? [])) : null;
  return {
    outputs: isOneShape
      ? (first.outputs?.map(({ name }, at) => ({ name, from: all((read) => read.outputs?.[at]?.from ?? null) })) ??
        null)
      : null,
    rows: all((read) => read.rows),
    uses: all((read) => read.uses),
    tables: null,
    stars: [...new Set(reads.flatMap((read) => read.stars))],
  };
}

function inKeys(asset: Asset, read: QueryColumns, { tables }: Reader): AssetColumns {
  const keyOf = (table: string) =>
    table === 'headgate_this' ? asset.key : (tables.get(table) ?? assetKey('warehouse:table', table));
  const mapped = (uses: TableColumn[] | null): ColumnUse[] | null =>
    uses?.map(({ table, column }) => ({ key: keyOf(table), column })) ?? null;
  return {
    key: asset.key,
    outputs: read.outputs?.map(({ name, from }) => ({ name, from: mapped(from) })) ?? null,
    rows: mapped(read.rows),
    uses: mapped(read.uses),
    stars: read.stars.map(keyOf),
  };
}
