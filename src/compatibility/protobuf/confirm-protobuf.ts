import protobuf from 'protobufjs';
import { messageOf } from '../../base/errors.ts';
import { canonicalJson, type Json, type JsonObject } from '../../model/json.ts';
import type { RuleName } from '../rules.ts';
import type { WitnessSearch } from '../verdict.ts';
import type { Probe, ProtoFinding } from './proto-comparison.ts';
import type { ProtoSchema } from './read-protobuf.ts';

/** Enums as their numbers: what is in the bytes. */
const counted = { longs: Number, bytes: String, defaults: false } as const;
const shown = { longs: Number, enums: String, bytes: String, defaults: false } as const;

/** protobufjs looks at all fields of a message for each one that it adds. */
const mostFields = 3000;

/** Why no record shows what these rules are about, where none does. */
const reasons: { [rule in RuleName]?: string } = {
  'protobuf-package-changed':
    'A record does not hold its package: it shows in names, as in a registry, in Any and in generated code.',
  'protobuf-message-removed': 'The reader has no message to read a record of that message with.',
  'protobuf-enum-removed':
    'A record holds the numbers of an enum, which every reader reads; code that names the enum breaks.',
  'protobuf-field-label-changed':
    'The bytes of the one read as the other this way round; the other way round, or in generated code, they do not.',
  'protobuf-field-message-changed':
    'Both messages have the same fields, so that the bytes read alike; their types differ in names and code.',
  'protobuf-required-field-removed': 'The reader skips the field; what the writer holds to be essential is dropped.',
  'protobuf-reserved-removed':
    'It shows only in records of later versions, which may use the number or name for something else.',
  'protobuf-service-removed': 'Calls are no records: a client gets an error from the server.',
  'protobuf-call-changed': 'Calls are no records: one side sends what the other does not expect.',
  'protobuf-file-changed': 'Options of a file shape generated code, not the bytes.',
  'protobuf-field-oneof-changed':
    'A record that sets one field of a oneof reads alike; what excludes what has changed.',
  'protobuf-oneof-removed': 'A record that sets one field of a oneof reads alike; what excludes what has changed.',
  'protobuf-field-default-changed': 'A record that leaves the field out is empty; each side fills in its own default.',
  'protobuf-field-option-changed': 'Options of a field shape generated code, not the bytes.',
  'protobuf-enum-closed-changed':
    'It shows in numbers that neither side names, which no writer of these versions writes.',
  'protobuf-enum-value-removed': 'The number stays in the record; the reader has no name for it.',
};

/** A record that protobufjs writes as the one message and reads as the other wrongly or not at all. */
export function findProtobufWitness(
  reader: ProtoSchema,
  writer: ProtoSchema,
  findings: readonly ProtoFinding[],
): WitnessSearch {
  let because: string | undefined;
  if ([reader, writer].some(({ file }) => file.messages.some((message) => message.fields.length > mostFields)))
    return { because: 'The messages have too many fields for protobufjs.' };
  for (const finding of findings) {
    if (finding.probe === null) continue;
    const search = tryProbe(reader.root(), writer.root(), finding.probe);
    if ('witness' in search) return search;
    because ??= reasons[finding.rule] ?? search.because;
  }
  const [first] = findings;
  because ??= first === undefined ? undefined : reasons[first.rule];
  return { because: because ?? 'None of the problems shows in the bytes of a record.' };
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
  if (probe.absent !== undefined) return absentOutcome([writing, reading], bytes, probe.absent);
  const [before, after] = [writing.toObject(writing.decode(bytes), counted), reading.toObject(read, counted)];
  for (const number of probe.numbers) {
    const from = writing.fieldsById[number];
    const to = probe.named === undefined ? reading.fieldsById[number] : reading.fields[probe.named];
    const [wrote, got] = [plain(from && before[from.name]), plain(to && after[to.name])];
    if (canonicalJson(comparable(wrote)) === canonicalJson(comparable(got))) continue;
    return `${probe.named ?? `Number ${number}`} was written as ${JSON.stringify(wrote)} and is read as ${got === null ? 'nothing' : JSON.stringify(got)}.`;
  }
  return null;
}

/** What each side takes for a field that is not in the record. */
function absentOutcome(
  [writing, reading]: readonly [protobuf.Type, protobuf.Type],
  bytes: Uint8Array,
  number: number,
): string | null {
  const meanings = [writing, reading].map((type) => {
    const field = type.fieldsById[number];
    return plain(field && type.toObject(type.decode(bytes), { ...shown, defaults: true })[field.name]);
  });
  const [meant, taken] = meanings.map((meaning) => JSON.stringify(meaning));
  return meant === taken
    ? null
    : `Number ${number} is left out, which means ${meant} to the writer and ${taken} to the reader.`;
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
