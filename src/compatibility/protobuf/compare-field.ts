import type { Level } from '../verdict.ts';
import type { Probe, ProtoComparison, ProtoFinding } from './proto-comparison.ts';
import type { ProtoEnum, ProtoField, ProtoMessage, ProtoType } from './proto-schema.ts';

type Sides<Side> = { reader: Side; writer: Side };

/** Scalars whose bytes can stand for each other, by level; those in no group stand for themselves. Source: the language guide. */
const groups: { [group in 'wire' | 'json']: readonly (readonly string[])[] } = {
  wire: [
    ['int32', 'int64', 'uint32', 'uint64', 'bool'],
    ['sint32', 'sint64'],
    ['fixed32', 'sfixed32'],
    ['fixed64', 'sfixed64'],
  ],
  json: [
    ['int32', 'uint32'],
    ['int64', 'uint64'],
    ['fixed32', 'sfixed32'],
    ['fixed64', 'sfixed64'],
  ],
};

const fileOptions = ['jstype', 'ctype', 'features.utf8_validation', 'features.(pb.cpp).string_type'];

/** Compares the two fields of one number, and what their types hold. */
export function compareField(
  comparison: ProtoComparison,
  field: Sides<ProtoField>,
  message: Sides<ProtoMessage>,
): void {
  const { reader, writer } = field;
  const path = `${message.reader.local}.${reader.name}`;
  const probe: Probe = {
    writer: message.writer.name,
    reader: message.reader.name,
    numbers: [writer.number],
    json: false,
  };
  const add = (rule: ProtoFinding['rule'], text: string, shown: Probe | null = probe) =>
    comparison.add({ rule, path, message: text, probe: shown });
  compareType(comparison, { reader: reader.type, writer: writer.type }, add, probe);
  if (reader.label === 'required' && mayBeUnknown(reader.type, writer.type))
    add(
      'protobuf-enum-value-removed',
      'The reader requires one of its own enum values and drops all others as if they were not there.',
    );
  const left: Probe = { ...probe, numbers: [], absent: writer.number };
  // Zero is not written where nothing tells it from nothing.
  const isZero = !writer.presence && writer.label === 'single' && reader.label === 'repeated';
  if (labelDiffers(comparison.level, field)) {
    const text = `${labelOf(comparison.level, writer)} is read as ${labelOf(comparison.level, reader)}.`;
    add('protobuf-field-label-changed', text, isZero ? left : probe);
  }
  if (comparison.asks('registry')) return;
  if (reader.oneof !== writer.oneof)
    add('protobuf-field-oneof-changed', `It is in ${oneofOf(reader)}, the writer’s in ${oneofOf(writer)}.`, null);
  if ((reader.fallback ?? '') !== (writer.fallback ?? ''))
    add(
      'protobuf-field-default-changed',
      `The default is ${reader.fallback ?? 'none'}, the writer’s ${writer.fallback ?? 'none'}.`,
      left,
    );
  if (!comparison.asks('wire') && (reader.name !== writer.name || reader.json !== writer.json)) {
    const text = `Number ${writer.number} is ${writer.name} (JSON ${writer.json}) to the writer, ${reader.name} (JSON ${reader.json}) to the reader.`;
    add('protobuf-field-renamed', text, { ...probe, json: true });
  }
  const other = fileOptions.find((option) => reader.options[option] !== writer.options[option]);
  if (comparison.asks('file') && other !== undefined)
    add(
      'protobuf-field-option-changed',
      `${other} is ${reader.options[other] ?? 'unset'}, the writer’s ${writer.options[other] ?? 'unset'}.`,
      null,
    );
}

function compareType(
  comparison: ProtoComparison,
  { reader, writer }: Sides<ProtoType>,
  add: (rule: ProtoFinding['rule'], text: string) => void,
  probe: Probe,
): void {
  if (reader.kind === 'map' && writer.kind === 'map') {
    const key: Sides<ProtoType> = {
      reader: { kind: 'scalar', name: reader.key },
      writer: { kind: 'scalar', name: writer.key },
    };
    compareType(comparison, key, add, probe);
    compareType(comparison, { reader: reader.value, writer: writer.value }, add, probe);
    return;
  }
  if (shapeOf(reader) !== shapeOf(writer)) {
    add('protobuf-field-kind-changed', `${nameOf(writer)} is read as ${nameOf(reader)}.`);
  } else if (reader.kind === 'message' && writer.kind === 'message') {
    if (reader.of.local !== writer.of.local)
      add('protobuf-field-message-changed', `${writer.of.local} is read as ${reader.of.local}.`);
    else comparison.visit.message(comparison, reader.of, writer.of);
  } else if (!sameGroup(comparison.level, reader, writer)) {
    add('protobuf-field-type-changed', `${nameOf(writer)} is read as ${nameOf(reader)}.`);
  } else if (reader.kind === 'enum' && writer.kind === 'enum') {
    if (!isSameEnum(comparison, reader.of, writer.of))
      add('protobuf-field-message-changed', `${writer.of.local} is read as ${reader.of.local}.`);
    else comparison.visit.enum(comparison, reader.of, writer.of, probe);
  }
}

