import {
  type Column,
  type FrameValue,
  flat,
  holdsData,
  NotSimple,
  plain,
  quoted,
  sqlText,
  textOf,
} from './frame-values.ts';

/** `a`, `t.a` or `*`, as functions and methods take the name of a column. */
export function namedColumn(name: string): Column {
  if (name === '*') return { is: 'column', sql: '*', name: null, relations: [] };
  const steps = name.split('.').map((step) => step.replaceAll('`', '').trim());
  if (name.includes('`') && steps.length > 1) throw new NotSimple('a name in quotes has a dot');
  const last = steps.at(-1) ?? '';
  const sql = steps.map((step) => (step === '*' ? '*' : quoted(step))).join('.');
  return { is: 'column', sql, name: last === '*' ? null : last, relations: steps.length > 1 ? steps.slice(0, 1) : [] };
}

/** An expression as SQL text. */
export function textColumn(text: string): Column {
  const bare = /^\s*(\w+)\s*$/.exec(text)?.[1];
  const named = /^([\s\S]*?)\s+as\s+`?(\w+)`?\s*$/i.exec(text);
  const star = /^\s*\*\s*$/.test(text);
  return {
    is: 'column',
    sql: star ? '*' : `(${named?.[1] ?? text})`,
    name: star ? null : (bare ?? named?.[2] ?? null),
    relations: [...text.replaceAll(/'(?:[^'\\]|\\.)*'/g, "''").matchAll(/([A-Za-z_]\w*)`?\s*\.\s*[`\w*]/g)].map(
      ([, name = '']) => name,
    ),
  };
}

/** Something made of these columns; what is made of them does not matter here. */
export function madeOf(values: readonly FrameValue[], name: string | null = null): Column {
  const columns = columnsIn(values);
  if (columns.some(({ sql }) => sql === '*' || sql.endsWith('.*'))) return { ...everything, name };
  return {
    is: 'column',
    sql: columns.length === 0 ? '1' : `hg(${columns.map(({ sql }) => sql).join(', ')})`,
    name,
    relations: [...new Set(columns.flatMap(({ relations }) => relations))],
  };
}

const everything: Column = { is: 'column', sql: 'hg(*)', name: null, relations: [] };

function columnsIn(values: readonly FrameValue[]): Column[] {
  return flat(values).flatMap((value): Column[] => {
    if (value.is === 'column') return [value];
    if (value.is === 'window') return value.columns;
    if (holdsData(value)) throw new NotSimple('data are part of an expression');
    return [];
  });
}

/** A column, or the name of one. */
export function columnOf(value: FrameValue): Column {
  if (value.is === 'column') return value;
  if (value.is === 'text') return namedColumn(value.value);
  if (value.is === 'number') throw new NotSimple('a column is named by its place');
  throw new NotSimple('a column is not literal');
}

/** Functions whose texts at these places are no names of columns. */
const literalAt: { [name: string]: readonly number[] } = {
  ...{ date_format: [1], to_date: [1], to_timestamp: [1], unix_timestamp: [1], from_unixtime: [1], trunc: [1] },
  ...{ date_trunc: [0], regexp_replace: [1, 2], regexp_extract: [1], split: [1], from_json: [1, 2], to_json: [1] },
  ...{ get_json_object: [1], json_tuple: [1, 2, 3, 4, 5, 6, 7, 8], concat_ws: [0], lpad: [2], rpad: [2], instr: [1] },
  ...{
    locate: [0],
    translate: [1, 2],
    format_string: [0],
    substring_index: [1],
    lag: [2],
    lead: [2],
    window: [1, 2, 3],
  },
  ...{
    session_window: [1],
    from_utc_timestamp: [1],
    to_utc_timestamp: [1],
    next_day: [1],
    from_avro: [1, 2],
    encode: [1],
  },
  ...{ decode: [1], array_join: [1, 2], from_csv: [1, 2], schema_of_json: [0], lit: [0], typedLit: [0], when: [1] },
  ...{ array_contains: [1], add_months: [1], percentile_approx: [1, 2], expr: [0], callUDF: [0], call_udf: [0] },
};

/** `functions.<name>(...)`. */
export function functionColumn(name: string, given: readonly FrameValue[]): FrameValue {
  const [first] = given;
  if (name === 'col' || name === 'column') return namedColumn(textOf(first, 'a column'));
  if (name === 'expr') return textColumn(sqlText(first, 'an expression'));
  if (name === 'lit') return first?.is === 'column' ? first : madeOf([]);
  if (name === 'broadcast') return first ?? plain;
  if (name === 'udf' || name === 'pandas_udf') return { is: 'udf' };
  const isCount = name === 'count' && (first?.is !== 'text' || first.value === '*') && first?.is !== 'column';
  if (isCount) return madeOf([]);
  if (name === 'struct' || name === 'array' || name === 'map_from_arrays' || !hasFunction(given))
    return madeOf(asColumns(given, literalAt[name] ?? []));
  throw new NotSimple(`a function is handed to ${name}`);
}

/** A function of the project that is handed to one of Spark sees columns that are not read here. */
function hasFunction(given: readonly FrameValue[]): boolean {
  return flat(given).some((value) => value.is === 'function');
}

/** Texts are names of columns, but at places where they are literals. */
function asColumns(given: readonly FrameValue[], literal: readonly number[] = []): FrameValue[] {
  return given.flatMap((value, at): FrameValue[] => {
    if (value.is === 'text') return literal.includes(at) ? [] : [namedColumn(value.value)];
    return value.is === 'list' ? asColumns(value.items) : [value];
  });
}

/** `column.<name>(...)`. Texts are literals here. */
export function columnMethod(self: Column, name: string, given: readonly FrameValue[]): FrameValue {
  if (name === 'alias' || name === 'name') {
    if (given.length !== 1) throw new NotSimple('one expression has several names');
    return { ...self, sql: self.sql, name: textOf(given[0], 'an alias') };
  }
  if (['asc', 'desc', 'asc_nulls_first', 'asc_nulls_last', 'desc_nulls_first', 'desc_nulls_last'].includes(name))
    return self;
  if (name === 'cast' || name === 'astype') return { ...madeOf([self]), name: self.name };
  return madeOf([self, ...given]);
}

/** `Window.partitionBy("a").orderBy(...)`: only which columns it looks at matters. */
export function windowMethod(columns: readonly Column[], name: string, given: readonly FrameValue[]): FrameValue {
  const more = name === 'partitionBy' || name === 'orderBy' ? flat(given).map(columnOf) : [];
  return { is: 'window', columns: [...columns, ...more] };
}
