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
    if (reader.limits === null) return 'within';
    const { problems, examples } = explain(nodeOf({ ...writer, type: reader.type }), nodeOf(reader), {
      solver,
      confirm: () => false,
    });
    if (problems.length === 0) return 'within';
    const [value] = examples;
    return value === undefined ? 'unknown' : { value };
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