/** A registry takes an enum as a number; for bytes and ProtoJSON one of the same last name that has all values is the same. */
function isSameEnum(comparison: ProtoComparison, reader: ProtoEnum, writer: ProtoEnum): boolean {
  if (reader.local === writer.local || comparison.asks('registry')) return true;
  if (comparison.asks('file') || lastName(reader) !== lastName(writer)) return false;
  return writer.values.every(({ name, number }) =>
    reader.values.some((own) => own.number === number && own.name === name),
  );
}

function lastName({ local }: ProtoEnum): string {
  return local.slice(local.lastIndexOf('.') + 1);
}

/** Whether the writer may write a number that the reader's closed enum has no value for. */
function mayBeUnknown(reader: ProtoType, writer: ProtoType): boolean {
  if (reader.kind !== 'enum' || !reader.of.closed || writer.kind === 'message' || writer.kind === 'map') return false;
  const known = new Set(reader.of.values.map((value) => value.number));
  return writer.kind === 'scalar' || !writer.of.closed || writer.of.values.some((value) => !known.has(value.number));
}

/** Scalars and enums are numbers or texts; a group is laid out unlike a message. */
function shapeOf(type: ProtoType): string {
  if (type.kind === 'message') return type.group ? 'group' : 'message';
  return type.kind === 'map' ? 'map' : 'scalar';
}

function sameGroup(level: Level, reader: ProtoType, writer: ProtoType): boolean {
  const [to, from] = [scalarOf(level, reader), scalarOf(level, writer)];
  if (to === from) return true;
  if (to === 'bytes' && from === 'string') return level === 'registry' || level === 'wire';
  if (level === 'file') return false;
  return groups[level === 'wire_json' ? 'json' : 'wire'].some((group) => group.includes(to) && group.includes(from));
}

/** To a registry an enum is an int32; to buf it is a type of its own. */
function scalarOf(level: Level, type: ProtoType): string {
  if (type.kind === 'enum') return level === 'registry' ? 'int32' : 'enum';
  return type.kind === 'scalar' ? type.name : type.kind;
}

function labelDiffers(level: Level, { reader, writer }: Sides<ProtoField>): boolean {
  const [to, from] = [cardinalityOf(level, reader), cardinalityOf(level, writer)];
  if (to === from) return false;
  return level !== 'registry' || isPackable(reader.type) || isPackable(writer.type);
}

function cardinalityOf(level: Level, field: ProtoField): string {
  if (field.label === 'required') return level === 'registry' ? 'single' : 'required';
  if (field.label === 'repeated') return field.type.kind === 'map' && level !== 'wire' ? 'map' : 'repeated';
  return level === 'file' && !field.presence ? 'implicit' : 'single';
}

/** Numbers, booleans and enums: what a list packs into one run of bytes. */
function isPackable(type: ProtoType): boolean {
  return type.kind === 'enum' || (type.kind === 'scalar' && type.name !== 'string' && type.name !== 'bytes');
}

function nameOf(type: ProtoType): string {
  if (type.kind === 'scalar') return type.name;
  if (type.kind === 'map') return `map<${type.key}, ${nameOf(type.value)}>`;
  return `${type.kind} ${type.of.local}`;
}

function labelOf(level: Level, field: ProtoField): string {
  if (field.type.kind === 'map') return 'a map';
  if (cardinalityOf(level, field) === 'implicit') return `a single ${nameOf(field.type)} without presence`;
  return field.label === 'single' ? `a single ${nameOf(field.type)}` : `${field.label} ${nameOf(field.type)}`;
}

function oneofOf(field: ProtoField): string {
  return field.oneof === null ? 'no oneof' : `oneof ${field.oneof}`;
}
