import { isGroup, type SqlNode } from './node-tree.ts';
import { beginsQuery, parseQuery } from './parse-query.ts';
import type { Query, Select } from './query-tree.ts';

/** Every select of a query, those in its expressions too. Null: one of them is not understood. */
export function selectsOf(query: Query): Select[] | null {
  const found: Select[] = [];
  const isWhole = visitQuery(query, found);
  return isWhole ? found : null;
}

function visitQuery(query: Query, found: Select[]): boolean {
  return (
    query.ctes.every((cte) => visitQuery(cte.query, found)) &&
    query.branches.every(({ query: nested, select }) =>
      nested === null ? select === null || visitSelect(select, found) : visitQuery(nested, found),
    ) &&
    query.tail.every((clause) => visitNodes(clause.nodes, found))
  );
}

function visitSelect(select: Select, found: Select[]): boolean {
  found.push(select);
  const pieces = [
    select.lead,
    ...select.items.map((item) => item.nodes),
    ...select.from.flatMap((item) => [item.source, item.more, item.condition?.nodes ?? []]),
    ...select.clauses.map((clause) => clause.nodes),
  ];
  return pieces.every((nodes) => visitNodes(nodes, found));
}

function visitNodes(nodes: readonly SqlNode[], found: Select[]): boolean {
  return nodes.every((node) => {
    if (node.kind !== 'group') return true;
    if (!isGroup(node) || !beginsQuery(node.nodes)) return visitNodes(node.nodes, found);
    const query = parseQuery(node.nodes);
    return query !== null && visitQuery(query, found);
  });
}
