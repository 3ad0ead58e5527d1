import type { Dialect } from '../verdict.ts';
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
  /** What the warehouse calls it, where that is said. */
  physical?: string | null;
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
  physical?: string | null;
};

/**
 * A name as SQL means it: what is not quoted has no case, and neither has what is quoted as the dialect writes unquoted names.
 * Other quoted names keep their quotes, and their case.
 */
export function sqlName(text: string, quoted: boolean, dialect: Dialect): string {
  if (!quoted || dialect === 'duckdb' || dialect === 'spark') return text;
  const folded = dialect === 'snowflake' ? text.toUpperCase() : text.toLowerCase();
  return text === folded ? text : `"${text}"`;
}

/** Names in quotes are the same with the same case only. */
export function sameName(a: string, b: string): boolean {
  return a.startsWith('"') || b.startsWith('"') ? a === b : a.toLowerCase() === b.toLowerCase();
}

/** Tables are the same by all parts of their names, or by the last one where one of them has no more. */
export function sameTable(a: string, b: string): boolean {
  const [one, other] = [a.split('.'), b.split('.')];
  const shared = Math.min(one.length, other.length);
  return one.slice(-shared).every((part, index) => sameName(part, other.slice(-shared)[index] ?? ''));
}
