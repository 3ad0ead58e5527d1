import type { Json, JsonObject } from '../../model/json.ts';

export const avroPrimitives = ['null', 'boolean', 'int', 'long', 'float', 'double', 'bytes', 'string'] as const;
export type AvroPrimitive = (typeof avroPrimitives)[number];

/** The logical type of a schema as written; `precision` and `scale` count for decimals only. */
export type AvroLogical = { name: string; precision: number; scale: number };

/** `fallback` is what fills the field when the writer has none: null without a default; `valid` tells whether it is a value of the type. */
export type AvroField = {
  name: string;
  aliases: string[];
  type: AvroType;
  fallback: { value: Json; valid: boolean } | null;
};

export type AvroRecord = { kind: 'record'; name: string; aliases: string[]; fields: AvroField[] };
export type AvroEnum = { kind: 'enum'; name: string; aliases: string[]; symbols: string[]; fallback: string | null };
export type AvroFixed = { kind: 'fixed'; name: string; aliases: string[]; size: number; logical: AvroLogical | null };
export type AvroNamed = AvroRecord | AvroEnum | AvroFixed;
export type AvroUnion = { kind: 'union'; branches: AvroType[] };

/** An Avro type. Named types that refer to themselves are the same object again. */
export type AvroType =
  | { kind: AvroPrimitive; logical: AvroLogical | null }
  | { kind: 'array'; items: AvroType }
  | { kind: 'map'; values: AvroType }
  | AvroUnion
  | AvroNamed;

/** A schema that was read. */
export type AvroSchema = { root: AvroType };

export function isNamed(type: AvroType): type is AvroNamed {
  return type.kind === 'record' || type.kind === 'enum' || type.kind === 'fixed';
}

/** `a.b.Name` gives `Name`. */
export function unqualified(name: string): string {
  return name.slice(name.lastIndexOf('.') + 1);
}

/** How a type is called in messages and as a branch of a union. */
export function labelOf(type: AvroType): string {
  return isNamed(type) ? type.name : type.kind;
}

/**
 * The schema as plain JSON with every name in full and each named type written out once. Defaults that are no value of their
 * type are left out, for libraries that refuse them.
 */
export function toAvroJson(type: AvroType, written: Set<string> = new Set()): Json {
  if (type.kind === 'union') return type.branches.map((branch) => toAvroJson(branch, written));
  if (type.kind === 'array') return { type: 'array', items: toAvroJson(type.items, written) };
  if (type.kind === 'map') return { type: 'map', values: toAvroJson(type.values, written) };
  if (!isNamed(type)) return type.logical === null ? type.kind : { type: type.kind, ...logicalJson(type.logical) };
  if (written.has(type.name)) return type.name;
  written.add(type.name);
  return { ...namedJson(type, written), name: type.name, namespace: '', aliases: type.aliases };
}

function namedJson(type: AvroNamed, written: Set<string>): JsonObject {
  if (type.kind === 'fixed') return { type: 'fixed', size: type.size, ...logicalJson(type.logical) };
  if (type.kind === 'enum') {
    return { type: 'enum', symbols: type.symbols, ...(type.fallback === null ? {} : { default: type.fallback }) };
  }
  const fields = type.fields.map((field) => ({
    name: field.name,
    aliases: field.aliases,
    type: toAvroJson(field.type, written),
    ...(field.fallback?.valid ? { default: field.fallback.value } : {}),
  }));
  return { type: 'record', fields };
}

function logicalJson(logical: AvroLogical | null): JsonObject {
  if (logical === null) return {};
  if (logical.name !== 'decimal') return { logicalType: logical.name };
  return { logicalType: 'decimal', precision: logical.precision, scale: logical.scale };
}
