import { assign } from './assignments.ts';
import type { Machine } from './machine-types.ts';
import { field, type SyntaxNode } from './syntax.ts';
import { type DictEntry, isPlain, itemsOf, keyText, type Scope, truth, unknown, type Value } from './values.ts';

type Collected = { items: Value[]; entries: Map<string, DictEntry>; open: boolean };

/** `[x for ...]`, `{x for ...}`, `(x for ...)` and `{k: v for ...}`. */
export function comprehension(machine: Machine, node: SyntaxNode, scope: Scope): Value {
  const inner: Scope = { ...scope, names: new Map(), parent: scope, globals: new Set() };
  const clauses = node.children.filter((child) => child.type === 'for_in_clause' || child.type === 'if_clause');
  const found: Collected = { items: [], entries: new Map(), open: false };
  collect(machine, { body: field(node, 'body'), clauses, scope: inner, found });
  return node.type === 'dictionary_comprehension'
    ? { is: 'dict', entries: found.entries, open: found.open }
    : { is: 'list', items: found.items, open: found.open, tuple: false };
}

type Collecting = { body: SyntaxNode | null; clauses: SyntaxNode[]; scope: Scope; found: Collected };

function collect(machine: Machine, work: Collecting): void {
  const [clause, ...clauses] = work.clauses;
  if (clause === undefined) {
    take(machine, work);
    return;
  }
  if (clause.type === 'if_clause') {
    const holds = truth(machine.evaluate(clause.children[0] ?? null, work.scope));
    if (holds === null) work.found.open = true;
    if (holds !== false) collect(machine, { ...work, clauses });
    return;
  }
  const over = itemsOf(machine.evaluate(field(clause, 'right'), work.scope));
  const items = over === null || over.items.length > machine.limits.rounds ? [unknown] : over.items;
  if (over === null || over.open) work.found.open = true;
  for (const item of items) {
    assign(machine, { target: field(clause, 'left'), value: item, scope: work.scope });
    collect(machine, { ...work, clauses });
  }
}

function take(machine: Machine, { body, scope, found }: Collecting): void {
  if (body?.type !== 'pair') {
    found.items.push(machine.evaluate(body, scope));
    return;
  }
  const key = machine.evaluate(field(body, 'key'), scope);
  const value = machine.evaluate(field(body, 'value'), scope);
  if (isPlain(key)) found.entries.set(keyText(key), { key, value });
  else found.open = true;
}
