import { foldedName } from './delta.ts';
import { isMark, isName, isWord, type SqlNode } from './node-tree.ts';
import { isStar, outputName } from './parse-item.ts';
import { calledAs, type FromItem, type Query, type Select, tableName } from './query-tree.ts';

/** What is known of relations: CTEs by what they say, tables by their columns where somebody has told them. */
export type Relations = { definitions: ReadonlyMap<string, Query>; columnsOf(table: string): readonly string[] | null };

/** Every name that the relations which a `*` stands for may have; null where that cannot be told. */
export function starColumns(star: readonly SqlNode[], select: Select, relations: Relations): string[] | null {
  if (star.some((node) => isWord(node, 'rename'))) return null;
  const [first] = star;
  const covered = isMark(first, '*')
    ? select.from
    : select.from.filter((item) => isName(first) && calledAs(item)?.text === first.text);
  return covered.length === 0 ? null : together(covered.map((item) => relationColumns(item, relations)));
}

/** The columns of something that a select reads. */
export function relationColumns(item: FromItem, relations: Relations): string[] | null {
  if (item.odd) return null;
  if (item.query !== null) return queryColumns(item.query, relations);
  const name = tableName(item)
    ?.map((token) => foldedName(token.text))
    .join('');
  if (name === undefined) return null;
  const definition = relations.definitions.get(name);
  const told =
    definition === undefined ? relations.columnsOf(name) : queryColumns(definition, withoutOne(relations, name));
  return told === null ? null : [...told];
}

/** A CTE does not see itself, nor what would make a circle. */
function withoutOne(relations: Relations, name: string): Relations {
  return { ...relations, definitions: new Map([...relations.definitions].filter(([one]) => one !== name)) };
}

function queryColumns(query: Query, relations: Relations): string[] | null {
  if (query.recursive) return null;
  const inside = {
    ...relations,
    definitions: new Map([...relations.definitions, ...query.ctes.map((cte) => [cte.name.text, cte.query] as const)]),
  };
  const [first] = query.branches;
  if (first === undefined || query.ctes.some((cte) => cte.columns !== null)) return null;
  if (first.query !== null) return queryColumns(first.query, inside);
  const { select } = first;
  if (select === null) return null;
  return together(
    select.items.map((item) =>
      isStar(item.nodes) ? starColumns(item.nodes, select, inside) : [foldedName(outputName(item) ?? '')],
    ),
  );
}

function together(all: readonly (string[] | null)[]): string[] | null {
  return all.includes(null) ? null : all.flatMap((one) => one ?? []);
}
