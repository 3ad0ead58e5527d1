import type { Level } from '../verdict.ts';
import { compareField } from './compare-field.ts';
import { fileProblems, serviceProblems } from './compare-file.ts';
import { type Probe, ProtoComparison, type ProtoFinding } from './proto-comparison.ts';
import type { ProtoEnum, ProtoField, ProtoFile, ProtoMessage, Reserved } from './proto-schema.ts';

/** What the reader's file cannot read of the writer's, at a level; each pair of messages is looked at once. */
export function compareProtobuf(reader: ProtoFile, writer: ProtoFile, level: Level): ProtoFinding[] {
  const comparison = new ProtoComparison(level, { message: compareMessage, enum: compareEnum });
  if (reader.package !== writer.package) {
    const message = `The package is ${reader.package || 'none'}, the writer’s ${writer.package || 'none'}.`;
    comparison.add({ rule: 'protobuf-package-changed', path: '$', message, probe: null });
  }
  compareNested(comparison, reader, writer, '');
  for (const problem of serviceProblems(reader, writer, level)) comparison.add({ ...problem, probe: null });
  for (const problem of fileProblems(reader, writer, level)) comparison.add({ ...problem, probe: null });
  return comparison.findings;
}

type Holder = { messages: ProtoMessage[]; enums: ProtoEnum[] };

function compareNested(comparison: ProtoComparison, reader: Holder, writer: Holder, inside: string): void {
  const messages = new Map(reader.messages.map((message) => [message.local, message]));
  const enums = new Map(reader.enums.map((one) => [one.local, one]));
  for (const message of writer.messages) {
    const own = messages.get(message.local);
    if (own !== undefined) compareMessage(comparison, own, message);
    else if (comparison.asks('registry', 'file')) {
      const text = `${message.local} is not in the reader’s ${inside === '' ? 'file' : inside}.`;
      comparison.add({ rule: 'protobuf-message-removed', path: message.local, message: text, probe: null });
    }
  }
  for (const one of writer.enums) {
    const own = enums.get(one.local);
    if (own !== undefined) compareEnum(comparison, own, one, null);
    else if (comparison.asks('file')) {
      const text = `${one.local} is not in the reader’s ${inside === '' ? 'file' : inside}.`;
      comparison.add({ rule: 'protobuf-enum-removed', path: one.local, message: text, probe: null });
    }
  }
}

function compareMessage(comparison: ProtoComparison, reader: ProtoMessage, writer: ProtoMessage): void {
  if (!comparison.isNew(reader, writer)) return;
  const fields = new Map(reader.fields.map((field) => [field.number, field]));
  for (const field of writer.fields) {
    const own = fields.get(field.number);
    if (own === undefined) removedField(comparison, reader, writer, field);
    else compareField(comparison, { reader: own, writer: field }, { reader, writer });
  }
  if (comparison.asks('registry')) compareNumbers(comparison, reader, writer);
  addedRequired(comparison, reader, writer);
  compareOneofs(comparison, reader, writer);
  compareReserved(comparison, reader, writer);
  compareNested(comparison, reader, writer, reader.local);
}

/** A name under another number, and its number under another name: what was written as the one is read as the other. */
function compareNumbers(comparison: ProtoComparison, reader: ProtoMessage, writer: ProtoMessage): void {
  const numbers = new Map(reader.fields.map((field) => [field.number, field]));
  for (const field of writer.fields) {
    const other = numbers.get(field.number);
    if (other === undefined || other.name === field.name) continue;
    const own = reader.fields.find(({ name }) => name === field.name);
    if (own === undefined) continue;
    const message = `${field.name} has number ${field.number} to the writer and ${own.number} to the reader, whose ${other.name} takes its value.`;
    const probe = { writer: writer.name, reader: reader.name, numbers: [field.number], json: false, named: field.name };
    comparison.add({ rule: 'protobuf-field-number-changed', path: `${reader.local}.${field.name}`, message, probe });
  }
}

function removedField(
  comparison: ProtoComparison,
  reader: ProtoMessage,
  writer: ProtoMessage,
  field: ProtoField,
): void {
  const path = `${writer.local}.${field.name}`;
  const probe: Probe = { writer: writer.name, reader: reader.name, numbers: [field.number], json: false };
  if (field.label === 'required') {
    const message = `The writer’s required field ${field.name} = ${field.number} is not in the reader.`;
    comparison.add({ rule: 'protobuf-required-field-removed', path, message, probe });
  }
  if (comparison.asks('registry')) {
    const siblings = writer.fields.filter((other) => other.oneof === field.oneof);
    const stays = siblings.some((other) => reader.fields.some((own) => own.number === other.number));
    if (field.oneof !== null && (stays || reader.oneofs.includes(field.oneof))) {
      const message = `${field.name} = ${field.number} of oneof ${field.oneof} is not in the reader.`;
      comparison.add({ rule: 'protobuf-oneof-field-removed', path, message, probe });
    }
    return;
  }
  if (isKept(comparison.level, reader.reserved, field)) return;
  const message = `${field.name} = ${field.number} is not in the reader${comparison.asks('file') ? '' : ' and not reserved there'}.`;
  comparison.add({ rule: 'protobuf-field-removed', path, message, probe });
}

