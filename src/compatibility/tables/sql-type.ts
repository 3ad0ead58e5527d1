import type { Dialect } from '../verdict.ts';

/**
 * A SQL type by what its values are. `integer`: signed whole numbers of so many bits. `decimal`: digits in all and after the
 * point; null for any number of them. `text` and `binary`: the most characters or bytes, null for no limit. `time` and
 * `timestamp`: digits of a second, and for timestamps what zone they are in. `other`: a type by its text.
 */
export type SqlType =
  | { family: 'integer'; bits: number }
  | { family: 'decimal'; precision: number | null; scale: number }
  | { family: 'float'; bits: 32 | 64 }
  | { family: 'text'; length: number | null }
  | { family: 'binary'; length: number | null }
  | { family: 'boolean' }
  | { family: 'date' }
  | { family: 'time'; digits: number; zone: 'none' | 'tz' }
  | { family: 'timestamp'; digits: number; zone: 'none' | 'local' | 'tz' }
  | { family: 'list'; items: SqlType }
  | { family: 'other'; text: string };

/** Longest text of a dialect where no length is written, null for none. */
const unlimited: { [dialect in Dialect]: number | null } = {
  snowflake: 16_777_216,
  postgres: null,
  duckdb: null,
  spark: null,
};
const plainDecimal: { [dialect in Dialect]: { precision: number | null; scale: number } } = {
  snowflake: { precision: 38, scale: 0 },
  postgres: { precision: null, scale: 0 },
  duckdb: { precision: 18, scale: 3 },
  spark: { precision: 10, scale: 0 },
};
const secondDigits: { [dialect in Dialect]: number } = { snowflake: 9, postgres: 6, duckdb: 6, spark: 6 };

const integers: { [name: string]: number } = {
  tinyint: 8,
  byteint: 8,
  int1: 8,
  smallint: 16,
  int2: 16,
  short: 16,
  smallserial: 16,
  int: 32,
  integer: 32,
  int4: 32,
  serial: 32,
  mediumint: 32,
  signed: 32,
  bigint: 64,
  int8: 64,
  long: 64,
  bigserial: 64,
  hugeint: 128,
  int128: 128,
  byte: 8,
};
const floats: { [name: string]: 32 | 64 } = {
  float4: 32,
  real: 32,
  float8: 64,
  double: 64,
  'double precision': 64,
  float: 64,
};
const decimals = ['number', 'decimal', 'numeric', 'dec'];
const texts = [
  'varchar',
  'character varying',
  'text',
  'string',
  'nvarchar',
  'nvarchar2',
  'char varying',
  'nchar varying',
  'bpchar',
];
const characters = ['char', 'character', 'nchar'];
const binaries = ['binary', 'varbinary', 'bytea', 'blob', 'bytes'];
const timestamps: { [name: string]: 'none' | 'local' | 'tz' } = {
  timestamp: 'none',
  datetime: 'none',
  timestamp_ntz: 'none',
  timestampntz: 'none',
  'timestamp without time zone': 'none',
  timestamp_ltz: 'local',
  timestampltz: 'local',
  'timestamp with local time zone': 'local',
  timestamp_tz: 'tz',
  timestamptz: 'tz',
  'timestamp with time zone': 'tz',
};
const otherNames: { [name: string]: string } = { jsonb: 'json' };

const mostNested = 60;

/** Reads a type as a dialect writes it; what is not known is kept as its text, spaces and case aside. */
export function readSqlType(text: string, dialect: Dialect): SqlType {
  const plain = text
    .trim()
    .toLowerCase()
    .replace(/\s+/g, ' ')
    .replace(/\s*([(),<>[\]:])\s*/g, '$1');
  if (plain.split(/[<([]/).length > mostNested) return { family: 'other', text: plain };
  const list = /^(.+)\[\d*\]$/.exec(plain)?.[1] ?? /^array[<(](.+)[>)]$/.exec(plain)?.[1];
  if (list !== undefined) return { family: 'list', items: readSqlType(list, dialect) };
  const found = /^([a-z_][a-z0-9_ ]*?)(?:\(([\d, ]+)\))?( with(?:out)? time zone| with local time zone)?$/.exec(plain);
  const name = `${found?.[1] ?? ''}${found?.[3] ?? ''}`;
  const [first, second] = (found?.[2] ?? '').split(',').map((part) => (part.trim() === '' ? null : Number(part)));
  return (
    named(name, { first: first ?? null, second: second ?? null }, dialect) ?? {
      family: 'other',
      text: otherNames[plain] ?? plain,
    }
  );
}

type Numbers = { first: number | null; second: number | null };

function named(name: string, { first, second }: Numbers, dialect: Dialect): SqlType | null {
  const bits = integers[name];
  // Snowflake has one number type; its integer names are NUMBER(38,0).
  if (bits !== undefined)
    return dialect === 'snowflake' ? { family: 'decimal', precision: 38, scale: 0 } : { family: 'integer', bits };
  if (decimals.includes(name))
    return first === null
      ? { family: 'decimal', ...plainDecimal[dialect] }
      : { family: 'decimal', precision: first, scale: second ?? 0 };
  const float = floats[name];
  if (float !== undefined) return { family: 'float', bits: floatBits(name, float, first, dialect) };
  if (texts.includes(name)) return { family: 'text', length: first ?? unlimited[dialect] };
  if (characters.includes(name)) return { family: 'text', length: first ?? 1 };
  if (binaries.includes(name))
    return { family: 'binary', length: first ?? (dialect === 'snowflake' ? 8_388_608 : null) };
  if (name === 'boolean' || name === 'bool') return { family: 'boolean' };
  if (name === 'date') return { family: 'date' };
  if (name === 'time' || name === 'time without time zone')
    return { family: 'time', digits: first ?? secondDigits[dialect], zone: 'none' };
  if (name === 'timetz' || name === 'time with time zone')
    return { family: 'time', digits: first ?? secondDigits[dialect], zone: 'tz' };
  const zone = timestamps[name];
  if (zone === undefined) return null;
  return {
    family: 'timestamp',
    digits: first ?? secondDigits[dialect],
    zone: dialect === 'spark' && name === 'timestamp' ? 'local' : zone,
  };
}

/** Snowflake's floats are all 64 bits wide; Spark's and DuckDB's FLOAT is 32; Postgres' depends on its digits. */
function floatBits(name: string, usual: 32 | 64, digits: number | null, dialect: Dialect): 32 | 64 {
  if (dialect === 'snowflake') return 64;
  if (name !== 'float') return usual;
  if (dialect === 'postgres') return digits !== null && digits < 25 ? 32 : 64;
  return 32;
}

/** The type as one writes it. */
export function typeText(type: SqlType): string {
  switch (type.family) {
    case 'integer':
      return `a ${type.bits} bit integer`;
    case 'decimal':
      return type.precision === null ? 'any decimal' : `decimal(${type.precision}, ${type.scale})`;
    case 'float':
      return `a ${type.bits} bit float`;
    case 'text':
    case 'binary':
      return type.length === null ? `${type.family} of any length` : `${type.family}(${type.length})`;
    case 'time':
    case 'timestamp':
      return `${type.family}(${type.digits})${type.zone === 'none' ? '' : type.zone === 'tz' ? ' with time zone' : ' with local time zone'}`;
    case 'list':
      return `a list of ${typeText(type.items)}`;
    case 'other':
      return type.text;
    default:
      return type.family;
  }
}
