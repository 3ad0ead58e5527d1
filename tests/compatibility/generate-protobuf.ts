import type { Chance } from './random.ts';

const scalars = [
  'int32',
  'int64',
  'uint32',
  'uint64',
  'sint32',
  'sint64',
  'bool',
  'fixed32',
  'sfixed32',
  'fixed64',
  'sfixed64',
  'float',
  'double',
  'string',
  'bytes',
];

type Field = { name: string; number: number; type: string; label: string; oneof: boolean };
type File = { proto2: boolean; fields: Field[]; inner: Field[]; symbols: number };

/** A writer's file and one that came from it by a few changes, both in one package. */
export function protobufPair(chance: Chance): { reader: string; writer: string } {
  const proto2 = chance.often(0.4);
  const writer: File = {
    proto2,
    fields: Array.from({ length: 1 + chance.below(6) }, (_, index) => field(chance, index + 1, proto2, true)),
    inner: Array.from({ length: 1 + chance.below(3) }, (_, index) => field(chance, index + 1, proto2, false)),
    symbols: 2 + chance.below(3),
  };
  const reader = changed(chance, writer);
  return chance.often(0.5)
    ? { reader: text(reader), writer: text(writer) }
    : { reader: text(writer), writer: text(reader) };
}

function field(chance: Chance, number: number, proto2: boolean, outer: boolean): Field {
  const kind = chance.below(10);
  const type =
    kind === 0
      ? 'Kind'
      : kind === 1 && outer
        ? 'Inner'
        : kind === 2 && outer
          ? 'map<string, int32>'
          : chance.pick(scalars);
  const plain = proto2 ? (chance.often(0.15) ? 'required' : 'optional') : chance.often(0.2) ? 'optional' : '';
  const label = type.startsWith('map') ? '' : chance.often(0.2) ? 'repeated' : plain;
  return { name: `f${number}`, number, type, label, oneof: false };
}

function changed(chance: Chance, file: File): File {
  const fields = file.fields.flatMap((one): Field[] =>
    chance.often(0.08) ? [] : [changedField(chance, one, file.proto2)],
  );
  if (chance.often(0.3)) fields.push(field(chance, 20, file.proto2, true));
  const free = fields.filter((one) => one.label === '' && !one.type.startsWith('map'));
  if (chance.often(0.15)) for (const one of free.slice(0, 1 + chance.below(2))) one.oneof = true;
  const inner = file.inner.map((one) => changedField(chance, one, file.proto2));
  return { ...file, fields, inner, symbols: chance.often(0.2) ? file.symbols + 1 : file.symbols };
}

function changedField(chance: Chance, one: Field, proto2: boolean): Field {
  const copy = { ...one };
  if (chance.often(0.12) && !copy.type.startsWith('map')) copy.type = chance.pick(scalars);
  if (chance.often(0.08)) copy.name = `${one.name}_new`;
  if (chance.often(0.08) && !copy.type.startsWith('map'))
    copy.label = copy.label === 'repeated' ? (proto2 ? 'optional' : '') : 'repeated';
  return copy;
}

function text(file: File): string {
  const line = ({ label, type, name, number }: Field) => `  ${label} ${type} ${name} = ${number};`;
  const chosen = file.fields.filter((one) => one.oneof);
  return [
    `syntax = "${file.proto2 ? 'proto2' : 'proto3'}";`,
    'package pair;',
    'message Outer {',
    ...file.fields.filter((one) => !one.oneof).map(line),
    ...(chosen.length > 0 ? ['  oneof choice {', ...chosen.map(line), '  }'] : []),
    '}',
    'message Inner {',
    ...file.inner.map(line),
    '}',
    `enum Kind { ${Array.from({ length: file.symbols }, (_, index) => `K${index} = ${index};`).join(' ')} }`,
  ].join('\n');
}
