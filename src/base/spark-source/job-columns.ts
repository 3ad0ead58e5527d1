import { projectSources } from '../python-source/project-sources.ts';
import { loadPythonParser } from '../python-source/syntax.ts';
import { type ColumnUse, uniqueUses } from '../sql/column-shape.ts';
import { type OutputColumn, type QueryColumns, readColumns } from '../sql/read-columns.ts';
import { type FlowInput, optionsIn } from './data-flow.ts';
import { startRun } from './frame-program.ts';
import { type Choices, NeedsChoice } from './frame-run.ts';
import type { Traffic } from './frame-sources.ts';
import { type DataPlace, NotSimple } from './frame-values.ts';

/** A column of data that lie somewhere. */
export type PlacedColumn = { place: DataPlace; column: string };
/**
 * What an application does with columns, over all that it writes. `reads` and `writes` are all its places. `stars`: places of which a new column
 * would be read too. As in `QueryColumns`, null where it cannot be told.
 */
export type JobColumns = {
  reads: DataPlace[];
  writes: DataPlace[];
  outputs: { name: string; from: PlacedColumn[] | null }[] | null;
  rows: PlacedColumn[];
  uses: PlacedColumn[];
  stars: DataPlace[];
};

const MOST_WAYS = 16;

/**
 * The columns that a PySpark application reads and writes, where its code is literal and simple enough to follow every DataFrame in it; else why
 * not. Nothing is run. Each way that it can go counts.
 */
export async function jobColumns(input: FlowInput): Promise<JobColumns | { unread: string }> {
  const sources = projectSources({ files: input.files, searchPath: input.searchPath, parse: await loadPythonParser() });
  const options = optionsIn(input.given ?? []);
  const found: ReadTraffic[] = [];
  const todo: Choices[] = [new Map()];
  try {
    for (let choices = todo.pop(); choices !== undefined; choices = todo.pop()) {
      if (found.length + todo.length > MOST_WAYS) throw new NotSimple('it can go too many ways');
      const traffic: Traffic = { sources: new Map(), sinks: [], views: new Map(), uses: [] };
      const run = startRun({ sources, traffic, options, choices });
      const condition = conditionOf(() => run.load(input.file, '__main__'));
      if (condition === null) found.push(await readTraffic(traffic));
      else for (const answer of [true, false]) todo.push(new Map([...choices, [condition, answer]]));
    }
    return joined(found);
  } catch (error) {
    if (error instanceof NotSimple) return { unread: error.message };
    if (error instanceof RangeError) return { unread: 'it is nested too deeply' };
    throw error;
  }
}

/** Null when it was read to its end, else the condition on which it depends how it goes on. */
function conditionOf(read: () => void): string | null {
  try {
    read();
    return null;
  } catch (error) {
    if (error instanceof NeedsChoice) return error.condition;
    throw error;
  }
}

type ReadTraffic = { traffic: Traffic; queries: { columns: QueryColumns; byPlace: boolean }[]; used: QueryColumns[] };

async function readTraffic(traffic: Traffic): Promise<ReadTraffic> {
  const schemaOf = (relation: string) =>
    traffic.sources.get(relation)?.names?.map((name) => name.toLowerCase()) ?? null;
  const read = async (sql: string) => {
    const columns = await readColumns(sql, 'spark', schemaOf);
    if (columns.uses === null || columns.rows === null || columns.tables === null)
      throw new NotSimple('a query of it is not understood');
    return columns;
  };
  const queries: ReadTraffic['queries'] = [];
  for (const { sql, byPlace } of traffic.sinks) queries.push({ columns: await read(sql), byPlace });
  const used: QueryColumns[] = [];
  for (const sql of new Set(traffic.uses)) used.push(await read(sql));
  return { traffic, queries, used };
}

