import { fail, type HeadgateError } from '../../base/errors.ts';
import type { Json } from '../../model/json.ts';
import { lineOfPlace, readJson } from '../read-json.ts';
import type { SchemaSource } from '../verdict.ts';
import { isAvroValue } from './avro-default.ts';
import {
  type AvroField,
  type AvroLogical,
  type AvroRecord,
  type AvroSchema,
  type AvroType,
  isNamed,
  labelOf,
} from './avro-schema.ts';
import { plainType, plainUnion } from './plain-types.ts';

/** What is known while a text is read: the types named so far, and where we are. */
type Reading = { source: SchemaSource; named: Map<string, AvroType>; deferred: (() => void)[] };
/** A place in the text by the steps to it, last one first; put together only for messages. */
type At = { above: At | null; step: PropertyKey; namespace: string };
type Keys = { [key: string]: unknown };

/** Thrown while reading a file whose names may be in a file that is read later. */
class UnknownName extends Error {
  readonly reference: string;
  constructor(reference: string) {
    super(reference);
    this.reference = reference;
  }
}

/**
 * Reads an Avro schema (1.11). Names from other files are found in `shared` and the source's own references, in any order.
 * Throws `schema-invalid`, `schema-reference-missing`.
 */
export function readAvro(source: SchemaSource, shared: readonly SchemaSource[]): AvroSchema {
  const named = new Map<string, AvroType>();
  let waiting = [...shared, ...(source.references ?? [])];
  while (waiting.length > 0) {
    const left = waiting.filter((reference) => !readInto(named, reference));
    if (left.length === waiting.length) break;
    waiting = left;
  }
  try {
    return { root: readText(source, named) };
  } catch (error) {
    if (!(error instanceof UnknownName)) throw error;
    throw fail('schema-reference-missing', { file: source.name, format: 'Avro', reference: error.reference });
  }
}

/** False when the file needs a name that is not known yet; nothing of it is kept then. */
function readInto(named: Map<string, AvroType>, source: SchemaSource): boolean {
  const own = new Map(named);
  try {
    readText(source, own);
  } catch (error) {
    if (error instanceof UnknownName) return false;
    throw error;
  }
  for (const [name, type] of own) named.set(name, type);
  return true;
}

function readText(source: SchemaSource, named: Map<string, AvroType>): AvroType {
  const reading: Reading = { source, named, deferred: [] };
  const root = readType(readJson(source, 'Avro'), { above: null, step: '', namespace: '' }, reading);
  for (const act of reading.deferred) act();
  return root;
}

function invalid(reading: Reading, at: At, why: string): HeadgateError {
  const line = lineOfPlace(reading.source.text, placeOf(at));
  return fail('schema-invalid', { file: reading.source.name, format: 'Avro', line, why });
}

function readType(value: unknown, at: At, reading: Reading): AvroType {
  if (typeof value === 'string') return typeNamed(value, at, reading);
  if (Array.isArray(value)) return readUnion(value, at, reading);
  if (!isKeys(value)) throw invalid(reading, at, 'a type is a name, a list or an object.');
  const { type } = value;
  if (typeof type === 'object' && type !== null) return withLogical(readType(type, inside(at, 'type'), reading), value);
  if (type === 'array') return { kind: 'array', items: readChild(value, 'items', at, reading) };
  if (type === 'map') return { kind: 'map', values: readChild(value, 'values', at, reading) };
  if (type === 'record' || type === 'error') return readRecord(value, at, reading);
  if (type === 'enum') return readEnum(value, at, reading);
  if (type === 'fixed') return readFixed(value, at, reading);
  if (typeof type === 'string') return withLogical(typeNamed(type, at, reading), value);
  throw invalid(reading, at, 'there is no `type`.');
}

function typeNamed(name: string, at: At, reading: Reading): AvroType {
  const plain = plainType(name);
  if (plain !== undefined) return plain;
  const full = qualified(name, at.namespace);
  const found = reading.named.get(full) ?? reading.named.get(name);
  if (found === undefined) throw new UnknownName(full);
  return found;
}

function readChild(value: Keys, key: string, at: At, reading: Reading): AvroType {
  if (value[key] === undefined) throw invalid(reading, at, `there is no \`${key}\`.`);
  return readType(value[key], inside(at, key), reading);
}

function readUnion(value: readonly unknown[], at: At, reading: Reading): AvroType {
  const plain = plainUnion(value);
  if (plain !== null) return plain;
  const branches = value.map((branch, index) => readType(branch, inside(at, index), reading));
  const labels = branches.map(labelOf);
  if (labels.includes('union')) throw invalid(reading, at, 'a union directly holds a union.');
  const twice = labels[secondOf(labels)];
  if (twice !== undefined) throw invalid(reading, at, `the union holds ${twice} twice.`);
  return { kind: 'union', branches };
}

