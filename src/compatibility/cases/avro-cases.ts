import type { Json } from '../../model/json.ts';
import type { RuleName } from '../rules.ts';
import type { Case } from './case.ts';

const record = (fields: Json[], more: { [key: string]: Json } = {}): Json => ({
  type: 'record',
  name: 'Order',
  fields,
  ...more,
});
const field = (name: string, type: Json, more: { [key: string]: Json } = {}): Json => ({ name, type, ...more });
const enumOf = (symbols: string[], more: { [key: string]: Json } = {}): Json => ({
  type: 'enum',
  name: 'State',
  symbols,
  ...more,
});
const fixed = (size: number, more: { [key: string]: Json } = {}): Json => ({
  type: 'fixed',
  name: 'Key',
  size,
  ...more,
});
const decimal = (precision: number, scale: number): Json => ({
  type: 'bytes',
  logicalType: 'decimal',
  precision,
  scale,
});
const time = (type: string, logicalType: string): Json => ({ type, logicalType });
const list = (name: string, head: Json): Json => ({
  type: 'record',
  name,
  fields: [field('head', head), field('tail', ['null', name])],
});

/** What the reader's schema and the writer's schema give: [what it shows, reader, writer, rules]. */
const pairs: [name: string, reader: Json, writer: Json, rules: RuleName[]][] = [
  ['an int is read as a long', 'long', 'int', []],
  ['a long is not read as an int', 'int', 'long', ['avro-type-changed']],
  ['a long is read as a float', 'float', 'long', []],
  ['a float is read as a double', 'double', 'float', []],
  ['a double is not read as a float', 'float', 'double', ['avro-type-changed']],
  ['a string is read as bytes', 'bytes', 'string', []],
  ['bytes are read as a string', 'string', 'bytes', []],
  ['a boolean is no int', 'int', 'boolean', ['avro-type-changed']],
  ['items are promoted', { type: 'array', items: 'double' }, { type: 'array', items: 'int' }, []],
  ['items are not narrowed', { type: 'array', items: 'int' }, { type: 'array', items: 'long' }, ['avro-type-changed']],
  [
    'values of a map are not narrowed',
    { type: 'map', values: 'int' },
    { type: 'map', values: 'string' },
    ['avro-type-changed'],
  ],
  ['an array is no map', { type: 'map', values: 'int' }, { type: 'array', items: 'int' }, ['avro-type-changed']],
  ['a field with a default may be added', record([field('a', 'int', { default: 1 })]), record([]), []],
  ['a field without one may not', record([field('a', 'int')]), record([]), ['avro-field-without-default']],
  ['a field may be left unread', record([]), record([field('a', 'int')]), []],
  [
    'a null default fits a union that begins with null',
    record([field('a', ['null', 'int'], { default: null })]),
    record([]),
    [],
  ],
  [
    'a null default does not fit one that begins with int',
    record([field('a', ['int', 'null'], { default: null })]),
    record([]),
    ['avro-default-invalid'],
  ],
  [
    'a bad default does no harm while the field is written',
    record([field('a', 'int', { default: 'x' })]),
    record([field('a', 'int')]),
    [],
  ],
  ['a field is found by an alias', record([field('b', 'int', { aliases: ['a'] })]), record([field('a', 'int')]), []],
  [
    'two written fields for one alias',
    record([field('b', 'int', { aliases: ['a'] })]),
    record([field('a', 'int'), field('b', 'int')]),
    ['avro-field-alias-ambiguous'],
  ],
  ['a record is found by an alias', record([], { name: 'Sale', aliases: ['Order'] }), record([]), []],
  ['a renamed record is not', record([], { name: 'Sale' }), record([]), ['avro-name-changed']],
  ['a namespace alone makes no other name', record([], { namespace: 'shop' }), record([], { namespace: 'store' }), []],
  [
    'an alias needs the whole name',
    record([], { name: 'Sale', aliases: ['Order'] }),
    record([], { namespace: 'shop' }),
    ['avro-name-changed'],
  ],
  ['a symbol may be added', enumOf(['A', 'B']), enumOf(['A']), []],
  ['a symbol may not be missing', enumOf(['A']), enumOf(['A', 'B']), ['avro-enum-symbol-missing']],
  ['unless the enum has a default', enumOf(['A'], { default: 'A' }), enumOf(['A', 'B']), []],
  ['an enum keeps its name', enumOf(['A'], { name: 'Status' }), enumOf(['A']), ['avro-name-changed']],
  ['a fixed keeps its size', fixed(4), fixed(8), ['avro-fixed-size-changed']],
  ['a fixed is no bytes', 'bytes', fixed(4), ['avro-type-changed']],
  ['a type becomes a union with it', ['null', 'int'], 'int', []],
  ['a union becomes one of its types', 'int', ['null', 'int'], ['avro-union-narrowed']],
  ['unless that reads every branch', 'double', ['int', 'float'], []],
  ['a branch may be added', ['null', 'int', 'string'], ['null', 'int'], []],
  ['a branch may not be missing', ['null', 'int'], ['null', 'int', 'string'], ['avro-union-branch-missing']],
  ['branches are promoted', ['null', 'double'], ['int', 'null'], []],
  ['order of branches does not matter', ['string', 'null'], ['null', 'string'], []],
  [
    'the place inside a branch is named',
    ['null', record([field('a', 'int')])],
    ['null', record([])],
    ['avro-field-without-default'],
  ],
  ['a recursive record reads itself', list('List', 'long'), list('List', 'int'), []],
  ['and fails by what is in it', list('List', 'int'), list('List', 'long'), ['avro-type-changed']],
  ['decimals of one scale may grow', decimal(12, 2), decimal(9, 2), []],
  ['but not shrink', decimal(4, 2), decimal(9, 2), ['avro-decimal-precision-narrowed']],
  ['nor move the point', decimal(9, 3), decimal(9, 2), ['avro-decimal-scale-changed']],
  [
    'milliseconds are no microseconds',
    time('long', 'timestamp-micros'),
    time('long', 'timestamp-millis'),
    ['avro-logical-type-changed'],
  ],
  ['a date is no time of day', time('long', 'time-micros'), time('int', 'time-millis'), ['avro-logical-type-changed']],
  ['a plain long may become a timestamp', time('long', 'timestamp-millis'), 'long', []],
  ['a logical type that does not fit is ignored', time('string', 'timestamp-millis'), time('string', 'date'), []],
];

/** avsc compares aliases without their namespaces. */
const unconfirmed = ['an alias needs the whole name'];

export const avroCases: readonly Case[] = pairs.map(([name, reader, writer, rules]) => ({
  name,
  ...(unconfirmed.includes(name) ? { unconfirmed: true as const } : {}),
  reader: JSON.stringify(reader),
  writer: JSON.stringify(writer),
  rules,
}));
