import { tupleOf } from './builtins.ts';
import type { Machine } from './machine-types.ts';
import { compileFormat } from './text-format.ts';
import {
  type Arguments,
  argument,
  asText,
  bool,
  exactText,
  isPlain,
  itemsOf,
  keyText,
  list,
  none,
  number,
  text,
  unknown,
  type Value,
} from './values.ts';

type Method = { is: 'method'; self: Value; name: string };

/** Calls a method of a text, list or dict. */
export function methodCall(_machine: Machine, method: Method, given: Arguments): Value {
  const { self, name } = method;
  if (self.is === 'text') return textMethod(self, name, given) ?? unknown;
  if (self.is === 'list') return listMethod(self, name, given) ?? unknown;
  if (self.is === 'dict') return dictMethod(self, name, given) ?? unknown;
  return unknown;
}

type Text = Value & { is: 'text' };

const simple: { [name: string]: (value: string) => string } = {
  lower: (value) => value.toLowerCase(),
  upper: (value) => value.toUpperCase(),
  casefold: (value) => value.toLowerCase(),
  title: (value) => value.toLowerCase().replace(/[a-z]+/g, (word) => word.charAt(0).toUpperCase() + word.slice(1)),
  capitalize: (value) => value.charAt(0).toUpperCase() + value.slice(1).toLowerCase(),
};

function textMethod(self: Text, name: string, given: Arguments): Value | null {
  const change = simple[name];
  if (change !== undefined) return text(change(self.value), self.partial);
  if (name === 'format') return compileFormat(self, given);
  if (name === 'join') return joined(self, given);
  const [first, second] = given.positional.map(exactText);
  if (name === 'replace' && typeof first === 'string') {
    return second === undefined || second === null
      ? text('*', true)
      : text(self.value.replaceAll(first, second), self.partial);
  }
  if (name === 'strip' || name === 'lstrip' || name === 'rstrip')
    return text(stripped(self.value, name, first ?? null), self.partial);
  if (self.partial) return null;
  return exactTextMethod(self.value, name, given);
}

function exactTextMethod(value: string, name: string, given: Arguments): Value | null {
  const first = exactText(given.positional[0]);
  const limit = given.positional[1];
  switch (name) {
    case 'split':
      return limit === undefined
        ? list(split(value, first).map((piece) => text(piece)))
        : splitOnce(value, first, limit);
    case 'splitlines':
      return list(value.split(/\r?\n/).map((piece) => text(piece)));
    case 'rsplit':
      return first !== null && limit?.is === 'number' && limit.value === 1 && value.includes(first)
        ? list([
            text(value.slice(0, value.lastIndexOf(first))),
            text(value.slice(value.lastIndexOf(first) + first.length)),
          ])
        : list(split(value, first).map((piece) => text(piece)));
    case 'startswith':
      return first === null ? null : bool(value.startsWith(first));
    case 'endswith':
      return first === null ? null : bool(value.endsWith(first));
    case 'removeprefix':
      return first === null ? null : text(value.startsWith(first) ? value.slice(first.length) : value);
    case 'removesuffix':
      return first === null ? null : text(value.endsWith(first) ? value.slice(0, value.length - first.length) : value);
    case 'zfill':
      return given.positional[0]?.is === 'number' ? text(value.padStart(given.positional[0].value, '0')) : null;
    case 'isdigit':
      return bool(/^\d+$/.test(value));
    default:
      return null;
  }
}

function split(value: string, separator: string | null): string[] {
  return separator === null ? value.trim().split(/\s+/) : value.split(separator);
}

function splitOnce(value: string, separator: string | null, limit: Value): Value | null {
  if (separator === null || limit.is !== 'number' || limit.value !== 1) return null;
  const at = value.indexOf(separator);
  return at === -1 ? list([text(value)]) : list([text(value.slice(0, at)), text(value.slice(at + separator.length))]);
}

function stripped(value: string, side: string, characters: string | null): string {
  const set = characters ?? ' \t\r\n';
  let from = 0;
  let to = value.length;
  while (side !== 'rstrip' && from < to && set.includes(value.charAt(from))) from += 1;
  while (side !== 'lstrip' && to > from && set.includes(value.charAt(to - 1))) to -= 1;
  return value.slice(from, to);
}

function joined(self: Text, given: Arguments): Value {
  const items = given.positional[0] === undefined ? null : itemsOf(given.positional[0]);
  if (items === null) return text('*', true);
  const pieces = items.items.map(asText);
  const partial = items.open || self.partial || pieces.some((piece) => piece.partial);
  return text([...pieces.map((piece) => piece.value), ...(items.open ? ['*'] : [])].join(self.value), partial);
}

function listMethod(self: Value & { is: 'list' }, name: string, given: Arguments): Value | null {
  const [first] = given.positional;
  switch (name) {
    case 'append':
    case 'add':
      self.items.push(first ?? unknown);
      return none;
    case 'insert':
      self.items.splice(first?.is === 'number' ? first.value : 0, 0, given.positional[1] ?? unknown);
      return none;
    case 'extend':
    case 'update': {
      const more = first === undefined ? null : itemsOf(first);
      self.items.push(...(more?.items ?? []));
      self.open ||= more?.open ?? true;
      return none;
    }
    case 'copy':
      return { ...self, items: [...self.items] };
    case 'pop':
      return self.items.pop() ?? unknown;
    case 'index': {
      const at =
        first === undefined || !isPlain(first)
          ? -1
          : self.items.findIndex((item) => isPlain(item) && keyText(item) === keyText(first));
      return at === -1 ? null : number(at);
    }
    case 'sort':
    case 'reverse':
      if (name === 'reverse') self.items.reverse();
      return none;
    default:
      return null;
  }
}

function dictMethod(self: Value & { is: 'dict' }, name: string, given: Arguments): Value | null {
  const key = given.positional[0];
  const found = key !== undefined && isPlain(key) ? self.entries.get(keyText(key))?.value : undefined;
  switch (name) {
    case 'items':
      return list(
        [...self.entries.values()].map((entry) => tupleOf([entry.key, entry.value])),
        self.open,
      );
    case 'keys':
      return list(
        [...self.entries.values()].map((entry) => entry.key),
        self.open,
      );
    case 'values':
      return list(
        [...self.entries.values()].map((entry) => entry.value),
        self.open,
      );
    case 'get':
    case 'pop':
      return (
        found ?? (self.open || key === undefined || !isPlain(key) ? null : (argument(given, 1, 'default') ?? none))
      );
    case 'setdefault':
      if (found !== undefined || key === undefined || !isPlain(key)) return found ?? null;
      self.entries.set(keyText(key), { key, value: given.positional[1] ?? none });
      return given.positional[1] ?? none;
    case 'copy':
      return { ...self, entries: new Map(self.entries) };
    case 'update':
      if (key?.is === 'dict') for (const [name, entry] of key.entries) self.entries.set(name, entry);
      else if (key !== undefined) self.open = true;
      for (const [name, value] of given.named) self.entries.set(`t${name}`, { key: text(name), value });
      return none;
    default:
      return null;
  }
}
