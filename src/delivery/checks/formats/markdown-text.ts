import { plainText } from './plain-text.ts';

/** Stops GitHub from making a mention, a reference or a link, and cannot be seen. */
const apart = '&#8203;';

const entities: { [character: string]: string } = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '\\': '&#92;',
  '`': '&#96;',
  '|': '&#124;',
};

/**
 * Text that others wrote as inline Markdown for GitHub, safe anywhere but at the start of a line: it shows what it says,
 * makes no HTML, table cell, mention, issue reference or link. What stands between backticks stays code.
 */
export function prose(text: string, limit: number): string {
  return plainText(text, limit)
    .split(/(`[^`]+`)/)
    .map((piece) => (/^`[^`]+`$/.test(piece) ? code(piece.slice(1, -1), limit) : escaped(piece)))
    .join('');
}

/** Text that others wrote as a code span, safe in a table cell and in the text of a link. */
export function code(text: string, limit: number): string {
  const line = plainText(text, limit);
  if (line === '') return '';
  if (!/[`|\\]/.test(line)) return `\`${line}\``;
  return `<code>${line.replace(/[^\p{L}\p{N}\p{M} ]/gu, numbered)}</code>`;
}

function escaped(text: string): string {
  return text
    .replace(/[&<>\\`|]/g, (found) => entities[found] ?? found)
    .replace(/[*[\]~$]/g, '\\$&')
    .replace(/(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, '\\_')
    .replace(/@/g, `@${apart}`)
    .replace(/:\/\//g, `:${apart}//`)
    .replace(/www\./gi, (found) => `${found.slice(0, -1)}${apart}.`)
    .replace(/(?<!&)#(?=\d)|\bGH-(?=\d)/gi, `$&${apart}`);
}

function numbered(character: string): string {
  return `&#${character.codePointAt(0) ?? 0};${character === '@' ? apart : ''}`;
}
