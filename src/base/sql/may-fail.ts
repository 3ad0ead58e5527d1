import { functionKind } from './functions.ts';
import { isGroup, isMark, isName, isWord, type SqlNode } from './node-tree.ts';
import type { Printing } from './printing.ts';

/**
 * Whether an expression may end the query with an error for some values: a cast, a division, a function that reads texts, a subquery that
 * may give more than one row. What an operand before it leaves out then decides whether the query runs at all.
 */
export function mayFail(nodes: readonly SqlNode[], printing: Printing): boolean {
  return nodes.some((node, at) => {
    const [before, after] = [nodes[at - 1], nodes[at + 1]];
    if (isMark(node, '::')) return !isLiteral(before) && !isText(after);
    if (node.kind === 'mark' && ['/', '//', '%'].includes(node.text))
      return printing.dialect !== 'duckdb' && !(after?.kind === 'number' && Number(after.text) !== 0);
    if (!isGroup(node)) return false;
    if (printing.subquery(node.nodes, printing) !== null)
      return !isWord(before, 'in', 'exists', 'any', 'all', 'some') || mayFail(node.nodes, printing);
    if (!isName(before) || isPlainWord(before.text)) return mayFail(node.nodes, printing);
    return isFailing(before.text, node.nodes) || mayFail(node.nodes, printing);
  });
}

function isLiteral(node: SqlNode | undefined): boolean {
  return node?.kind === 'string' || node?.kind === 'number';
}

function isText(node: SqlNode | undefined): boolean {
  return isWord(node, 'text', 'varchar', 'string', 'char');
}

function isPlainWord(text: string): boolean {
  return /^(?:in|and|or|not|when|then|else|case|over|between|like|ilike|is|by|filter|any|some|all|interval)$/.test(
    text,
  );
}

/** Functions that are given texts to read, or values outside of what they take. */
const failing =
  /^(?:to_|parse_|str|make_|date_from|timestamp_from|from_|sqrt|ln|log|acos|asin|exp|pow|power|mod|div|repeat|chr|date$|timestamp$|decimal$|numeric$|bool$|decode|unhex|raise|error|assert)/;

function isFailing(name: string, inside: readonly SqlNode[]): boolean {
  if (name === 'cast') return !isLiteral(inside[0]) && !isText(inside.at(-1));
  if (/^(?:try_|safe_|to_char|to_varchar|to_json|strpos|string_agg|starts|struct)/.test(name)) return false;
  return functionKind(name) === 'other' || failing.test(name);
}
