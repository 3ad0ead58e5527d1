import { type ColumnUse, uniqueUses } from './column-shape.ts';
import { parseWithPolyglot } from './polyglot.ts';
import { shapeQuery } from './shape-query.ts';
import type { SqlDialect } from './sql-dialect.ts';

/** `from` null: it cannot be told what the output is made of. An output without a name has an empty one. */
export type OutputColumn = { name: string; from: ColumnUse[] | null };

/**
 * What a query does with columns. `outputs` null: `*` of a table whose columns are not known, or a text that is not read.
 * `rows`: columns that decide which rows there are and in which order. `uses`: every column that may be used at all; null
 * when it cannot be told. `tables`: every table read. `stars`: tables of which a new column would be read too.
 */
export type QueryColumns = {
  outputs: OutputColumn[] | null;
  rows: ColumnUse[] | null;
  uses: ColumnUse[] | null;
  tables: string[] | null;
  stars: string[];
};

const unread: QueryColumns = { outputs: null, rows: null, uses: null, tables: null, stars: [] };

/** Reads where the outputs of a query come from. `schemaOf` gives the columns of a table, in order, where they are known. */
export async function readColumns(
  sql: string,
  dialect: SqlDialect,
  schemaOf: (table: string) => readonly string[] | null = () => null,
): Promise<QueryColumns> {
  const tree = await parseWithPolyglot(sql, dialect);
  const shape = tree === null ? null : shapeQuery(tree, { ctes: new Map(), scopes: [], columnsOf: schemaOf });
  if (shape === null) return unread;
  return {
    outputs: shape.complete ? shape.outputs.map(({ name, from }) => ({ name, from })) : null,
    rows: shape.rows,
    uses: uniqueUses([...shape.rows, ...shape.outputs.flatMap((one) => one.uses)]),
    tables: [...new Set(shape.tables)],
    stars: [...new Set([...shape.stars, ...shape.through])],
  };
}
