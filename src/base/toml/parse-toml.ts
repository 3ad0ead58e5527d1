import { type Cursor, skipBlank, skipSpace, take, tomlError } from './toml-cursor.ts';
import { readArray, readScalar, readString, type Value } from './toml-values.ts';

export type TomlTable = { [key: string]: TomlValue };
export type TomlValue = Value<TomlTable>;

/**
 * Reads a TOML 1.0 text. Dates and times come as their text. Throws a plain error with the line when it is not valid.
 * Keys come into tables without a prototype, so that no key means anything but itself.
 */
export function parseToml(text: string): TomlTable {
  const root = table();
  const cursor: Cursor = { text: text.replace(/^\uFEFF/, '').replaceAll('\r\n', '\n'), at: 0 };
  let current = root;
  for (skipBlank(cursor); cursor.at < cursor.text.length; skipBlank(cursor)) {
    if (cursor.text[cursor.at] === '[') current = readHeader(cursor, root);
    else readPair(cursor, current);
    endOfLine(cursor);
  }
  return root;
}

function endOfLine(cursor: Cursor): void {
  skipSpace(cursor);
  const next = cursor.text[cursor.at];
  if (next !== undefined && next !== '\n' && next !== '#') throw tomlError(cursor, 'the end of the line');
}

function readHeader(cursor: Cursor, root: TomlTable): TomlTable {
  const isList = cursor.text.startsWith('[[', cursor.at);
  cursor.at += isList ? 2 : 1;
  const path = readPath(cursor);
  if (!take(cursor, isList ? ']]' : ']')) throw tomlError(cursor, isList ? ']]' : ']');
  const parent = tableAt(cursor, root, path.slice(0, -1));
  const last = path.at(-1) ?? '';
  if (!isList) return tableAt(cursor, parent, [last]);
  const list = parent[last] ?? [];
  if (!Array.isArray(list)) throw tomlError(cursor, 'a list of tables');
  const entry = table();
  parent[last] = [...list, entry];
  return entry;
}

/** `a.b = value` into `into`. */
function readPair(cursor: Cursor, into: TomlTable): void {
  const path = readPath(cursor);
  if (!take(cursor, '=')) throw tomlError(cursor, '=');
  skipSpace(cursor);
  const owner = tableAt(cursor, into, path.slice(0, -1));
  const last = path.at(-1) ?? '';
  if (Object.hasOwn(owner, last)) throw tomlError(cursor, `a key other than ${last}, which is there already,`);
  owner[last] = readValue(cursor);
}

function readPath(cursor: Cursor): string[] {
  const path: string[] = [];
  do {
    skipSpace(cursor);
    const bare = /[A-Za-z0-9_-]+/y;
    bare.lastIndex = cursor.at;
    const word = bare.exec(cursor.text)?.[0];
    if (word !== undefined) cursor.at += word.length;
    path.push(word ?? readString(cursor));
    skipSpace(cursor);
  } while (take(cursor, '.'));
  return path;
}

function readValue(cursor: Cursor): TomlValue {
  const next = cursor.text[cursor.at];
  if (next === '"' || next === "'") return readString(cursor);
  if (next === '[') return readArray(cursor, readValue);
  return next === '{' ? readInline(cursor) : readScalar(cursor);
}

function readInline(cursor: Cursor): TomlTable {
  const inline = table();
  take(cursor, '{');
  for (skipBlank(cursor); !take(cursor, '}'); skipBlank(cursor)) {
    readPair(cursor, inline);
    skipBlank(cursor);
    if (!take(cursor, ',') && cursor.text[cursor.at] !== '}') throw tomlError(cursor, ', or }');
  }
  return inline;
}

/** The table at `path`, made where it is missing; of a list of tables the last one. */
function tableAt(cursor: Cursor, from: TomlTable, path: readonly string[]): TomlTable {
  let at = from;
  for (const key of path) {
    const found = Object.hasOwn(at, key) ? at[key] : undefined;
    const inside = Array.isArray(found) ? found.at(-1) : found;
    if (inside === undefined) {
      const made = table();
      at[key] = made;
      at = made;
    } else if (typeof inside === 'object' && !Array.isArray(inside)) at = inside;
    else throw tomlError(cursor, `${key} as a table`);
  }
  return at;
}

function table(): TomlTable {
  return Object.create(null);
}
