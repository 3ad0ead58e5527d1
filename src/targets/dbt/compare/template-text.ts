import { createHash } from 'node:crypto';
import { lexSql, needsDialect } from '../../../base/sql/lex-sql.ts';
import type { SqlDialect } from '../../../base/sql/sql-dialect.ts';
import { jinjaSegments } from '../jinja/segments.ts';
import { tokensOf } from '../jinja/tokens.ts';
import type { Piece } from './template.ts';

/** An expression without its layout: the same for two that differ in white space alone. */
export function codeText(code: string): string {
  return tokensOf(code)
    .map((token) => (token.kind === 'text' ? JSON.stringify(token.text) : token.text))
    .join(' ');
}

/**
 * A template without comments and layout, in Jinja and in its SQL: the same for two only if they give the same. Where its SQL
 * cannot be read piece by piece, it stays as written.
 */
export function piecesText(pieces: readonly Piece[], dialects: readonly SqlDialect[]): string {
  const isClear = textsIn(pieces).every((text) => sqlText(text, dialects) !== null);
  return shown(pieces, (text) => (isClear ? (sqlText(text, dialects) ?? text) : text));
}

function textsIn(pieces: readonly Piece[]): string[] {
  return pieces.flatMap((piece) => {
    if (piece.is === 'text') return [piece.text];
    if (piece.is === 'if') return piece.arms.flatMap((arm) => textsIn(arm.body));
    if (piece.is === 'for') return [...textsIn(piece.body), ...textsIn(piece.otherwise)];
    return piece.is === 'set-block' || piece.is === 'block' ? textsIn(piece.body) : [];
  });
}

/** The tokens of a piece of SQL. Null where it may begin or end inside a comment or a text. */
function sqlText(text: string, dialects: readonly SqlDialect[]): string | null {
  const lastLine = text.slice(text.lastIndexOf('\n') + 1);
  if (/--|\/\/|#|\/\*/.test(lastLine)) return null;
  if (dialects.length > 1 && needsDialect(text)) return null;
  const read = dialects.map((dialect) => lexSql(text, dialect));
  if (read.includes(null)) return null;
  const said = read.map((tokens) => tokens?.map((token) => token.raw).join(' ') ?? '');
  const [start, end] = [/^\s/.test(text) ? ' ' : '', /\s$/.test(text) ? ' ' : ''];
  return `${start}${[...new Set(said)].join('\n')}${end}`;
}

type Show = (text: string) => string;

function shown(pieces: readonly Piece[], show: Show): string {
  return pieces.map((piece) => shownPiece(piece, show)).join('');
}

function shownPiece(piece: Piece, show: Show): string {
  if (piece.is === 'text') return show(piece.text);
  if (piece.is === 'print') return `{{${codeText(piece.code)}}}`;
  if (piece.is === 'if')
    return piece.arms
      .map(({ test, body }) => `{%if ${test === null ? 'else' : codeText(test)}%}${shown(body, show)}`)
      .join('');
  if (piece.is === 'for')
    return `{%for ${codeText(piece.head)}%}${shown(piece.body, show)}{%else%}${shown(piece.otherwise, show)}{%end%}`;
  if (piece.is === 'set') return `{%set ${piece.name}=${codeText(piece.code)}%}`;
  if (piece.is === 'set-block') return `{%set ${piece.name}%}${shown(piece.body, show)}{%end%}`;
  if (piece.is === 'block') return `{%${piece.kind} ${codeText(piece.head)}%}${shown(piece.body, show)}{%end%}`;
  return `{%${codeText(piece.code)}%}`;
}

/** The Jinja of a text alone. */
export function codeOf(text: string): string {
  return jinjaSegments(text)
    .map(({ code }) => code)
    .join('\n');
}

export function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 20);
}
