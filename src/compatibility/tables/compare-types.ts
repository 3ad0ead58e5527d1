import type { Json } from '../../model/json.ts';
import type { SqlType } from './sql-type.ts';

/** `fits`: every value of the writer's type is one of the reader's. `narrowed`: some are not. `changed`: another kind of value. */
export type TypeVerdict = 'fits' | 'narrowed' | 'changed';

/** The least number of digits that hold every integer of so many bits, and the most that every such integer holds. */
const digitsFor: { [bits: number]: number } = { 8: 3, 16: 5, 32: 10, 64: 19, 128: 39 };
const digitsIn: { [bits: number]: number } = { 8: 2, 16: 4, 32: 9, 64: 18, 128: 38 };

/** Whole numbers that a float holds exactly. */
const exactDigits = { 32: 7, 64: 15 } as const;
const exactBits = { 32: 24, 64: 53 } as const;

/** Whether values of one type can be read as another without loss. */
export function compareTypes(reader: SqlType, writer: SqlType): TypeVerdict {
  if (reader.family === 'integer' && writer.family === 'integer') return within(writer.bits, reader.bits);
  if (reader.family === 'decimal' && writer.family === 'decimal') return decimalInDecimal(reader, writer);
  if (reader.family === 'decimal' && writer.family === 'integer')
    return within(digitsFor[writer.bits] ?? Infinity, wholeDigits(reader));
  if (reader.family === 'integer' && writer.family === 'decimal')
    return writer.scale > 0 ? 'narrowed' : within(writer.precision ?? Infinity, digitsIn[reader.bits] ?? 0);
  if (reader.family === 'float' && writer.family === 'float') return within(writer.bits, reader.bits);
  if (reader.family === 'float' && writer.family === 'integer') return within(writer.bits - 1, exactBits[reader.bits]);
  if (reader.family === 'float' && writer.family === 'decimal')
    return writer.scale === 0 ? within(writer.precision ?? Infinity, exactDigits[reader.bits]) : 'narrowed';
  if (writer.family === 'float' && (reader.family === 'decimal' || reader.family === 'integer')) return 'narrowed';
  return ofOneFamily(reader, writer);
}

function ofOneFamily(reader: SqlType, writer: SqlType): TypeVerdict {
  if (reader.family === 'list' && writer.family === 'list') return compareTypes(reader.items, writer.items);
  if (reader.family === 'text' && writer.family === 'text')
    return within(writer.length ?? Infinity, reader.length ?? Infinity);
  if (reader.family === 'binary' && writer.family === 'binary')
    return within(writer.length ?? Infinity, reader.length ?? Infinity);
  if (reader.family === 'time' && writer.family === 'time')
    return reader.zone === writer.zone ? within(writer.digits, reader.digits) : 'changed';
  if (reader.family === 'timestamp' && writer.family === 'timestamp')
    return reader.zone === writer.zone ? within(writer.digits, reader.digits) : 'changed';
  if (reader.family === 'other' && writer.family === 'other') return reader.text === writer.text ? 'fits' : 'changed';
  return reader.family === writer.family ? 'fits' : 'changed';
}

function within(size: number, limit: number): TypeVerdict {
  return size <= limit ? 'fits' : 'narrowed';
}

type Decimal = Extract<SqlType, { family: 'decimal' }>;

function wholeDigits({ precision, scale }: Decimal): number {
  return precision === null ? Infinity : precision - scale;
}

function decimalInDecimal(reader: Decimal, writer: Decimal): TypeVerdict {
  if (reader.precision === null) return 'fits';
  if (writer.precision === null) return 'narrowed';
  return writer.scale <= reader.scale && wholeDigits(writer) <= wholeDigits(reader) ? 'fits' : 'narrowed';
}

/** A value at the edge of a type: as many digits, characters or fractions as it holds. Numbers are texts, exact at any size. */
export function edgeValue(type: SqlType): Json {
  switch (type.family) {
    case 'integer':
      return String(2n ** BigInt(type.bits - 1) - 1n);
    case 'decimal':
      return decimalEdge(type);
    case 'float':
      return '0.1';
    case 'text':
      return 'x'.repeat(Math.min(type.length ?? 1000, 1000));
    case 'binary':
      return 'ff'.repeat(Math.min(type.length ?? 1000, 1000));
    case 'boolean':
      return true;
    case 'date':
      return '2026-01-31';
    case 'time':
      return `12:30:00${fraction(type.digits)}${type.zone === 'tz' ? '+02:00' : ''}`;
    case 'timestamp':
      return `2026-01-31T12:30:00${fraction(type.digits)}${type.zone === 'none' ? '' : '+02:00'}`;
    case 'list':
      return [edgeValue(type.items)];
    case 'other':
      return `a value of ${type.text}`;
  }
}

function decimalEdge({ precision, scale }: Decimal): string {
  if (precision === null) return `1${'0'.repeat(50)}.5`;
  const whole = '9'.repeat(Math.max(precision - scale, 0)) || '0';
  return scale === 0 ? whole : `${whole}.${'9'.repeat(scale)}`;
}

function fraction(digits: number): string {
  return digits === 0 ? '' : `.${'1'.repeat(digits)}`;
}
