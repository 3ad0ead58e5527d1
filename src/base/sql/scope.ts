import { flatten, isMark, type SqlNode } from './node-tree.ts';
import { calledAs, type FromItem, type Select } from './query-tree.ts';

/**
 * The names that a select gives to what it reads. A name maps to one that its place decides, or to null where it cannot be
 * renamed with certainty. `hidden`: there may be names that were not understood.
 */
export type Scope = { names: Map<string, string | null>; hidden: boolean };

export function scopeOf(select: Select, depth: number, careful: boolean): Scope {
  const names = new Map<string, string | null>();
  const hidden = select.from.some((item) => item.odd);
  const bare = bareWords(select);
  select.from.forEach((item, index) => {
    const name = calledAs(item)?.text;
    if (name === undefined) return;
    const isCertain = !careful && !hidden && !names.has(name) && !bare.has(name);
    names.set(name, isCertain ? `@${depth}.${index}` : null);
  });
  return { names, hidden };
}

/** Words of the select that are not there to qualify a column: a whole row, a column or an alias of the same name. */
export function bareWords(select: Select): Set<string> {
  const bare = new Set<string>();
  for (const nodes of piecesOf(select)) {
    const tokens = flatten(nodes);
    tokens.forEach((token, index) => {
      // `a.x` only qualifies and in `x.a` it is a column; in `s.a.x` it may be either.
      const isPart = isMark(tokens[index + 1], '.') !== isMark(tokens[index - 1], '.');
      if ((token.kind === 'word' || token.kind === 'quoted') && !isPart) bare.add(token.text);
    });
  }
  return bare;
}

/** All that stands in a select but the names of the tables that it reads. */
export function piecesOf(select: Select): SqlNode[][] {
  const froms = select.from.flatMap((item) => [
    ...(isTable(item) ? [] : [item.source]),
    item.more,
    item.condition?.nodes ?? [],
  ]);
  return [
    select.lead,
    ...select.items.map((item) => item.nodes),
    ...froms,
    ...select.clauses.map((clause) => clause.nodes),
  ];
}

function isTable(item: FromItem): boolean {
  return item.query === null && item.source.every((node) => node.kind !== 'group');
}
