import type { Concrete } from './concrete-tree.ts';
import { inRole } from './concrete-tree.ts';
import { stringKind } from './literals.ts';

/** The statement that is the docstring of a module, class or function; null when there is none. */
export function docstringOf(node: Concrete): Concrete | null {
  const body = node.type === 'module' ? node : inRole(node, 'body');
  const [first] = body?.children.filter((child) => child.named) ?? [];
  return first !== undefined && isNote(first) ? first : null;
}

/** A statement that is a text and nothing else does nothing, wherever it stands. */
export function isNote(node: Concrete): boolean {
  const [only, ...rest] = node.children;
  return node.type === 'expression_statement' && only !== undefined && rest.length === 0 && isText(only);
}

function isText(node: Concrete): boolean {
  if (node.type === 'concatenated_string') return node.children.filter((child) => child.named).every(isText);
  const kind = node.type === 'string' ? stringKind(node.children[0]?.text ?? '') : null;
  return kind !== null && !kind.bytes && !kind.formatted;
}

/** Text by which code, or a library that it uses, reads docstrings as something that decides what is done. */
const READERS =
  /__doc__|\b(getdoc|cleandoc|docopt|ply|sly|dspy|pydantic_ai|fastmcp|mcp|marvin|instructor|smolagents|crewai|autogen\w*|magentic|mirascope|tools?|\w+_tools?|[A-Z]\w*Tools?|from_function|with_structured_output|as_structured_llm|structured_predict|output_cls|response_(format|model)|\w*json_schema|schema_json)\b/;

/** Whether the code may read a docstring somewhere. Reading it for a DAG's documentation, or a program's help, decides nothing. */
export function readsDocstrings(text: string): boolean {
  return READERS.test(text.replaceAll(/\b(doc_md|doc|description|epilog)\s*=\s*__doc__(?=\s*[,)])/g, ''));
}

/** The docstrings in a node, its own among them, one after the other. */
export function docstringsIn(node: Concrete): string {
  const own = isDefinition.test(node.type) ? (docstringOf(node)?.text ?? '') : '';
  return own + node.children.map(docstringsIn).join('');
}

const isDefinition = /^(function|class)_definition$/;