/** Whether what is gone was reserved as far as the level asks. */
function isKept(level: Level, reserved: Reserved, gone: { name: string; number: number }): boolean {
  const number = reserved.ranges.some(([low, high]) => low <= gone.number && gone.number <= high);
  return level === 'wire' ? number : level === 'wire_json' && number && reserved.names.includes(gone.name);
}

function addedRequired(comparison: ProtoComparison, reader: ProtoMessage, writer: ProtoMessage): void {
  if (!reader.fields.some((field) => field.label === 'required')) return;
  const written = new Map(writer.fields.map((field) => [field.number, field]));
  for (const field of reader.fields) {
    if (field.label !== 'required' || written.get(field.number)?.label === 'required') continue;
    const message = `The reader requires ${field.name} = ${field.number}, which the writer may leave out.`;
    const probe = { writer: writer.name, reader: reader.name, numbers: [], json: false };
    comparison.add({ rule: 'protobuf-required-field-added', path: `${reader.local}.${field.name}`, message, probe });
  }
}

/** Fields of one oneof of the reader that came from more than one place could be written together. */
function compareOneofs(comparison: ProtoComparison, reader: ProtoMessage, writer: ProtoMessage): void {
  const written = new Map(reader.oneofs.length > 0 ? writer.fields.map((field) => [field.number, field]) : []);
  for (const oneof of reader.oneofs) {
    const known = reader.fields.flatMap((field) => (field.oneof === oneof ? (written.get(field.number) ?? []) : []));
    const groups = new Map(known.map((field) => [field.oneof ?? `=${field.number}`, field]));
    const [first, second] = [...groups.values()];
    if (first === undefined || second === undefined || !comparison.asks('registry')) continue;
    const message = `${first.name} and ${second.name} could be written together; in the reader’s oneof ${oneof} only one stays.`;
    const probe = { writer: writer.name, reader: reader.name, numbers: [first.number, second.number], json: false };
    comparison.add({ rule: 'protobuf-oneof-exclusive', path: `${reader.local}.${oneof}`, message, probe });
  }
  const gone = writer.oneofs.filter((oneof) => !reader.oneofs.includes(oneof));
  for (const oneof of comparison.asks('file') ? gone : []) {
    const message = `Oneof ${oneof} is not in the reader.`;
    comparison.add({ rule: 'protobuf-oneof-removed', path: `${writer.local}.${oneof}`, message, probe: null });
  }
}

function compareReserved(
  comparison: ProtoComparison,
  reader: { local: string; reserved: Reserved; extensions?: [number, number][] },
  writer: { local: string; reserved: Reserved; extensions?: [number, number][] },
): void {
  if (comparison.asks('registry')) return;
  const gone = [
    ...writer.reserved.ranges
      .filter((range) => !covers(reader.reserved.ranges, range))
      .map((range) => range.join(' to ')),
    ...writer.reserved.names.filter((name) => !reader.reserved.names.includes(name)),
    ...(comparison.asks('file') ? (writer.extensions ?? []) : [])
      .filter((range) => !covers(reader.extensions ?? [], range))
      .map((range) => `extensions ${range.join(' to ')}`),
  ];
  for (const what of gone) {
    const message = `${what} is reserved by the writer and no longer by the reader.`;
    comparison.add({ rule: 'protobuf-reserved-removed', path: writer.local, message, probe: null });
  }
}

function covers(ranges: readonly [number, number][], [low, high]: readonly [number, number]): boolean {
  let from = low;
  for (const [start, end] of [...ranges].sort(([a], [b]) => a - b)) if (start <= from) from = Math.max(from, end + 1);
  return from > high;
}

/** `probe` shows a value of the enum in a field, where one is known. */
function compareEnum(
  comparison: ProtoComparison,
  reader: ProtoEnum,
  writer: ProtoEnum,
  probe: Omit<Probe, 'json'> | null,
): void {
  if (!comparison.isNew(reader, writer) || comparison.asks('registry')) return;
  compareReserved(comparison, reader, writer);
  const names = Map.groupBy(reader.values, (value) => value.number);
  for (const value of writer.values) {
    const own = names.get(value.number);
    const path = `${writer.local}.${value.name}`;
    if (own === undefined) {
      if (isKept(comparison.level, reader.reserved, value)) continue;
      const message = `${value.name} = ${value.number} is not in the reader’s enum.`;
      comparison.add({ rule: 'protobuf-enum-value-removed', path, message, probe: null });
    } else if (!comparison.asks('wire') && !own.some((other) => other.name === value.name)) {
      const message = `${value.number} is ${value.name} to the writer and ${own.map((other) => other.name).join(', ')} to the reader.`;
      const shown = probe === null ? null : { ...probe, json: true };
      comparison.add({ rule: 'protobuf-enum-value-renamed', path, message, probe: shown });
    }
  }
  if (comparison.asks('file') && reader.closed !== writer.closed) {
    const message = `The enum is ${reader.closed ? 'closed' : 'open'}, the writer’s ${writer.closed ? 'closed' : 'open'}.`;
    comparison.add({ rule: 'protobuf-enum-closed-changed', path: writer.local, message, probe: null });
  }
}
