import { endOf } from '../jinja/segments.ts';

/** A text with Jinja as a tree. `other` is a statement of which is not known what it does. */
export type Piece =
  | { is: 'text'; text: string }
  | { is: 'print'; code: string }
  | { is: 'if'; arms: { test: string | null; body: Piece[] }[] }
  | { is: 'for'; head: string; body: Piece[]; otherwise: Piece[] }
  | { is: 'set'; name: string; code: string }
  | { is: 'set-block'; name: string; body: Piece[] }
  | { is: 'block'; kind: string; head: string; body: Piece[] }
  | { is: 'other'; code: string };

type Mark = { kind: 'text' | 'print' | 'statement'; text: string };

/** Reads a template. Null: its statements do not close. */
export function parseTemplate(text: string): Piece[] | null {
  const reader = { marks: marksOf(text), at: 0 };
  const { body, end } = readBody(reader, []);
  return end === null && reader.at >= reader.marks.length ? body : null;
}

/** Texts, expressions and statements in their order, with the white space taken off that `-` takes off. */
function marksOf(text: string): Mark[] {
  const marks: Mark[] = [];
  let from = 0;
  let trims = false;
  const addText = (until: number, trimsEnd: boolean) => {
    const raw = text.slice(from, until);
    const started = trims ? raw.trimStart() : raw;
    marks.push({ kind: 'text', text: trimsEnd ? started.trimEnd() : started });
  };
  for (let at = text.indexOf('{'); at !== -1; at = text.indexOf('{', at)) {
    const sign = text.charAt(at + 1);
    const close = sign === '{' ? '}}' : sign === '%' ? '%}' : sign === '#' ? '#}' : null;
    const end = close === null ? -1 : endOf(text, at + 2, close);
    if (end === -1) {
      at += 1;
      continue;
    }
    addText(at, text.charAt(at + 2) === '-');
    const code = text
      .slice(at + 2, end)
      .replace(/^[-+]/, '')
      .replace(/[-+]$/, '')
      .trim();
    trims = text.charAt(end - 1) === '-';
    from = end + 2;
    at = from;
    if (sign === '%' && code === 'raw') {
      const raw = /\{%[-+]?\s*endraw\s*[-+]?%\}/.exec(text.slice(from));
      const length = raw === null ? text.length - from : raw.index;
      marks.push({ kind: 'text', text: text.slice(from, from + length) });
      from += length + (raw?.[0].length ?? 0);
      at = from;
    } else if (sign !== '#') marks.push({ kind: sign === '{' ? 'print' : 'statement', text: code });
  }
  addText(text.length, false);
  return marks.filter((mark) => mark.kind !== 'text' || mark.text !== '');
}

type Reader = { marks: Mark[]; at: number };
/** `end` is the statement that ended the body, null at the end of the text. */
type Body = { body: Piece[]; end: string | null };

function readBody(reader: Reader, ends: readonly string[]): Body {
  const body: Piece[] = [];
  while (reader.at < reader.marks.length) {
    const mark = reader.marks[reader.at];
    reader.at += 1;
    if (mark === undefined) break;
    if (mark.kind === 'text') body.push({ is: 'text', text: mark.text });
    else if (mark.kind === 'print') body.push({ is: 'print', code: mark.text });
    else if (ends.includes(wordOf(mark.text))) return { body, end: mark.text };
    else body.push(readStatement(reader, mark.text));
  }
  return { body, end: null };
}

function wordOf(code: string): string {
  return /^\w+/.exec(code)?.[0] ?? '';
}

const blocks = ['macro', 'test', 'data_test', 'snapshot', 'materialization', 'docs', 'call', 'filter'];

function readStatement(reader: Reader, code: string): Piece {
  const word = wordOf(code);
  const head = code.slice(word.length).trim();
  if (word === 'if') return readIf(reader, head);
  if (word === 'for') return readFor(reader, head);
  if (word === 'set') return readSet(reader, head);
  if (!blocks.includes(word)) return { is: 'other', code };
  const { body, end } = readBody(reader, [`end${word}`]);
  return end === null ? { is: 'other', code } : { is: 'block', kind: word, head, body };
}

function readIf(reader: Reader, first: string): Piece {
  const arms: { test: string | null; body: Piece[] }[] = [];
  let test: string | null = first;
  for (;;) {
    const { body, end } = readBody(reader, ['elif', 'else', 'endif']);
    arms.push({ test, body });
    if (end === null) return { is: 'other', code: `if ${first}` };
    if (wordOf(end) === 'endif') return { is: 'if', arms };
    test = wordOf(end) === 'elif' ? end.slice(4).trim() : null;
  }
}

function readFor(reader: Reader, head: string): Piece {
  const { body, end } = readBody(reader, ['else', 'endfor']);
  if (end === null) return { is: 'other', code: `for ${head}` };
  if (wordOf(end) === 'endfor') return { is: 'for', head, body, otherwise: [] };
  const { body: otherwise, end: last } = readBody(reader, ['endfor']);
  return last === null ? { is: 'other', code: `for ${head}` } : { is: 'for', head, body, otherwise };
}

function readSet(reader: Reader, head: string): Piece {
  const assigned = /^(\w+)\s*=(?!=)([\s\S]*)$/.exec(head);
  if (assigned !== null) return { is: 'set', name: assigned[1] ?? '', code: (assigned[2] ?? '').trim() };
  if (!/^\w+$/.test(head)) return { is: 'other', code: `set ${head}` };
  const { body, end } = readBody(reader, ['endset']);
  return end === null ? { is: 'other', code: `set ${head}` } : { is: 'set-block', name: head, body };
}
