import { jsonNameOf } from './json-name.ts';
import { plainTokens } from './plain-tokens.ts';
import type {
  ProtoEnum,
  ProtoField,
  ProtoFile,
  ProtoLabel,
  ProtoMessage,
  ProtoType,
  Reserved,
} from './proto-schema.ts';

const scalars = new Set(
  'double float int32 int64 uint32 uint64 sint32 sint64 fixed32 fixed64 sfixed32 sfixed64 bool string bytes'.split(' '),
);
const keys = new Set([...scalars].filter((name) => !['double', 'float', 'bytes'].includes(name)));

/** Thrown at whatever is left to the library: what is rare, and all that may be a mistake. */
class NotPlain extends Error {}
const notPlain = new NotPlain();

/** A type by a name that is looked for from the inside out, once all are known. */
type Waiting = { field: ProtoField; name: string; scopes: readonly string[] };

/**
 * Reads a file of messages and enums without imports, options and extensions, as most registries hold them, many times faster than
 * the library and to the same result; null for every other file, valid or not.
 */
export function readPlainProto(text: string): ProtoFile | null {
  const tokens = plainTokens(text);
  if (tokens === null) return null;
  try {
    return new PlainReader(tokens).read();
  } catch (error) {
    if (error instanceof NotPlain) return null;
    throw error;
  }
}

class PlainReader {
  private readonly tokens: readonly string[];
  private readonly file: ProtoFile = { package: '', syntax: '', options: {}, messages: [], enums: [], services: [] };
  private readonly named = new Map<string, ProtoMessage | ProtoEnum>();
  private readonly waiting: Waiting[] = [];
  private at = 0;

  constructor(tokens: readonly string[]) {
    this.tokens = tokens;
  }

  read(): ProtoFile {
    this.readHead();
    while (this.at < this.tokens.length) {
      const word = this.take();
      if (word === 'message') this.file.messages.push(this.message([]));
      else if (word === 'enum') this.file.enums.push(this.enum([]));
      else if (word !== ';') throw notPlain;
    }
    for (const one of this.waiting) this.resolve(one);
    return this.file;
  }

  private readHead(): void {
    this.expect('syntax');
    this.expect('=');
    this.file.syntax = this.take().slice(1, -1);
    if (this.file.syntax !== 'proto3' && this.file.syntax !== 'proto2') throw notPlain;
    this.expect(';');
    if (this.tokens[this.at] !== 'package') return;
    this.at += 1;
    this.file.package = this.take();
    if (!/^[A-Za-z_]\w*(\.[A-Za-z_]\w*)*$/.test(this.file.package)) throw notPlain;
    this.expect(';');
  }

  private take(): string {
    const token = this.tokens[this.at];
    if (token === undefined) throw notPlain;
    this.at += 1;
    return token;
  }

  private expect(wanted: string): void {
    if (this.take() !== wanted) throw notPlain;
  }

  private takeName(): string {
    const name = this.take();
    if (!isName(name)) throw notPlain;
    return name;
  }

  private takeNumber(): number {
    const text = this.take();
    const number = Number(text);
    if (!/^-?(0|[1-9]\d*)$/.test(text) || Math.abs(number) > 536_870_911) throw notPlain;
    return number;
  }

  /** Names its type for those that refer to it. */
  private register<Type extends ProtoMessage | ProtoEnum>(type: Type): Type {
    if (this.named.has(type.local)) throw notPlain;
    this.named.set(type.local, type);
    return type;
  }

  private names(scopes: readonly string[]): { name: string; local: string } {
    const local = [...scopes, this.takeName()].join('.');
    return { name: this.file.package === '' ? local : `${this.file.package}.${local}`, local };
  }

  private message(scopes: readonly string[]): ProtoMessage {
    const message: ProtoMessage = this.register({
      ...this.names(scopes),
      main: true,
      fields: [],
      oneofs: [],
      messages: [],
      enums: [],
      reserved: { ranges: [], names: [] },
      extensions: [],
    });
    const inside = [...scopes, message.local.slice(message.local.lastIndexOf('.') + 1)];
    this.expect('{');
    for (let word = this.take(); word !== '}'; word = this.take()) this.part(word, message, inside);
    checkFields(message);
    return message;
  }

  private part(word: string, message: ProtoMessage, scopes: readonly string[]): void {
    if (word === ';') return;
    if (word === 'message') message.messages.push(this.message(scopes));
    else if (word === 'enum') message.enums.push(this.enum(scopes));
    else if (word === 'oneof') this.oneof(message, scopes);
    else if (word === 'reserved') this.reserved(message.reserved);
    else message.fields.push(this.field(word, null, scopes));
  }

  private oneof(message: ProtoMessage, scopes: readonly string[]): void {
    const name = this.takeName();
    if (message.oneofs.includes(name)) throw notPlain;
    message.oneofs.push(name);
    this.expect('{');
    for (let word = this.take(); word !== '}'; word = this.take()) message.fields.push(this.field(word, name, scopes));
    if (!message.fields.some((field) => field.oneof === name)) throw notPlain;
  }

