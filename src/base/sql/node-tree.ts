import type { SqlToken } from './lex-sql.ts';

/** Tokens with what is in brackets as one node. */
export type SqlGroup = { kind: 'group'; open: string; nodes: SqlNode[]; start: number; end: number };
export type SqlNode = SqlToken | SqlGroup;

const closing: { [open: string]: string } = { '(': ')', '[': ']', '{': '}' };

/** Null: the brackets do not match. */
export function nodeTree(tokens: readonly SqlToken[]): SqlNode[] | null {
  const top: SqlGroup = { kind: 'group', open: '', nodes: [], start: 0, end: 0 };
  const open = [top];
  for (const token of tokens) {
    const at = open.at(-1) ?? top;
    if (token.kind === 'mark' && closing[token.text] !== undefined) {
      const group: SqlGroup = { kind: 'group', open: token.text, nodes: [], start: token.start, end: token.end };
      at.nodes.push(group);
      open.push(group);
    } else if (token.kind === 'mark' && /^[)\]}]$/.test(token.text)) {
      if (closing[at.open] !== token.text) return null;
      at.end = token.end;
      open.pop();
    } else at.nodes.push(token);
  }
  return open.length === 1 ? top.nodes : null;
}

export function isWord(node: SqlNode | undefined, ...texts: string[]): boolean {
  return node?.kind === 'word' && texts.includes(node.text);
}

export function isMark(node: SqlNode | undefined, text: string): boolean {
  return node?.kind === 'mark' && node.text === text;
}

export function isName(node: SqlNode | undefined): node is SqlToken {
  return node?.kind === 'word' || node?.kind === 'quoted';
}

export function isGroup(node: SqlNode | undefined, open = '('): node is SqlGroup {
  return node?.kind === 'group' && node.open === open;
}

/** All tokens of the nodes in their order, brackets too. */
export function flatten(nodes: readonly SqlNode[]): SqlToken[] {
  return nodes.flatMap((node) => {
    if (node.kind !== 'group') return [node];
    const close = closing[node.open] ?? '';
    return [mark(node.open, node.start), ...flatten(node.nodes), mark(close, node.end - 1)];
  });
}

function mark(text: string, start: number): SqlToken {
  return { kind: 'mark', text, raw: text, start, end: start + 1 };
}

/** The pieces between the commas of this level. */
export function splitByComma(nodes: readonly SqlNode[]): SqlNode[][] {
  const pieces: SqlNode[][] = [[]];
  for (const node of nodes) {
    if (isMark(node, ',')) pieces.push([]);
    else pieces.at(-1)?.push(node);
  }
  return pieces;
}
