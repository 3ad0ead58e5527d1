import type { TreeCursor } from 'web-tree-sitter';
import { loadPythonCursor } from '../python-source/syntax.ts';

/**
 * A node of Python with every token, punctuation included and comments left out. `text` is what it spans in the source;
 * `role` is the field it has in its parent, null for none.
 */
export type Concrete = {
  type: string;
  named: boolean;
  role: string | null;
  text: string;
  /** Where it begins and ends, as offsets into the source. */
  start: number;
  end: number;
  line: number;
  lastLine: number;
  children: Concrete[];
};

/** Reads Python to its last token; null where it is not all valid Python, or too deep to walk. */
export type ReadConcrete = (text: string) => Concrete | null;

/** Deeper nesting than any person writes. */
const deepest = 300;
/** What may stand between tokens and means nothing. */
const skipped = new Set(['comment', 'line_continuation']);

export async function loadConcreteReader(): Promise<ReadConcrete> {
  const withCursor = await loadPythonCursor();
  return (text) => withCursor(text, (cursor) => build({ cursor, text, depth: 0 }));
}

type Reading = { cursor: TreeCursor; text: string; depth: number };

function build(reading: Reading): Concrete | null {
  const { cursor, text } = reading;
  if (cursor.nodeType === 'ERROR' || cursor.nodeIsMissing) return null;
  const node: Concrete = {
    type: cursor.nodeType,
    named: cursor.nodeIsNamed,
    role: cursor.currentFieldName,
    text: text.slice(cursor.startIndex, cursor.endIndex),
    start: cursor.startIndex,
    end: cursor.endIndex,
    line: cursor.startPosition.row + 1,
    lastLine: cursor.endPosition.row + 1,
    children: [],
  };
  if (!cursor.gotoFirstChild()) return node;
  if (reading.depth >= deepest) return null;
  reading.depth += 1;
  const read = buildChildren(reading, node);
  reading.depth -= 1;
  cursor.gotoParent();
  return read ? node : null;
}

function buildChildren(reading: Reading, node: Concrete): boolean {
  do {
    if (skipped.has(reading.cursor.nodeType)) continue;
    const child = build(reading);
    if (child === null) return false;
    node.children.push(child);
  } while (reading.cursor.gotoNextSibling());
  return true;
}

/** The first child with this role, or null. */
export function inRole(node: Concrete, role: string): Concrete | null {
  return node.children.find((child) => child.role === role) ?? null;
}
