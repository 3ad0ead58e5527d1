import type { Concrete } from './concrete-tree.ts';

const clauses = new Set(['elif_clause', 'else_clause', 'except_clause', 'finally_clause']);

/**
 * Whether lines stand as deep as Python wants them: the statements of a block all alike and deeper than what holds them. The grammar
 * takes in more than that.
 */
export function isIndentedWell(root: Concrete): boolean {
  return blockStands(root, { text: root.text, from: root.start }, null);
}

type Source = { text: string; from: number };

/** What stands before a node in its line; null when that is more than space. */
function indentOf(node: Concrete, { text, from }: Source): string | null {
  const before = text.slice(0, Math.max(0, node.start - from));
  const line = before.slice(before.lastIndexOf('\n') + 1);
  return /^[ \t\f]*$/.test(line) ? line : null;
}

/** `outer`: how deep the statement stands that holds the block; null for the module. */
function blockStands(block: Concrete, source: Source, outer: string | null): boolean {
  const statements = block.children.filter((child) => child.named);
  const indents = new Set(statements.map((child) => indentOf(child, source)).filter((indent) => indent !== null));
  const [indent] = indents;
  if (indents.size > 1) return false;
  if (indent !== undefined && outer === null && indent !== '') return false;
  if (indent !== undefined && outer !== null && !(indent.startsWith(outer) && indent.length > outer.length))
    return false;
  return statements.every((child) => statementStands(child, source, indent ?? outer ?? ''));
}

function statementStands(node: Concrete, source: Source, indent: string): boolean {
  return node.children.every((child) => {
    if (child.type === 'block') return blockStands(child, source, indent);
    const own = clauses.has(child.type) || child.role === 'definition' ? indentOf(child, source) : null;
    if (own !== null && own !== indent) return false;
    return !child.named || statementStands(child, source, indent);
  });
}
