/** The value of a number as text: `0xFF`, `255` and `2_55` are one, `1e3` and `1000.0` are one; integers are no floats. */
export function numberMeaning(written: string): string {
  const plain = written.replaceAll('_', '').toLowerCase();
  if (/l$|^0+[1-9]/.test(plain) && !/[.ej]/.test(plain)) return `number ${written}`;
  if (plain.endsWith('j')) return `imaginary ${String(Number(plain.slice(0, -1)))}`;
  if (/^(0[xob][0-9a-f]+|[0-9]+)$/.test(plain))
    return plain.length > 4000 ? `integer ${plain}` : `integer ${BigInt(plain.replace(/^0+(?=\d)/, ''))}`;
  return `float ${String(Number(plain))}`;
}

/** A literal's marks: whether it is bytes, raw, formatted, and how long its quotes are. */
export type StringKind = { bytes: boolean; raw: boolean; formatted: boolean };

/** What `string_start` says, or null for a prefix that is not known (template strings, for one). */
export function stringKind(start: string): StringKind | null {
  const prefix = start.replace(/['"]+$/, '').toLowerCase();
  if (!/^(|u|b|r|f|br|rb|fr|rf)$/.test(prefix)) return null;
  return { bytes: prefix.includes('b'), raw: prefix.includes('r'), formatted: prefix.includes('f') };
}

const simpleEscapes: { [letter: string]: string } = {
  '\n': '',
  '\\': '\\',
  "'": "'",
  '"': '"',
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};

const ESCAPE = /\\(?:([0-7]{1,3})|x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([\s\S]))/g;

/** Whether a character is written by its name, `\N{...}`, which is told here by the spelling alone. */
export function namesCharacter(content: string, kind: StringKind): boolean {
  return !kind.raw && !kind.bytes && content.replaceAll('\\\\', '').includes('\\N{');
}

/** The text that a literal's content stands for. Escapes that Python does not know keep their backslash, as Python keeps them. */
export function textMeaning(content: string, kind: StringKind): string {
  if (kind.raw || !content.includes('\\')) return content;
  return content.replace(ESCAPE, (whole: string, octal, hex, short, long, other) => {
    if (octal !== undefined) return String.fromCodePoint(Number.parseInt(octal, 8));
    if (hex !== undefined) return String.fromCodePoint(Number.parseInt(hex, 16));
    const wide = kind.bytes ? undefined : (short ?? long);
    if (wide !== undefined) return codePoint(Number.parseInt(wide, 16), whole);
    return simpleEscapes[other ?? ''] ?? whole;
  });
}

function codePoint(code: number, whole: string): string {
  return code > 0x10ffff ? whole : String.fromCodePoint(code);
}
