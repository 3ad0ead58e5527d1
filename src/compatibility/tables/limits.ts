import { Interner, SchemaDocument } from '../json-schema/document.ts';
import { explain } from '../json-schema/explain.ts';
import { Solver } from '../json-schema/solver.ts';
import type { LimitSearch } from './compare-tables.ts';
import type { Column } from './table.ts';

/** Options of ODCS that mean what the keyword of JSON Schema means. */
const keywords = new Set(
  'minLength maxLength pattern minimum maximum exclusiveMinimum exclusiveMaximum multipleOf minItems maxItems uniqueItems enum minProperties maxProperties required'.split(
    ' ',
  ),
);

/** Options that say how a value is written or meant; another one is another value. */
const meanings = ['format', 'timezone', 'defaultTimezone'];
const bounds = ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum'];

/** Bounds of dates and times are texts: their places on the line of time, null where one is none. */
function timeBounds(limits: { [keyword: string]: unknown }): { [keyword: string]: number } | null {
  const found: { [keyword: string]: number } = {};
  for (const bound of bounds) {
    const value = limits[bound];
    if (value === undefined) continue;
    const text = /^\d\d:/.test(String(value)) ? `1970-01-01T${value}Z` : String(value);
    const time = Date.parse(text);
    if (Number.isNaN(time)) return null;
    found[bound] = time;
  }
  return found;
}

/** The same with bounds as numbers; null where they cannot be compared. */
function withNumbers(column: Column): Column | null {
  const limits = column.limits ?? {};
  if (!bounds.some((bound) => typeof limits[bound] === 'string')) return column;
  const numbers = timeBounds(limits);
  return numbers === null
    ? null
    : { ...column, limits: { ...limits, ...numbers }, type: { family: 'float', bits: 64 } };
}

/** Compares limits of values as JSON Schemas, which is what they are. */
export function limitSearch(): LimitSearch {
  const interner = new Interner();
  const solver = new Solver();
  const nodeOf = (column: Column) => {
    const schema = {
      ...Object.fromEntries(Object.entries(column.limits ?? {}).filter(([key]) => keywords.has(key))),
      ...kindOf(column),
    };
    return new SchemaDocument({ name: column.name, text: JSON.stringify(schema) }, [], interner).root();
  };
  return (reader, writer) => {
    const { limits } = reader;
    if (limits === null) return 'within';
    const isOther = (option: string) => limits[option] !== undefined && limits[option] !== writer.limits?.[option];
    if (meanings.some(isOther)) return 'unknown';
    const [to, from] = [withNumbers(reader), withNumbers(writer)];
    if (to === null || from === null) return bounds.some(isOther) ? 'unknown' : 'within';
    const { problems, examples } = explain(nodeOf({ ...from, type: to.type }), nodeOf(to), {
      solver,
      confirm: () => false,
    });
    if (problems.length === 0) return 'within';
    const [value] = examples;
    if (value === undefined) return 'unknown';
    return { value: to === reader || typeof value !== 'number' ? value : new Date(value).toISOString() };
  };
}

/** The kind of JSON value that a column's limits speak of. */
function kindOf({ type }: Column): { type?: string } {
  if (type === null) return {};
  if (type.family === 'integer') return { type: 'integer' };
  if (type.family === 'decimal' || type.family === 'float') return { type: 'number' };
  if (type.family === 'boolean') return { type: 'boolean' };
  if (type.family === 'list') return { type: 'array' };
  if (type.family === 'other') return type.text === 'object' || type.text === 'array' ? { type: type.text } : {};
  return { type: 'string' };
}
