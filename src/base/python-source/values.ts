import type { SyntaxNode } from './syntax.ts';

/**
 * What is known of a Python value without running Python.
 * `text`: with `partial`, each `*` that stands for an unknown piece is a real `*` character in `value`.
 * `list` and `dict`: with `open`, there may be more in them than is known.
 * `name`: something imported from outside the project, by its full name. `made`: what calling such a name gave.
 * `thing`: a value that the reader's host understands (a DAG, a task).
 */
export type Value =
  | { is: 'none' }
  | { is: 'bool'; value: boolean }
  | { is: 'number'; value: number }
  | { is: 'text'; value: string; partial: boolean }
  | { is: 'list'; items: Value[]; open: boolean; tuple: boolean }
  | { is: 'dict'; entries: Map<string, DictEntry>; open: boolean }
  | FunctionValue
  | ClassValue
  | { is: 'instance'; of: ClassValue; attributes: Map<string, Value> }
  | { is: 'module'; module: Module }
  | { is: 'name'; path: string }
  | { is: 'made'; path: string; arguments: Arguments; place: Place }
  | { is: 'method'; self: Value; name: string }
  | { is: 'path'; value: string }
  | { is: 'thing'; thing: object }
  | { is: 'unknown' };

export type DictEntry = { key: Value; value: Value };
export type FunctionValue = { is: 'function'; name: string; node: SyntaxNode; scope: Scope; self: Value | null };
/** `fields` are the annotated members in their order, which dataclasses and named tuples take as arguments. */
export type ClassValue = { is: 'class'; name: string; bases: Value[]; members: Map<string, Value>; fields: string[] };
export type Place = { file: string; line: number };
/** Arguments of a call. `open`: there may be more than is known, as with `**unknown`. */
export type Arguments = { positional: Value[]; named: Map<string, Value>; open: boolean };
/** A file of the project that is being or has been read. */
export type Module = { file: string; scope: Scope };
/** `packageName` is the dotted package that relative imports start from. `globals`: names declared `global` here. */
export type Scope = {
  names: Map<string, Value>;
  parent: Scope | null;
  file: string;
  packageName: string;
  globals: Set<string>;
};

export const none: Value = { is: 'none' };
export const unknown: Value = { is: 'unknown' };

export function text(value: string, partial = false): Value {
  return { is: 'text', value, partial };
}
export function bool(value: boolean): Value {
  return { is: 'bool', value };
}
export function number(value: number): Value {
  return Number.isFinite(value) ? { is: 'number', value } : unknown;
}
export function list(items: Value[], open = false): Value {
  return { is: 'list', items, open, tuple: false };
}
export function dict(pairs: Iterable<readonly [string, Value]>, open = false): Value {
  return {
    is: 'dict',
    entries: new Map([...pairs].map(([key, value]) => [keyText(text(key)), { key: text(key), value }])),
    open,
  };
}

/** A text that tells dict keys apart: `'1'` and `1` are two keys. */
export function keyText(key: Value): string {
  if (key.is === 'text') return `t${key.value}`;
  if (key.is === 'number' || key.is === 'bool') return `n${Number(key.value)}`;
  if (key.is === 'list') return `l${key.items.map(keyText).join(',')}`;
  return key.is;
}

/** True where the value can be a dict key or compared without doubt. */
export function isPlain(value: Value): boolean {
  if (value.is === 'list') return !value.open && value.items.every(isPlain);
  return value.is === 'none' || value.is === 'bool' || value.is === 'number' || (value.is === 'text' && !value.partial);
}

/** Python's truth of a value, or null when it cannot be told. */
export function truth(value: Value): boolean | null {
  switch (value.is) {
    case 'none':
      return false;
    case 'bool':
      return value.value;
    case 'number':
      return value.value !== 0;
    case 'text':
      return value.partial && value.value.replaceAll('*', '') === '' ? null : value.value !== '';
    case 'list':
      return value.items.length > 0 ? true : value.open ? null : false;
    case 'dict':
      return value.entries.size > 0 ? true : value.open ? null : false;
    case 'function':
    case 'class':
    case 'instance':
    case 'module':
    case 'path':
    case 'thing':
    case 'method':
      return true;
    default:
      return null;
  }
}

/** What `str()` gives; unknown pieces are `*`. */
export function asText(value: Value): { value: string; partial: boolean } {
  switch (value.is) {
    case 'text':
      return value;
    case 'path':
      return { value: value.value, partial: false };
    case 'number':
      return { value: String(value.value), partial: false };
    case 'bool':
      return { value: value.value ? 'True' : 'False', partial: false };
    case 'none':
      return { value: 'None', partial: false };
    default:
      return { value: '*', partial: true };
  }
}

/** The text of a fully known string, else null. */
export function exactText(value: Value | undefined): string | null {
  return value?.is === 'text' && !value.partial ? value.value : value?.is === 'path' ? value.value : null;
}

/** The items of a list, the keys of a dict, the characters of nothing else; null when it cannot be told. */
export function itemsOf(value: Value): { items: Value[]; open: boolean } | null {
  if (value.is === 'list') return { items: value.items, open: value.open };
  if (value.is === 'dict') return { items: [...value.entries.values()].map((entry) => entry.key), open: value.open };
  if (value.is === 'text' && !value.partial) return { items: [...value.value].map((one) => text(one)), open: false };
  if (value.is === 'class' && outsideBases(value).some((base) => /(^|\.)(Str|Int)?Enum$/.test(base))) {
    return { items: [...value.members.values()].filter(isPlain), open: false };
  }
  return null;
}

/** A value of JSON or YAML as a Python value. */
export function fromPlain(value: unknown): Value {
  if (value === null || value === undefined) return none;
  if (typeof value === 'string') return text(value);
  if (typeof value === 'boolean') return bool(value);
  if (typeof value === 'number') return number(value);
  if (Array.isArray(value)) return list(value.map(fromPlain));
  if (typeof value === 'object') return dict(Object.entries(value).map(([key, item]) => [key, fromPlain(item)]));
  return unknown;
}

/** Positional argument `index` or the named one; undefined when neither was given. */
export function argument(given: Arguments, index: number | null, ...names: string[]): Value | undefined {
  for (const name of names) {
    const named = given.named.get(name);
    if (named !== undefined) return named;
  }
  return index === null ? undefined : given.positional[index];
}

/** The full dotted names of what a class is derived from outside the project, nearest first. */
export function outsideBases(value: ClassValue, depth = 0): string[] {
  if (depth > 10) return [];
  return value.bases.flatMap((base) =>
    base.is === 'name' ? [base.path] : base.is === 'class' ? outsideBases(base, depth + 1) : [],
  );
}