  /** A field by its first word: a label, or the type where there is none. */
  private field(first: string, oneof: string | null, scopes: readonly string[]): ProtoField {
    const proto3 = this.file.syntax === 'proto3';
    const labelled = first === 'repeated' || first === 'optional' || first === 'required';
    if (labelled && (oneof !== null || (first === 'required' && proto3))) throw notPlain;
    const word = labelled ? this.take() : first;
    const isMap = word === 'map' && this.tokens[this.at] === '<';
    if ((isMap && (labelled || oneof !== null)) || (!labelled && !isMap && oneof === null && !proto3)) throw notPlain;
    const label: ProtoLabel = isMap || first === 'repeated' ? 'repeated' : first === 'required' ? 'required' : 'single';
    const { type, wanted } = isMap ? this.map() : typeOf(word);
    const name = this.takeName();
    this.expect('=');
    const number = this.takeNumber();
    if (number < 1 || (number >= 19_000 && number <= 19_999)) throw notPlain;
    this.expect(';');
    const optional = proto3 && first === 'optional';
    const field: ProtoField = {
      name,
      json: jsonNameOf(name),
      number,
      label,
      presence: !proto3 || oneof !== null || optional,
      oneof,
      type,
      fallback: null,
      options: optional ? { proto3_optional: 'true' } : {},
    };
    if (wanted !== null) this.waiting.push({ field, name: wanted, scopes });
    return field;
  }

  private map(): { type: ProtoType; wanted: string | null } {
    this.expect('<');
    const key = this.take();
    if (!keys.has(key)) throw notPlain;
    this.expect(',');
    const { type, wanted } = typeOf(this.take());
    this.expect('>');
    return { type: { kind: 'map', key, value: type }, wanted };
  }

  private reserved(reserved: Reserved): void {
    for (;;) {
      const word = this.tokens[this.at] ?? '';
      if (/^["']/.test(word)) reserved.names.push(this.take().slice(1, -1));
      else {
        const low = this.takeNumber();
        if (this.tokens[this.at] !== 'to') reserved.ranges.push([low, low]);
        else {
          this.at += 1;
          const high = this.takeNumber();
          if (high < low) throw notPlain;
          reserved.ranges.push([low, high]);
        }
      }
      if (this.take() === ';') return;
      if (this.tokens[this.at - 1] !== ',') throw notPlain;
    }
  }

  private enum(scopes: readonly string[]): ProtoEnum {
    const proto3 = this.file.syntax === 'proto3';
    const made: ProtoEnum = this.register({
      ...this.names(scopes),
      closed: !proto3,
      values: [],
      reserved: { ranges: [], names: [] },
    });
    this.expect('{');
    for (let word = this.take(); word !== '}'; word = this.take()) {
      if (word === 'reserved') this.reserved(made.reserved);
      else if (word !== ';') made.values.push(this.value(word));
    }
    checkUnique(made.values, made.reserved);
    if (made.values.length === 0 || (proto3 && made.values[0]?.number !== 0)) throw notPlain;
    return made;
  }

  private value(name: string): { name: string; number: number } {
    if (!isName(name) || name === 'option') throw notPlain;
    this.expect('=');
    const number = this.takeNumber();
    this.expect(';');
    return { name, number };
  }

  private resolve({ field, name, scopes }: Waiting): void {
    for (let length = scopes.length; length >= 0; length -= 1) {
      const found = this.named.get([...scopes.slice(0, length), name].join('.'));
      if (found === undefined) continue;
      const type: ProtoType =
        'fields' in found ? { kind: 'message', of: found, group: false } : { kind: 'enum', of: found };
      field.type = field.type.kind === 'map' ? { ...field.type, value: type } : type;
      field.presence ||= type.kind === 'message';
      return;
    }
    throw notPlain;
  }
}

/** A type that is named stands as a text until it is found. */
function typeOf(word: string): { type: ProtoType; wanted: string | null } {
  const isScalar = scalars.has(word);
  if (!isScalar && !isName(word)) throw notPlain;
  return { type: { kind: 'scalar', name: isScalar ? word : 'string' }, wanted: isScalar ? null : word };
}

function isName(word: string): boolean {
  return /^[A-Za-z_]\w*$/.test(word);
}

function checkFields(message: ProtoMessage): void {
  checkUnique(message.fields, message.reserved);
  const names = new Set(message.fields.map((field) => field.name));
  const inner = [...message.oneofs, ...[...message.messages, ...message.enums].map(({ local }) => local)];
  if (inner.some((name) => names.has(name.slice(name.lastIndexOf('.') + 1)))) throw notPlain;
}

/** The library says what is wrong with two of one name or number, or one that is reserved. */
function checkUnique(members: readonly { name: string; number: number }[], reserved: Reserved): void {
  if (new Set(members.map(({ name }) => name)).size < members.length) throw notPlain;
  if (new Set(members.map(({ number }) => number)).size < members.length) throw notPlain;
  if (reserved.names.length > 0 && members.some(({ name }) => reserved.names.includes(name))) throw notPlain;
  const isReserved = (number: number) => reserved.ranges.some(([low, high]) => low <= number && number <= high);
  if (reserved.ranges.length > 0 && members.some(({ number }) => isReserved(number))) throw notPlain;
}