/** What holds whichever way the application goes. */
function joined(ways: readonly ReadTraffic[]): JobColumns {
  const all = ways.flatMap(({ traffic, queries, used }) => {
    const placed = placesOf(traffic);
    return [
      ...queries.map(({ columns, byPlace }) => placed(columns, byPlace)),
      ...used.map((columns) => ({ ...placed(columns, true), outputs: undefined })),
    ];
  });
  const made = all.flatMap(({ outputs }) => (outputs === undefined ? [] : [outputs]));
  return {
    reads: uniquePlaces(all.flatMap(({ tables }) => tables)),
    writes: uniquePlaces(ways.flatMap(({ traffic }) => traffic.sinks.map(({ place }) => place))),
    outputs: made.every((outputs) => outputs !== null) ? joinedOutputs(made) : null,
    rows: unique(all.flatMap(({ rows }) => rows)),
    uses: unique(all.flatMap(({ uses }) => uses)),
    stars: uniquePlaces(all.flatMap(({ stars }) => stars)),
  };
}

type Placed = {
  outputs: JobColumns['outputs'];
  rows: PlacedColumn[];
  uses: PlacedColumn[];
  tables: DataPlace[];
  stars: DataPlace[];
};

/** A query's columns by the places that the relations in it stand for. */
function placesOf(traffic: Traffic): (columns: QueryColumns, byPlace: boolean) => Placed {
  const placeOf = (relation: string): DataPlace => traffic.sources.get(relation) ?? named(relation);
  const isOpaque = (relation: string) => traffic.sources.get(relation)?.byPlace === true;
  const placed = (uses: readonly ColumnUse[]): PlacedColumn[] =>
    uses
      .map(({ table, column }) => ({ place: plainPlace(placeOf(table)), column }))
      .filter(({ place }) => place.what !== 'nowhere');
  const output = ({ name, from }: OutputColumn) => ({ name, from: from === null ? null : placed(from) });
  return (columns, byPlace) => {
    const tables = columns.tables ?? [];
    const stars = [...columns.stars, ...tables.filter(isOpaque)];
    return {
      outputs: byPlace ? null : (columns.outputs?.map(output) ?? null),
      rows: placed(columns.rows ?? []),
      uses: placed(columns.uses ?? []),
      tables: tables
        .map(placeOf)
        .map(plainPlace)
        .filter(({ what }) => what !== 'nowhere'),
      stars: stars
        .map(placeOf)
        .map(plainPlace)
        .filter(({ what }) => what !== 'nowhere'),
    };
  };
}

/** `parquet.`/path`` in SQL is a path. */
function named(relation: string): DataPlace {
  const [, path] = /^(?:parquet|delta|json|orc|csv|text)\.(.*\/.*)$/.exec(relation) ?? [];
  return path === undefined ? { what: 'table', name: relation } : { what: 'path', name: path };
}

function plainPlace({ what, name }: DataPlace): DataPlace {
  return { what, name };
}

function joinedOutputs(all: readonly NonNullable<JobColumns['outputs']>[]): NonNullable<JobColumns['outputs']> {
  const byName = new Map<string, PlacedColumn[] | null>();
  for (const { name, from } of all.flat()) {
    const known = byName.get(name);
    byName.set(name, from === null || known === null ? null : unique([...(known ?? []), ...from]));
  }
  return [...byName].map(([name, from]) => ({ name, from }));
}

function unique(uses: readonly PlacedColumn[]): PlacedColumn[] {
  const flat = uses.map(({ place, column }) => ({ table: JSON.stringify([place.what, place.name]), column, place }));
  const kept = new Set(uniqueUses(flat).map(({ table, column }) => `${table} ${column}`));
  return flat
    .filter(({ table, column }) => kept.delete(`${table} ${column}`))
    .map(({ place, column }) => ({ place, column }));
}

function uniquePlaces(places: readonly DataPlace[]): DataPlace[] {
  return [...new Map(places.map((place) => [`${place.what} ${place.name}`, place])).values()];
}
