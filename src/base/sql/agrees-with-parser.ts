import { isWord } from './node-tree.ts';
import { listOf, objectOf, type SyntaxTree } from './polyglot.ts';
import type { Query, Select } from './query-tree.ts';
import { selectsOf } from './selects-of.ts';

/**
 * Whether a full parser sees the same selects in a text: the same outputs by number and name, the same number of relations,
 * the same clauses. Two readers that were written apart seldom make the same mistake.
 */
export function agreesWithParser(query: Query, tree: SyntaxTree): boolean {
  const ours = selectsOf(query)?.map(shapeOf).sort();
  const theirs = shapesIn(tree).sort();
  return ours !== undefined && ours.join('\n') === theirs.join('\n');
}

function shapeOf(select: Select): string {
  const has = (keyword: string) => select.clauses.some((clause) => clause.keyword === keyword);
  return shape({
    names: select.items.map((item) => nameOf(item.alias?.raw ?? '')),
    relations: select.from.filter((item) => item.join !== ',' || !item.lateral).length,
    clauses: [
      has('where'),
      has('group by'),
      has('having'),
      has('qualify'),
      select.lead.some((node) => isWord(node, 'distinct')),
    ],
  });
}

function shape(seen: { names: string[]; relations: number; clauses: boolean[] }): string {
  return JSON.stringify(seen);
}

function nameOf(written: string): string {
  const quoted = /^(["`])([\s\S]*)\1$/.exec(written);
  return (quoted?.[2] ?? written).toLowerCase().replaceAll('""', '"');
}

function shapesIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(shapesIn);
  if (value === null || typeof value !== 'object') return [];
  return Object.entries(value).flatMap(([key, inside]) => [
    ...(key === 'select' && Array.isArray(objectOf(inside).expressions) ? [shapeOfTree(objectOf(inside))] : []),
    ...shapesIn(inside),
  ]);
}

function shapeOfTree(select: SyntaxTree): string {
  const has = (key: string) => select[key] !== null && select[key] !== undefined;
  const froms = listOf(objectOf(select.from).expressions).flatMap((one) => relationsIn(one));
  return shape({
    names: listOf(select.expressions).map((item) =>
      nameOf(String(objectOf(objectOf(objectOf(item).alias).alias).name ?? '')),
    ),
    relations: froms.length + listOf(select.joins).length,
    clauses: [has('where_clause'), has('group_by'), has('having'), has('qualify'), select.distinct === true],
  });
}

/** Neighbours by comma that are lateral stand apart in some dialects' trees. */
function relationsIn(one: unknown): unknown[] {
  return objectOf(one).lateral === undefined ? [one] : [];
}
