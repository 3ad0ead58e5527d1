import protobuf from 'protobufjs';
import { messageOf } from '../../base/errors.ts';
import { canonicalJson, type Json, type JsonObject } from '../../model/json.ts';
import type { WitnessSearch } from '../verdict.ts';
import type { Probe, ProtoFinding } from './proto-comparison.ts';
import type { ProtoSchema } from './read-protobuf.ts';

const shown = { longs: Number, enums: String, bytes: String, defaults: false } as const;

/** A record that protobufjs writes as the one message and reads as the other wrongly or not at all. */
export function findProtobufWitness(
  reader: ProtoSchema,
  writer: ProtoSchema,
  findings: readonly ProtoFinding[],
): WitnessSearch {
  let because = 'None of the problems shows in the bytes of a record.';
  for (const finding of findings) {
    if (finding.probe === null) continue;
    const search = tryProbe(reader.root(), writer.root(), finding.probe);
    if ('witness' in search) return search;
    because = search.because;
  }
  return { because };
}

function tryProbe(readerRoot: protobuf.Root, writerRoot: protobuf.Root, probe: Probe): WitnessSearch {
  const [writing, reading] = [writerRoot.lookupType(probe.writer), readerRoot.lookupType(probe.reader)];
  for (const attempt of [0, 1, 2]) {
    try {
      const value = recordOf(writing, probe.numbers, attempt);
      const record = writing.fromObject(value);
      const bytes = writing.encode(record).finish();
      const outcome = probe.json ? jsonOutcome(writing, reading, record) : bytesOutcome(writing, reading, bytes, probe);
      if (outcome === null) continue;
      const written = plain(writing.toObject(record, shown));
      const hex = Buffer.from(bytes).toString('hex');
      return { witness: { type: probe.writer, value: written, bytes: hex, outcome, confirmedBy: 'protobufjs' } };
    } catch (error) {
      return { because: `protobufjs cannot write ${probe.writer}: ${messageOf(error)}.` };
    }
  }
  return { because: `protobufjs reads what was written as ${probe.writer}.` };
}

/** What went wrong in reading, null when each value came back under its number. */
function bytesOutcome(writing: protobuf.Type, reading: protobuf.Type, bytes: Uint8Array, probe: Probe): string | null {
  let read: protobuf.Message;
  try {
    read = reading.decode(bytes);
  } catch (error) {
    return `Reading as ${probe.reader} fails: ${messageOf(error)}.`;
  }
  const [before, after] = [writing.toObject(writing.decode(bytes), shown), reading.toObject(read, shown)];
  for (const number of probe.numbers) {
    const [from, to] = [writing.fieldsById[number], reading.fieldsById[number]];
    const [wrote, got] = [plain(from && before[from.name]), plain(to && after[to.name])];
    if (canonicalJson(comparable(wrote)) === canonicalJson(comparable(got))) continue;
    return `Number ${number} was written as ${JSON.stringify(wrote)} and is read as ${got === null ? 'nothing' : JSON.stringify(got)}.`;
  }
  return null;
}

/** A single value and a list of it count as the same, and so do a number and a name of an enum or a truth value that was read. */
function comparable(value: Json): Json {
  if (Array.isArray(value)) return value.length === 1 ? comparable(value[0] ?? null) : value;
  return typeof value === 'boolean' ? Number(value) : value;
}

function jsonOutcome(writing: protobuf.Type, reading: protobuf.Type, record: protobuf.Message): string | null {
  const written = plain(writing.toObject(record, shown));
  try {
    const read = plain(reading.toObject(reading.fromObject(written as JsonObject), shown));
    if (canonicalJson(read) === canonicalJson(written)) return null;
    return `ProtoJSON ${JSON.stringify(written)} is read as ${JSON.stringify(read)}.`;
  } catch (error) {
    return `Reading the JSON fails: ${messageOf(error)}.`;
  }
}

/** A record with values under the wanted numbers and under all that are required. */
function recordOf(
  type: protobuf.Type,
  numbers: readonly number[],
  attempt: number,
  depth = 0,
): { [name: string]: unknown } {
  const value: { [name: string]: unknown } = {};
  for (const field of type.fieldsArray) {
    if (!field.required && !numbers.includes(field.id)) continue;
    const one = sampleOf(field, attempt, depth);
    if (field instanceof protobuf.MapField) value[field.name] = { [field.keyType === 'string' ? 'key' : '1']: one };
    else value[field.name] = field.repeated ? [one, sampleOf(field, attempt + 1, depth)] : one;
  }
  return value;
}

function sampleOf(field: protobuf.Field, attempt: number, depth: number): unknown {
  field.resolve();
  if (field.resolvedType instanceof protobuf.Enum) {
    const values = Object.values(field.resolvedType.values);
    return values.at(-1 - (attempt % values.length));
  }
  if (field.resolvedType instanceof protobuf.Type) {
    if (depth > 3) return {};
    const [first] = field.resolvedType.fieldsArray;
    return recordOf(field.resolvedType, first === undefined ? [] : [first.id], attempt, depth + 1);
  }
  if (field.type === 'string') return `text ${attempt}`;
  if (field.type === 'bytes') return Buffer.from([255, 254, attempt]);
  if (field.type === 'bool') return true;
  if (field.type === 'float' || field.type === 'double') return 1.5 + attempt;
  return 7 + attempt * 1000;
}

/** Plain JSON of what the library gives. */
function plain(value: unknown): Json {
  return value === undefined ? null : JSON.parse(JSON.stringify(value));
}
