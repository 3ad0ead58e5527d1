import { isKeyword } from './lex-sql.ts';
import { isMark, isName, isWord, type SqlNode } from './node-tree.ts';
import type { Item } from './query-tree.ts';

/** An output of a select. Null: not understood. */
export function parseItem(nodes: readonly SqlNode[]): Item | null {
  const last = nodes.at(-1);
  const before = nodes.at(-2);
  if (nodes.length === 0) return null;
  const named = nodes.findLastIndex((node) => isWord(node, 'as'));
  if (named !== -1) {
    const end = nodes.at(-3);
    if (named !== nodes.length - 2 || !isName(last) || end === undefined || !endsOperand(end)) return null;
    return { nodes: nodes.slice(0, -2), alias: last, bare: false };
  }
  if (isName(last) && before !== undefined && endsOperand(before) && !isUnit(last.text) && !isKeyword(last.text))
    return { nodes: nodes.slice(0, -1), alias: last, bare: true };
  return { nodes: [...nodes], alias: null, bare: false };
}

/** Whether an expression can end here, so that a name after it is an alias. */
function endsOperand(node: SqlNode): boolean {
  if (node.kind === 'mark') return false;
  if (node.kind !== 'word') return true;
  return !isKeyword(node.text) || ['end', 'null', 'true', 'false'].includes(node.text);
}

function isUnit(text: string): boolean {
  return /^(?:year|quarter|month|week|day|hour|minute|second|millisecond|microsecond)s?$/.test(text);
}

/** The name that an output has, quotes kept as written; null where the database makes one up. */
export function outputName(item: Item): string | null {
  if (item.alias !== null) return item.alias.text;
  const last = item.nodes.at(-1);
  return isPlainColumn(item.nodes) && isName(last) ? last.text : null;
}

/** `a`, `t.a`, `s.t.a`: nothing but a column. */
export function isPlainColumn(nodes: readonly SqlNode[]): boolean {
  if (nodes.length % 2 === 0 || nodes.length > 7) return false;
  return nodes.every((node, index) =>
    index % 2 === 1 ? isMark(node, '.') : isName(node) && (nodes.length > 1 || !isKeyword(node.text)),
  );
}

/** `*`, `t.*`, also with what is left out or put in its place. */
export function isStar(nodes: readonly SqlNode[]): boolean {
  return isMark(nodes[0], '*') || nodes.some((node, index) => isMark(node, '*') && isMark(nodes[index - 1], '.'));
}
