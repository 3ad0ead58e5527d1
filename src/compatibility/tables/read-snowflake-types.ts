import { fail } from '../../base/errors.ts';
import type { SchemaSource } from '../verdict.ts';
import { readSqlType } from './sql-type.ts';
import { sqlName, type Table } from './table.ts';

/**
 * Reads Snowflake types: one type alone, or lines of `name TYPE [NOT NULL]` with or without commas, as a list of columns has
 * them. Throws `schema-invalid`.
 */
export function readSnowflakeTypes(source: SchemaSource): Table[] {
  const lines = source.text
    .split('\n')
    .map((line, index) => ({ text: line.replace(/--.*$/, '').trim(), line: index + 1 }));
  const written = lines.filter(({ text }) => text !== '');
  const [first] = written;
  if (first === undefined)
    throw fail('schema-invalid', { file: source.name, format: 'Snowflake type', line: 1, why: 'it is empty.' });
  const columns = written.map(({ text, line }) => {
    const plain = text.replace(/,$/, '').trim();
    const known = readSqlType(withoutNull(plain), 'snowflake').family !== 'other';
    const alone = written.length === 1 && (known || !/\s/.test(plain));
    const found = alone ? ['', 'value', plain] : /^("[^"]+"|[A-Za-z_][\w$]*)\s+(.+)$/.exec(plain);
    if (found === null)
      throw fail('schema-invalid', {
        file: source.name,
        format: 'Snowflake type',
        line,
        why: `\`${plain}\` is no name and type.`,
      });
    const [, name = '', type = ''] = found;
    const words = type.replace(/'(?:[^']|'')*'/g, "''");
    const filled = / default (?!null\b)/i.test(words);
    const key = / primary key\b/i.test(` ${words}`);
    const required = key || / not null\b/i.test(` ${words}`);
    const limits = null;
    return {
      name: sqlName(name.replaceAll('"', ''), name.startsWith('"'), 'snowflake'),
      type: readSqlType(withoutNull(type), 'snowflake'),
      required,
      filled,
      unique: false,
      limits,
    };
  });
  return [{ name: 'types', columns, key: [], uniques: [], checks: [], enforced: null }];
}

function withoutNull(type: string): string {
  return type.replace(/\s+(not null|null|default|comment|unique|primary)\b.*$/i, '');
}
