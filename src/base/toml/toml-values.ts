import { type Cursor, skipBlank, take, tomlError } from './toml-cursor.ts';

export type Value<Table> = string | number | boolean | Table | Value<Table>[];

const ESCAPES: { [letter: string]: string } = {
  b: '\b',
  t: '\t',
  n: '\n',
  f: '\f',
  r: '\r',
  e: '\x1b',
  '"': '"',
  '\\': '\\',
};

/** A string of any of TOML's four kinds. */
export function readString(cursor: Cursor): string {
  for (const quote of ['"""', "'''"]) {
    if (take(cursor, quote)) {
      take(cursor, '\n');
      return quote === '"""' ? withoutEscapes(cursor, readUntil(cursor, quote, true)) : readUntil(cursor, quote, false);
    }
  }
  const quote = cursor.text[cursor.at] ?? '';
  if (quote !== '"' && quote !== "'") throw tomlError(cursor, 'a string or a key');
  cursor.at += 1;
  const raw = readUntil(cursor, quote, quote === '"');
  if (raw.includes('\n')) throw tomlError(cursor, `${quote} before the end of the line`);
  return quote === '"' ? withoutEscapes(cursor, raw) : raw;
}

/** The text up to `quote`, which is passed. A multi-line string may end in up to two quotes of its own. */
function readUntil(cursor: Cursor, quote: string, escaped: boolean): string {
  const start = cursor.at;
  for (let at = start; at < cursor.text.length; at += 1) {
    if (escaped && cursor.text[at] === '\\') at += 1;
    else if (cursor.text.startsWith(quote, at)) {
      let end = at;
      if (quote.length === 3) while (cursor.text[end + 3] === quote[0] && end - at < 2) end += 1;
      cursor.at = end + quote.length;
      return cursor.text.slice(start, end);
    }
  }
  throw tomlError(cursor, `a closing ${quote}`);
}

function withoutEscapes(cursor: Cursor, raw: string): string {
  return raw
    .replace(/\\[ \t]*\n\s*/g, '')
    .replace(/\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|x([0-9a-fA-F]{2})|(.))/gs, (_, four, eight, two, letter) => {
      const code = Number.parseInt(four ?? eight ?? two ?? '', 16);
      if (letter === undefined && code <= 0x10ffff) return String.fromCodePoint(code);
      const meant = ESCAPES[letter];
      if (meant === undefined) throw tomlError(cursor, 'a known escape');
      return meant;
    });
}

export function readArray<Table>(cursor: Cursor, readValue: (cursor: Cursor) => Value<Table>): Value<Table>[] {
  const items: Value<Table>[] = [];
  take(cursor, '[');
  for (skipBlank(cursor); !take(cursor, ']'); skipBlank(cursor)) {
    items.push(readValue(cursor));
    skipBlank(cursor);
    if (!take(cursor, ',') && cursor.text[cursor.at] !== ']') throw tomlError(cursor, ', or ]');
  }
  return items;
}

/** A number or boolean; a date or time as its text. */
export function readScalar(cursor: Cursor): string | number | boolean {
  const pattern = /\d{4}-\d\d-\d\d(?:[Tt ]\d\d:\d\d[\d:.]*(?:[Zz]|[+-]\d\d:\d\d)?)?|\d\d:\d\d:[\d.]+|[A-Za-z0-9_.+-]+/y;
  pattern.lastIndex = cursor.at;
  const word = pattern.exec(cursor.text)?.[0] ?? '';
  cursor.at += word.length;
  if (word === 'true' || word === 'false') return word === 'true';
  if (/^[+-]?(?:inf|nan)$/.test(word))
    return word.endsWith('nan') ? Number.NaN : word.startsWith('-') ? -Infinity : Infinity;
  if (/^\d{4}-\d\d-\d\d|^\d\d:\d\d:/.test(word)) return word;
  const digits = word.replace(/(?<=[0-9a-fA-F])_(?=[0-9a-fA-F])/g, '');
  if (/^(?:[+-]?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|0x[0-9a-fA-F]+|0o[0-7]+|0b[01]+)$/.test(digits))
    return Number(digits);
  throw tomlError(cursor, 'a value');
}
