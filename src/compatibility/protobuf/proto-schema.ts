/** A type that fields have: `scalar` by its keyword, `enum` and `message` as what they are. `group` is a delimited message. */
export type ProtoType =
  | { kind: 'scalar'; name: string }
  | { kind: 'enum'; of: ProtoEnum }
  | { kind: 'message'; of: ProtoMessage; group: boolean }
  | { kind: 'map'; key: string; value: ProtoType };

export type ProtoLabel = 'single' | 'required' | 'repeated';

/** `oneof` is null for a field in none; `presence` tells whether a reader can see that it was written at all. */
export type ProtoField = {
  name: string;
  json: string;
  number: number;
  label: ProtoLabel;
  presence: boolean;
  oneof: string | null;
  type: ProtoType;
  fallback: string | null;
  options: { [option: string]: string };
};

/** Reserved numbers as ranges with both ends, and names. */
export type Reserved = { ranges: [low: number, high: number][]; names: string[] };

/** `name` is the full name, `local` the same without the package of its file. `main`: it is in the compared file itself. */
export type ProtoMessage = {
  name: string;
  local: string;
  main: boolean;
  fields: ProtoField[];
  oneofs: string[];
  messages: ProtoMessage[];
  enums: ProtoEnum[];
  reserved: Reserved;
  extensions: [low: number, high: number][];
};

export type ProtoEnum = {
  name: string;
  local: string;
  closed: boolean;
  values: { name: string; number: number }[];
  reserved: Reserved;
};

export type ProtoMethod = {
  name: string;
  request: string;
  response: string;
  requestStream: boolean;
  responseStream: boolean;
  idempotency: string;
};
export type ProtoService = { name: string; methods: ProtoMethod[] };

export type ProtoFile = {
  package: string;
  syntax: string;
  options: { [option: string]: string };
  messages: ProtoMessage[];
  enums: ProtoEnum[];
  services: ProtoService[];
};
