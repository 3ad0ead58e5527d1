/** A piece of Jinja in a text. `line` starts at 1; `code` is what stands between the marks. */
export type Segment = { kind: 'expression' | 'statement'; code: string; line: number };

/** The Jinja pieces of a text, without comments and raw blocks. Unclosed marks end the reading. */
export function jinjaSegments(text: string): Segment[] {
  const segments: Segment[] = [];
  let line = 1;
  let counted = 0;
  let raw = false;
  for (let at = text.indexOf('{'); at !== -1 && at < text.length - 1; at = text.indexOf('{', at)) {
    const mark = text.charAt(at + 1);
    const close = mark === '{' ? '}}' : mark === '%' ? '%}' : mark === '#' ? '#}' : null;
    if (close === null) {
      at += 1;
      continue;
    }
    const end = endOf(text, at + 2, close);
    if (end === -1) break;
    line += linesIn(text, counted, at);
    counted = at;
    const code = text
      .slice(at + 2, end)
      .replace(/^[-+]/, '')
      .replace(/[-+]$/, '');
    if (mark === '%' && /^\s*(end)?raw\s*$/.test(code)) raw = !/end/.test(code);
    else if (!raw && mark !== '#') segments.push({ kind: mark === '{' ? 'expression' : 'statement', code, line });
    at = end + 2;
  }
  return segments;
}

/** Where the closing mark stands, looking over strings. Comments have no strings. */
export function endOf(text: string, from: number, close: string): number {
  if (close === '#}') return text.indexOf(close, from);
  let quote = '';
  for (let at = from; at < text.length; at += 1) {
    const letter = text.charAt(at);
    if (quote !== '') {
      if (letter === '\\') at += 1;
      else if (letter === quote) quote = '';
    } else if (letter === '"' || letter === "'") quote = letter;
    else if (text.startsWith(close, at) && !(close === '}}' && text.charAt(at + 2) === '}')) return at;
  }
  // A quote that nothing closes is no string; then the first mark counts.
  return text.indexOf(close, from);
}

function linesIn(text: string, from: number, to: number): number {
  let lines = 0;
  for (let at = text.indexOf('\n', from); at !== -1 && at < to; at = text.indexOf('\n', at + 1)) lines += 1;
  return lines;
}