function readRecord(value: Keys, at: At, reading: Reading): AvroType {
  const { name, namespace, aliases } = nameOf(value, at, reading);
  const record: AvroRecord = { kind: 'record', name, aliases, fields: [] };
  reading.named.set(name, record);
  if (!Array.isArray(value.fields)) throw invalid(reading, at, `record ${name} has no list of \`fields\`.`);
  const fieldsAt = { above: at, step: 'fields', namespace };
  value.fields.forEach((field: unknown, index) => {
    record.fields.push(readField(field, inside(fieldsAt, index), reading));
  });
  const names = record.fields.map((field) => field.name);
  const twice = secondOf(names);
  if (twice >= 0) throw invalid(reading, inside(fieldsAt, twice), `record ${name} has field ${names[twice]} twice.`);
  return record;
}

function readField(value: unknown, at: At, reading: Reading): AvroField {
  if (!isKeys(value) || typeof value.name !== 'string') throw invalid(reading, at, 'a field has no `name`.');
  if (!isName(value.name)) throw invalid(reading, at, `${JSON.stringify(value.name)} is no name of a field.`);
  const type = readChild(value, 'type', at, reading);
  const field: AvroField = { name: value.name, aliases: textsOf(value.aliases), type, fallback: null };
  if (value.default === undefined) return field;
  const fallback = { value: value.default as Json, valid: false };
  // The type may hold records whose fields are not read yet.
  reading.deferred.push(() => {
    fallback.valid = isAvroValue(fallback.value, type);
  });
  return { ...field, fallback };
}

function readEnum(value: Keys, at: At, reading: Reading): AvroType {
  const { name, aliases } = nameOf(value, at, reading);
  const symbols = textsOf(value.symbols);
  if (!Array.isArray(value.symbols) || symbols.length !== value.symbols.length)
    throw invalid(reading, at, `enum ${name} has no list of \`symbols\`.`);
  const odd = symbols.find((symbol) => !isName(symbol)) ?? symbols[secondOf(symbols)];
  if (odd !== undefined)
    throw invalid(reading, at, `enum ${name} has ${JSON.stringify(odd)} twice or as no valid name.`);
  const fallback = typeof value.default === 'string' ? value.default : null;
  if (fallback !== null && !symbols.includes(fallback))
    throw invalid(reading, at, `the default ${JSON.stringify(fallback)} of enum ${name} is none of its symbols.`);
  return register(reading, { kind: 'enum', name, aliases, symbols, fallback });
}

function readFixed(value: Keys, at: At, reading: Reading): AvroType {
  const { name, aliases } = nameOf(value, at, reading);
  const { size } = value;
  if (typeof size !== 'number' || !Number.isInteger(size) || size < 0)
    throw invalid(reading, at, `fixed ${name} has no \`size\` in bytes.`);
  return register(reading, { kind: 'fixed', name, aliases, size, logical: logicalOf(value) });
}

function register(reading: Reading, type: AvroType & { name: string }): AvroType {
  reading.named.set(type.name, type);
  return type;
}

function nameOf(value: Keys, at: At, reading: Reading): { name: string; namespace: string; aliases: string[] } {
  if (typeof value.name !== 'string') throw invalid(reading, at, `a ${String(value.type)} has no \`name\`.`);
  const dot = value.name.lastIndexOf('.');
  const own = typeof value.namespace === 'string' ? value.namespace : at.namespace;
  const namespace = dot < 0 ? own : value.name.slice(0, dot);
  const name = qualified(value.name.slice(dot + 1), namespace);
  if (plainType(name) !== undefined) throw invalid(reading, at, `${name} is a primitive type and cannot be defined.`);
  if (!name.split('.').every(isName)) throw invalid(reading, at, `${JSON.stringify(name)} is no valid name.`);
  if (reading.named.has(name)) throw invalid(reading, at, `${name} is defined twice.`);
  return { name, namespace, aliases: textsOf(value.aliases).map((alias) => qualified(alias, namespace)) };
}

/** A logical type that does not fit its underlying type, or is none that Avro knows, is ignored as the specification says. */
function logicalOf(value: Keys): AvroLogical | null {
  if (typeof value.logicalType !== 'string') return null;
  const { precision, scale = 0 } = value;
  if (value.logicalType !== 'decimal') return { name: value.logicalType, precision: 0, scale: 0 };
  if (typeof precision !== 'number' || typeof scale !== 'number' || precision < 1 || scale < 0 || scale > precision)
    return null;
  return { name: 'decimal', precision, scale };
}

/** A new object for primitives; a named type that is referred to keeps its own logical type. */
function withLogical(type: AvroType, value: Keys): AvroType {
  const logical = logicalOf(value);
  return logical === null || isNamed(type) || !('logical' in type) ? type : { ...type, logical };
}

function qualified(name: string, namespace: string): string {
  return name.includes('.') || namespace === '' ? name.replace(/^\./, '') : `${namespace}.${name}`;
}

/** Where a text stands for the second time; -1 where all differ. */
function secondOf(texts: readonly string[]): number {
  const seen = new Set<string>();
  return texts.findIndex((text) => seen.size === seen.add(text).size);
}

function inside(at: At, step: PropertyKey): At {
  return { above: at, step, namespace: at.namespace };
}

function placeOf(at: At): PropertyKey[] {
  return at.above === null ? [] : [...placeOf(at.above), at.step];
}

function isName(name: string): boolean {
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(name);
}

function isKeys(value: unknown): value is Keys {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function textsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : [];
}
