import protobuf from 'protobufjs';
import { jsonNameOf } from './json-name.ts';
import type {
  ProtoEnum,
  ProtoField,
  ProtoFile,
  ProtoMessage,
  ProtoMethod,
  ProtoType,
  Reserved,
} from './proto-schema.ts';

/** Turns the library's reflection into plain data: only what is compared. */
export class FileReader {
  private readonly root: protobuf.Root;
  private readonly main: string;
  private readonly packages: ReadonlyMap<string, string>;
  private readonly messages = new Map<protobuf.Type, ProtoMessage>();
  private readonly enums = new Map<protobuf.Enum, ProtoEnum>();

  constructor(root: protobuf.Root, main: string, packages: ReadonlyMap<string, string>) {
    this.root = root;
    this.main = main;
    this.packages = packages;
  }

  read(packageName: string, head: Pick<ProtoFile, 'syntax' | 'options'>): ProtoFile {
    const space = packageName === '' ? this.root : this.root.lookup(packageName);
    const own = (space instanceof protobuf.Namespace ? space.nestedArray : []).filter(
      (object) => object.filename === this.main,
    );
    return {
      package: packageName,
      ...head,
      messages: own.flatMap((object) => (object instanceof protobuf.Type ? [this.message(object)] : [])),
      enums: own.flatMap((object) => (object instanceof protobuf.Enum ? [this.enum(object)] : [])),
      services: own.flatMap((object) =>
        object instanceof protobuf.Service
          ? [{ name: nameOf(object), methods: object.methodsArray.map((method) => methodOf(object, method)) }]
          : [],
      ),
    };
  }

  private message(type: protobuf.Type): ProtoMessage {
    const known = this.messages.get(type);
    if (known !== undefined) return known;
    const name = nameOf(type);
    const message: ProtoMessage = {
      name,
      local: this.localName(type, name),
      main: type.filename === this.main,
      fields: [],
      oneofs: type.oneofsArray.filter((oneof) => !oneof.isProto3Optional).map((oneof) => oneof.name),
      messages: [],
      enums: [],
      reserved: reservedOf(type.reserved),
      extensions: (type.extensions ?? []).flatMap((range): [number, number][] =>
        Array.isArray(range) ? [[Number(range[0]), Number(range[1])]] : [],
      ),
    };
    this.messages.set(type, message);
    message.fields.push(...type.fieldsArray.map((field) => this.field(field)));
    for (const nested of type.nestedArray) {
      if (nested instanceof protobuf.Type) message.messages.push(this.message(nested));
      if (nested instanceof protobuf.Enum) message.enums.push(this.enum(nested));
    }
    return message;
  }

  private enum(of: protobuf.Enum): ProtoEnum {
    const known = this.enums.get(of);
    if (known !== undefined) return known;
    const name = nameOf(of);
    const made: ProtoEnum = {
      name,
      local: this.localName(of, name),
      closed: featureOf(of, 'enum_type') === 'CLOSED',
      values: Object.entries(of.values).map(([value, number]) => ({ name: value, number })),
      reserved: reservedOf(of.reserved),
    };
    this.enums.set(of, made);
    return made;
  }

  private field(field: protobuf.Field): ProtoField {
    const oneof = field.partOf !== null && !field.partOf.isProto3Optional ? field.partOf.name : null;
    const options = textOptions(field.options ?? {});
    const { json_name, default: fallback, ...rest } = options;
    const implicit = featureOf(field, 'field_presence') === 'IMPLICIT';
    return {
      name: field.name,
      json: json_name ?? jsonNameOf(field.name),
      number: field.id,
      label: field.repeated || field.map ? 'repeated' : field.required ? 'required' : 'single',
      presence: !implicit || field.partOf !== null || field.resolvedType instanceof protobuf.Type,
      oneof,
      type: this.type(field),
      fallback: fallback ?? null,
      options: rest,
    };
  }

  private type(field: protobuf.Field): ProtoType {
    const value: ProtoType =
      field.resolvedType instanceof protobuf.Enum
        ? { kind: 'enum', of: this.enum(field.resolvedType) }
        : field.resolvedType instanceof protobuf.Type
          ? { kind: 'message', of: this.message(field.resolvedType), group: isDelimited(field) }
          : { kind: 'scalar', name: field.type };
    return field instanceof protobuf.MapField ? { kind: 'map', key: field.keyType, value } : value;
  }

  private localName(object: protobuf.ReflectionObject, name: string): string {
    const own = this.packages.get(object.filename ?? '');
    return own && name.startsWith(`${own}.`) ? name.slice(own.length + 1) : name;
  }
}

function nameOf(object: protobuf.ReflectionObject): string {
  return object.fullName.replace(/^\./, '');
}

/** The library keeps resolved features in a field of its own. */
function featureOf(object: protobuf.ReflectionObject, feature: string): unknown {
  const features: unknown = '_features' in object ? object._features : undefined;
  return typeof features === 'object' && features !== null ? Reflect.get(features, feature) : undefined;
}

function isDelimited(field: protobuf.Field): boolean {
  return featureOf(field, 'message_encoding') === 'DELIMITED';
}

function methodOf(service: protobuf.Service, method: protobuf.Method): ProtoMethod {
  const full = (type: string) => service.lookup(type)?.fullName.replace(/^\./, '') ?? type;
  return {
    name: method.name,
    request: full(method.requestType),
    response: full(method.responseType),
    requestStream: method.requestStream === true,
    responseStream: method.responseStream === true,
    idempotency: String(method.options?.idempotency_level ?? ''),
  };
}

function reservedOf(reserved: readonly unknown[] | undefined): Reserved {
  const all = reserved ?? [];
  return {
    ranges: all.flatMap((one): [number, number][] => (Array.isArray(one) ? [[Number(one[0]), Number(one[1])]] : [])),
    names: all.filter((one): one is string => typeof one === 'string'),
  };
}

function textOptions(options: { [option: string]: unknown }): { [option: string]: string } {
  return Object.fromEntries(Object.entries(options).map(([key, value]) => [key, String(value)]));
}
