import type { Json } from '../../model/json.ts';
import type { AvroRecord, AvroType } from './avro-schema.ts';

const intMax = 2 ** 31 - 1;

/**
 * Whether a default as JSON is a value of the type: of a union, of its first branch; bytes and fixed are strings of code points
 * below 256; fields of a record may be left to their own defaults.
 */
export function isAvroValue(value: Json, type: AvroType): boolean {
  switch (type.kind) {
    case 'null':
      return value === null;
    case 'boolean':
      return typeof value === 'boolean';
    case 'int':
      return Number.isInteger(value) && Math.abs(Number(value) + 0.5) <= intMax + 0.5;
    case 'long':
      return Number.isInteger(value);
    case 'float':
    case 'double':
      return typeof value === 'number' || ['NaN', 'Infinity', '-Infinity'].includes(String(value));
    case 'string':
      return typeof value === 'string';
    case 'bytes':
      return isBytes(value);
    case 'fixed':
      return isBytes(value) && value.length === type.size;
    case 'enum':
      return typeof value === 'string' && type.symbols.includes(value);
    case 'union':
      return type.branches[0] !== undefined && isAvroValue(value, type.branches[0]);
    case 'array':
      return Array.isArray(value) && value.every((item) => isAvroValue(item, type.items));
    case 'map':
      return isObject(value) && Object.values(value).every((item) => isAvroValue(item, type.values));
    case 'record':
      return isObject(value) && fieldsFit(value, type);
  }
}

function fieldsFit(value: { [key: string]: Json }, type: AvroRecord): boolean {
  return type.fields.every((field) => {
    const own = value[field.name];
    return own === undefined ? field.fallback !== null : isAvroValue(own, field.type);
  });
}

function isBytes(value: Json): value is string {
  return typeof value === 'string' && [...value].every((character) => (character.codePointAt(0) ?? 256) < 256);
}

function isObject(value: Json): value is { [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
