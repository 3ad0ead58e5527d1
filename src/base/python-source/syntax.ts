import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Language, Parser, type TreeCursor } from 'web-tree-sitter';

/** A named node of a Python syntax tree. `line` starts at 1; `fields` holds the children that have a role, by role. */
export type SyntaxNode = {
  type: string;
  text: string;
  line: number;
  children: SyntaxNode[];
  fields: { [role: string]: SyntaxNode[] };
};

/** A Python text as a tree, and the first line that is no Python (null when all is). */
export type PythonTree = { root: SyntaxNode; brokenAt: number | null };

let loading: Promise<Parser> | null = null;

/** Makes the parser ready; reads its grammar from the packages once. */
export async function loadPythonParser(): Promise<(text: string) => PythonTree> {
  loading ??= createParser();
  const parser = await loading;
  return (text) => parse(parser, text);
}

/** Makes the parser ready for readers that want every token. What `read` gives is given; null when there is no tree. */
export async function loadPythonCursor(): Promise<<T>(text: string, read: (cursor: TreeCursor) => T) => T | null> {
  loading ??= createParser();
  const parser = await loading;
  return (text, read) => {
    const tree = parser.parse(text);
    if (tree === null) return null;
    const cursor = tree.walk();
    try {
      return read(cursor);
    } finally {
      cursor.delete();
      tree.delete();
    }
  };
}

async function createParser(): Promise<Parser> {
  const require = createRequire(import.meta.url);
  await Parser.init({ locateFile: () => require.resolve('web-tree-sitter/web-tree-sitter.wasm') });
  const grammar = readFileSync(require.resolve('tree-sitter-python/tree-sitter-python.wasm'));
  return new Parser().setLanguage(await Language.load(grammar));
}

function parse(parser: Parser, text: string): PythonTree {
  const tree = parser.parse(text);
  if (tree === null) return { root: emptyRoot, brokenAt: 1 };
  const cursor = tree.walk();
  try {
    const state: Build = { text, brokenAt: null, depth: 0 };
    const root = build(cursor, state) ?? emptyRoot;
    return { root, brokenAt: state.brokenAt ?? (tree.rootNode.hasError ? 1 : null) };
  } finally {
    cursor.delete();
    tree.delete();
  }
}

const emptyRoot: SyntaxNode = { type: 'module', text: '', line: 1, children: [], fields: {} };
/** Deeper nesting than any person writes; beyond it a tree is cut, so that hostile files cannot exhaust the stack. */
const deepest = 400;

type Build = { text: string; brokenAt: number | null; depth: number };

function build(cursor: TreeCursor, state: Build): SyntaxNode | null {
  const line = cursor.startPosition.row + 1;
  const type = cursor.nodeType;
  if ((type === 'ERROR' || cursor.nodeIsMissing) && state.brokenAt === null) state.brokenAt = line;
  const node: SyntaxNode = {
    type,
    text: state.text.slice(cursor.startIndex, cursor.endIndex),
    line,
    children: [],
    fields: {},
  };
  if (state.depth >= deepest || !cursor.gotoFirstChild()) return node;
  state.depth += 1;
  do {
    const role = cursor.currentFieldName;
    if (!cursor.nodeIsNamed && role === null) {
      if (cursor.nodeType === 'ERROR' || cursor.nodeIsMissing) state.brokenAt ??= cursor.startPosition.row + 1;
      continue;
    }
    if (cursor.nodeType === 'comment') continue;
    const child = build(cursor, state);
    if (child === null) continue;
    if (cursor.nodeIsNamed) node.children.push(child);
    if (role !== null) node.fields[role] = [...(node.fields[role] ?? []), child];
  } while (cursor.gotoNextSibling());
  state.depth -= 1;
  cursor.gotoParent();
  return node;
}

/** The first child with this role, or null. */
export function field(node: SyntaxNode, role: string): SyntaxNode | null {
  return node.fields[role]?.[0] ?? null;
}
