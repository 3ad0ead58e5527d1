import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { loadFormReader } from './module-form.ts';

const folder = join(import.meta.dirname, '../../../examples/payments/airflow');
const files = ['dags/payments_daily.py', 'dags/intake.py', 'dags/refunds_hourly.py', 'include/payments/warehouse.py'];
const texts = files.map((file) => readFileSync(join(folder, file), 'utf8'));
const read = await loadFormReader();

const PIECE = /"""[\s\S]*?"""|#[^\n]*|[rbf]*"(?:\\.|[^"\\\n])*"|\w+|[-+*/<>=!:]=|->|\*\*|\n[ \t]*|[ \t]+|./g;
const brackets = new Map([
  ['(', 1],
  ['[', 1],
  ['{', 1],
  [')', -1],
  [']', -1],
  ['}', -1],
]);

/** The pieces of a text, and for each how many brackets are open after it. */
function piecesOf(text: string): { piece: string; depth: number }[] {
  let depth = 0;
  return [...text.matchAll(PIECE)].map(([piece]) => {
    depth += brackets.get(piece) ?? 0;
    return { piece, depth };
  });
}

/** Never equal for texts that cannot be read. */
function meaning(text: string): string {
  const { statements } = read(text);
  return statements === null ? `cannot be read: ${text}` : statements.map(({ code }) => code).join('\n');
}

const anyText = fc.constantFrom(...texts);
const fillers = ['', ' ', '\n', '\n    # a note, (with) "signs"\n', '\n\n'];

test('formatting, comments and trailing commas mean nothing, wherever they are', () => {
  const edit = fc.record({ text: anyText, seed: fc.infiniteStream(fc.nat(fillers.length * 4)) });
  fc.assert(
    fc.property(edit, ({ text, seed }) => {
      // Between `for` and `in` of a comprehension the grammar takes in no line ends, and no formatter writes any.
      let targets = false;
      const written = piecesOf(text).map(({ piece, depth }) => {
        targets = piece === 'for' || (targets && piece !== 'in');
        const choice = seed.next().value;
        const filler = depth > 0 && !targets ? (fillers[choice] ?? '') : '';
        if (piece.startsWith('#')) return '';
        if (piece.startsWith('\n') && depth === 0 && choice === 1) return `\n# a note${piece}`;
        return /^\s/.test(piece) && depth > 0 ? ' ' : `${piece}${piece === ',' || piece === '(' ? filler : ''}`;
      });
      assert.equal(meaning(written.join('')), meaning(text));
    }),
    { numRuns: 25 },
  );
});

/** Another piece of the same kind; null for those that are left alone. */
function changed(piece: string, way: number): string | null {
  if (/^(#|"""|\s)/.test(piece)) return null;
  if (/^\d+$/.test(piece)) return String(Number(piece) + 1 + way);
  if (/^[rbf]*"/.test(piece)) return `${piece.slice(0, -1)}~"`;
  if (/^(and|or|in|is|not|if|else|for|with|as|from|import|def|class|return|print)$/.test(piece)) return null;
  if (/^\w+$/.test(piece)) return `${piece}_${way}`;
  const others = ['==', '!=', '<', '>=', '+', '-', '*', '/', '**', '.', ','];
  return others.includes(piece) ? (others.filter((other) => other !== piece)[way % (others.length - 1)] ?? null) : null;
}

test('another name, number, text or operator never means the same', () => {
  const edit = fc.record({ text: anyText, at: fc.nat(), way: fc.nat(9) });
  fc.assert(
    fc.property(edit, ({ text, at, way }) => {
      const pieces = piecesOf(text).map(({ piece }) => piece);
      const places = pieces.flatMap((piece, place) => (changed(piece, way) === null ? [] : [place]));
      const place = places[at % places.length] ?? 0;
      // A comma that ends a list says nothing, so its loss is none either.
      if (pieces[place] === ',' && /^[\s)\]}]*$/.test(pieces.slice(place + 1, place + 3).join(''))) return;
      const edited = pieces.with(place, changed(pieces[place] ?? '', way) ?? '').join('');
      assert.notEqual(meaning(edited), meaning(text));
    }),
    { numRuns: 100 },
  );
});

test('a line that stands deeper, or less deep, never means the same', () => {
  const edit = fc.record({ text: anyText, at: fc.nat(), deeper: fc.boolean() });
  fc.assert(
    fc.property(edit, ({ text, at, deeper }) => {
      const lines = text.split('\n');
      const inBlocks = piecesOf(text).filter(({ piece, depth }) => piece.startsWith('\n') && depth === 0);
      assert.ok(inBlocks.length > 0);
      const places = lines.flatMap((line, place) =>
        /^ {4}(return|with|for|print|count|ensure|buffer)\b/.test(line) ? [place] : [],
      );
      const place = places[at % places.length];
      if (place === undefined) return;
      const line = lines[place] ?? '';
      const edited = lines.with(place, deeper ? `    ${line}` : line.slice(4)).join('\n');
      assert.notEqual(meaning(edited), meaning(text));
    }),
    { numRuns: 60 },
  );
});
