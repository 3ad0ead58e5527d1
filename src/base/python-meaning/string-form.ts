import { type Concrete, inRole } from './concrete-tree.ts';
import type { FormRules } from './form-rules.ts';
import { namesCharacter, type StringKind, stringKind, textMeaning } from './literals.ts';

type Form = (node: Concrete, rules: FormRules) => string;
type Piece = { text: string } | { form: string };
type Literal = { kind: StringKind; pieces: Piece[] };

/**
 * Writes a string, or several that stand side by side, by what it stands for. Whether it is bytes, text or formatted text
 * counts; quotes, `u`, `r` and how it is cut up do not.
 */
export function stringMeaning(form: Form): Form {
  return (node, rules) => {
    const parts = node.type === 'string' ? [node] : node.children.filter((child) => child.named);
    const literals = parts.map((part) => literalOf(part, (piece) => form(piece, rules)));
    const known = literals.filter((literal) => literal !== null);
    if (known.length !== literals.length) return `(strings ${JSON.stringify(node.text)})`;
    const kind = known.some((literal) => literal.kind.formatted) ? 'formatted' : 'text';
    const pieces = joined(known.flatMap((literal) => literal.pieces));
    return `(${known[0]?.kind.bytes === true ? 'bytes' : kind} ${pieces.join(' ')})`;
  };
}

function joined(pieces: readonly Piece[]): string[] {
  const written: string[] = [];
  let text = '';
  for (const piece of pieces) {
    if ('text' in piece) {
      text += piece.text;
      continue;
    }
    if (text !== '') written.push(JSON.stringify(text));
    text = '';
    written.push(piece.form);
  }
  return text === '' && written.length > 0 ? written : [...written, JSON.stringify(text)];
}

/** Null for a literal that is not known to the letter. */
function literalOf(node: Concrete, form: (node: Concrete) => string): Literal | null {
  const [start] = node.children;
  const last = node.children.at(-1);
  if (node.type !== 'string' || start?.type !== 'string_start' || last?.type !== 'string_end') return null;
  const kind = stringKind(start.text);
  if (kind === null) return null;
  // The grammar now and then counts backslashes to the closing quotes.
  const quotes = /['"]+$/.exec(start.text)?.[0] ?? '';
  if (!node.text.endsWith(quotes)) return null;
  if (!kind.formatted) {
    const content = node.text.slice(start.text.length, node.text.length - quotes.length);
    return { kind, pieces: [written(content, kind)] };
  }
  if (last.text !== quotes) return null;
  const pieces = node.children.slice(1, -1).map((child) => formattedPiece(child, kind, form));
  const known = pieces.filter((piece) => piece !== null);
  return known.length === pieces.length ? { kind, pieces: known } : null;
}

function written(content: string, kind: StringKind): Piece {
  if (namesCharacter(content, kind)) return { form: `(named-characters ${JSON.stringify(content)})` };
  return { text: textMeaning(content, kind) };
}

function formattedPiece(node: Concrete, kind: StringKind, form: (node: Concrete) => string): Piece | null {
  if (node.type === 'string_content') {
    if (namesCharacter(node.text, kind) || /\\N$/.test(node.text)) return null;
    return { text: textMeaning(node.text.replaceAll('{{', '{').replaceAll('}}', '}'), kind) };
  }
  if (node.type !== 'interpolation') return null;
  const expression = inRole(node, 'expression');
  if (expression === null) return null;
  const rest = node.children.filter((child) => child.named && child !== expression);
  const shown = node.children.some((child) => !child.named && child.text === '=');
  const marks = rest.map((child) => markForm(child, form));
  if (marks.includes(null)) return null;
  const spelled = shown ? `shown ${JSON.stringify(node.text)}` : '';
  return { form: `(value ${form(expression)} ${marks.join(' ')} ${spelled})` };
}

/** A conversion, or a format whose own expressions are written by what they mean. */
function markForm(node: Concrete, form: (node: Concrete) => string): string | null {
  if (node.type === 'type_conversion') return node.text;
  if (node.type !== 'format_specifier') return null;
  let at = node.start;
  const pieces: string[] = [];
  for (const child of node.children.filter(({ named }) => named)) {
    pieces.push(JSON.stringify(node.text.slice(at - node.start, child.start - node.start)));
    pieces.push(...child.children.filter(({ named }) => named).map(form));
    at = child.end;
  }
  return `(format ${[...pieces, JSON.stringify(node.text.slice(at - node.start))].join(' ')})`;
}
