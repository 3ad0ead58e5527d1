import type { Machine } from './machine-types.ts';
import { field, type SyntaxNode } from './syntax.ts';
import { asText, type Scope, text, unknown, type Value } from './values.ts';

const escapes: { [letter: string]: string } = {
  n: '\n',
  t: '\t',
  r: '\r',
  '0': '\0',
  '\\': '\\',
  "'": "'",
  '"': '"',
  '\n': '',
};

/** A string literal or f-string. Pieces that are not known become `*`, and the text is partial. */
export function readString(machine: Machine, node: SyntaxNode, scope: Scope): Value {
  const prefix = (node.children[0]?.text ?? '').toLowerCase();
  if (/^[^'"]*b/.test(prefix)) return unknown;
  const raw = /^[^'"]*r/.test(prefix);
  let value = '';
  let partial = false;
  for (const child of node.children) {
    if (child.type === 'string_content') value += content(child.text, { raw, formatted: /^[^'"]*f/.test(prefix) });
    if (child.type === 'interpolation') {
      const piece = interpolated(machine, child, scope);
      value += piece.value;
      partial ||= piece.partial;
    }
  }
  return text(value, partial);
}

function content(written: string, how: { raw: boolean; formatted: boolean }): string {
  const braces = how.formatted ? written.replaceAll('{{', '{').replaceAll('}}', '}') : written;
  if (how.raw) return braces;
  return braces.replace(/\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|([\s\S]))/g, (all, hex, unicode, letter) => {
    const code = hex ?? unicode;
    return code === undefined ? (escapes[letter] ?? all) : String.fromCharCode(Number.parseInt(code, 16));
  });
}

function interpolated(machine: Machine, node: SyntaxNode, scope: Scope): { value: string; partial: boolean } {
  const value = machine.evaluate(field(node, 'expression'), scope);
  const format = field(node, 'format_specifier')?.text.slice(1) ?? '';
  const conversion = field(node, 'type_conversion')?.text ?? '';
  if (conversion === '!r' && value.is === 'text') return { value: `'${value.value}'`, partial: value.partial };
  return format === '' ? asText(value) : formatted(value, format);
}

/** `format(value, spec)` for widths of whole numbers and texts; `*` for the rest. */
export function formatted(value: Value, spec: string): { value: string; partial: boolean } {
  const width = /^(0?)(\d+)d?$/.exec(spec);
  if (value.is === 'number' && width !== null) {
    return { value: String(value.value).padStart(Number(width[2]), width[1] === '0' ? '0' : ' '), partial: false };
  }
  if (spec === 's' || (spec === 'd' && value.is === 'number')) return asText(value);
  return { value: '*', partial: true };
}
