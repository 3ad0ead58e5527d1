import type { Json, JsonObject } from '../../model/json.ts';
import { type AvroRecord, type AvroType, isNamed, unqualified } from './avro-schema.ts';
import { AvroResolution, matchFields, partsOf } from './compare-avro.ts';

/**
 * A value of the writer's type, in Avro's JSON encoding, that runs into what the reader cannot read; undefined where the type has
 * no finite value. Where no place is to blame (the types themselves differ) any value does.
 */
export function avroWitness(reader: AvroType, writer: AvroType): Json | undefined {
  partsLeft = mostParts;
  // A value that cannot be read at all says more than one that is read as another.
  const plain = new AvroResolution(false);
  const resolution = plain.reads(reader, writer) ? new AvroResolution() : plain;
  const open = new Map<AvroType, Set<AvroType>>();
  const toFailure = (to: AvroType, from: AvroType): Json | undefined => {
    if (resolution.reads(to, from)) return undefined;
    // Only types with a name lead back to themselves; plain ones are shared between places.
    if (isNamed(to) && isNamed(from)) {
      if (open.get(to)?.has(from)) return undefined;
      open.set(to, (open.get(to) ?? new Set()).add(from));
    }
    if (from.kind === 'union') return firstOf(from.branches, (branch) => wrapped(branch, toFailure(to, branch)));
    if (to.kind === 'union') {
      const alike = to.branches.filter((branch) => branch.kind === from.kind && !isNamedOtherwise(branch, from));
      const inner = firstOf(alike, (branch) => toFailure(branch, from));
      // A pair that is being followed already fails for another reason than itself.
      return inner ?? (alike.some((branch) => open.get(branch)?.has(from)) ? undefined : sample(from));
    }
    const inner = firstOf(writtenParts(to, from), ([part, source, step]) =>
      placed(from, step, toFailure(part, source)),
    );
    return inner ?? failingSample(to, from);
  };
  return toFailure(reader, writer) ?? sample(writer);
}

/** A record of a few types that name each other may hold millions of parts. */
const mostParts = 100_000;
let partsLeft = mostParts;

function isNamedOtherwise(branch: AvroType, type: AvroType): boolean {
  return isNamed(branch) && isNamed(type) && unqualified(branch.name) !== unqualified(type.name);
}

function firstOf<Item>(items: readonly Item[], find: (item: Item) => Json | undefined): Json | undefined {
  for (const item of items) {
    const found = find(item);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** A value of the whole with a value of one part in its place. */
function placed(whole: AvroType, step: string, part: Json | undefined): Json | undefined {
  if (part === undefined) return undefined;
  if (whole.kind === 'record') return recordSample(whole, [], { [step]: part });
  return whole.kind === 'array' ? [part] : { key: part };
}

/** The parts of two types that resolve against each other, with the name of the writer's field. */
function writtenParts(reader: AvroType, writer: AvroType): [reader: AvroType, writer: AvroType, step: string][] {
  if (reader.kind !== 'record' || writer.kind !== 'record') return partsOf(reader, writer);
  return matchFields(reader, writer).flatMap(({ field, from }): [AvroType, AvroType, string][] =>
    from === null || from === 'ambiguous' ? [] : [[field.type, from.type, from.name]],
  );
}

/** Values near which two types of one kind differ: an enum's missing symbol, a decimal with all its digits. */
function failingSample(reader: AvroType, writer: AvroType): Json | undefined {
  if (reader.kind === 'enum' && writer.kind === 'enum') {
    return writer.symbols.find((symbol) => !reader.symbols.includes(symbol)) ?? sample(writer);
  }
  if ('logical' in writer && writer.logical !== null) return logicalSample(writer);
  return sample(writer);
}

function logicalSample(type: AvroType & { logical: { name: string; precision: number } | null }): Json | undefined {
  if (type.logical?.name !== 'decimal') return type.kind === 'int' ? 20_000 : 1_700_000_000_000;
  const unscaled = 10n ** BigInt(type.logical.precision) - 1n;
  const hex = unscaled.toString(16);
  const padded = hex.length % 2 === 0 ? `00${hex}` : `0${hex}`;
  const bytes = padded.match(/../g)?.map((pair) => Number.parseInt(pair, 16)) ?? [0];
  const fitted = type.kind === 'fixed' ? fitTo(bytes, type.size) : bytes;
  return String.fromCharCode(...fitted);
}

function fitTo(bytes: readonly number[], size: number): number[] {
  const kept = bytes.slice(-size);
  return [...Array.from({ length: size - kept.length }, () => 0), ...kept];
}

/** The plainest value of a type; undefined when every value of it would have to be endless. */
function sample(type: AvroType, above: readonly AvroType[] = []): Json | undefined {
  if (above.includes(type)) return undefined;
  partsLeft -= 1;
  if (partsLeft < 0) throw new RangeError('the value is too large');
  switch (type.kind) {
    case 'null':
      return null;
    case 'boolean':
      return true;
    case 'int':
      return 1;
    case 'long':
      return 2 ** 40;
    case 'float':
    case 'double':
      return 1.5;
    case 'bytes':
      return 'ÿ';
    case 'string':
      return 'text';
    case 'fixed':
      return 'ÿ'.repeat(type.size);
    case 'enum':
      return type.symbols[0];
    case 'array':
      return [];
    case 'map':
      return {};
    case 'union':
      return firstOf(type.branches, (branch) => wrapped(branch, sample(branch, above)));
    case 'record':
      return recordSample(type, above, {});
  }
}

function recordSample(type: AvroRecord, above: readonly AvroType[], given: JsonObject): Json | undefined {
  const inside = [...above, type];
  const value: JsonObject = {};
  for (const field of type.fields) {
    const own = field.name in given ? given[field.name] : sample(field.type, inside);
    if (own === undefined) return undefined;
    value[field.name] = own;
  }
  return value;
}

/** A value inside a union: null bare, all else under the name of its branch. */
function wrapped(branch: AvroType, value: Json | undefined): Json | undefined {
  if (value === undefined || branch.kind === 'null') return value;
  return { [isNamed(branch) ? branch.name : branch.kind]: value };
}
