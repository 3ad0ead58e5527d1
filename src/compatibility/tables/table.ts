import type { SqlType } from './sql-type.ts';

/** What the values of a column are held to beside their type; as JSON Schema keywords, null for nothing. */
export type ValueLimits = { [keyword: string]: unknown } | null;

/** `type` is null where none is given; `required`: never null; `filled`: has a default. `keys`: unique by itself. */
export type Column = {
  name: string;
  type: SqlType | null;
  required: boolean;
  filled: boolean;
  unique: boolean;
  limits: ValueLimits;
};

/**
 * What is promised of a table. `key`: its primary key, `uniques` further keys, `checks` as normalised texts. `enforced`: null
 * where the format knows no such thing.
 */
export type Table = {
  name: string;
  columns: Column[];
  key: string[];
  uniques: string[][];
  checks: string[];
  enforced: boolean | null;
};

/** Names are compared without regard to case unless they were quoted and hold upper case. */
export function sameName(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}
