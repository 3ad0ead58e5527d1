import { type AvroPrimitive, type AvroType, type AvroUnion, avroPrimitives } from './avro-schema.ts';

const primitives = new Map<string, AvroType>(avroPrimitives.map((kind) => [kind, { kind, logical: null }]));
const unions = new Map<string, AvroUnion>();
const all = new WeakSet<AvroType>(primitives.values());

/** The primitive type of that name, the same object each time; undefined for other names. */
export function plainType(name: string): AvroType | undefined {
  return primitives.get(name);
}

/** A union of these primitives, the same object each time; null where one is none, or stands twice. Thousands of versions share them. */
export function plainUnion(names: readonly unknown[]): AvroUnion | null {
  if (!names.every(isPrimitive) || new Set(names).size < names.length) return null;
  const key = names.join();
  const known = unions.get(key);
  if (known !== undefined) return known;
  const union: AvroUnion = { kind: 'union', branches: names.flatMap((name) => plainType(name) ?? []) };
  unions.set(key, union);
  all.add(union);
  return union;
}

/** Whether the type is one of those: it reads itself, whatever is written. */
export function isPlain(type: AvroType): boolean {
  return all.has(type);
}

function isPrimitive(name: unknown): name is AvroPrimitive {
  return typeof name === 'string' && primitives.has(name);
}
