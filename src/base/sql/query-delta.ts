import { printNodes } from './canonical-expression.ts';
import { printCtes, printQuery } from './canonical-query.ts';
import { type Delta, isNothing, noDelta, notCertain, rowsDiffer } from './delta.ts';
import { isStar } from './parse-item.ts';
import type { Printing } from './printing.ts';
import type { Branch, Cte, Query } from './query-tree.ts';
import { type ReadDeltas, selectDelta } from './select-delta.ts';

export type QuerySide = { query: Query; printing: Printing };

/** What is different between two queries. `read`: what has changed in the CTEs around them, by name. */
export function queryDelta(base: QuerySide, head: QuerySide, around: ReadDeltas): Delta {
  const paired = pairCtes(base, head, around);
  if ('is' in paired) return paired;
  const [before, after] = [paired.base, paired.head];
  if (
    before.query.branches.map((one) => one.operator).join() !== after.query.branches.map((one) => one.operator).join()
  )
    return rowsDiffer('it puts rows together in another way');
  const tail = ({ query, printing }: QuerySide) =>
    query.tail.map((clause) => `${clause.keyword} ${printNodes(clause.nodes, printing)}`).join(' ');
  if (tail(before) !== tail(after)) return rowsDiffer('its order or limit is another one');
  const deltas = before.query.branches.map((branch, at) => {
    const other = after.query.branches[at];
    return other === undefined ? noDelta : branchDelta([branch, before.printing], [other, after.printing], paired.read);
  });
  const [first = noDelta] = deltas;
  return deltas.length === 1 ? first : unionDelta(before.query, deltas);
}

function branchDelta(
  [base, printingBase]: [Branch, Printing],
  [head, printingHead]: [Branch, Printing],
  read: ReadDeltas,
): Delta {
  if (base.query !== null && head.query !== null)
    return queryDelta(
      { query: base.query, printing: printingBase },
      { query: head.query, printing: printingHead },
      read,
    );
  if (base.select === null || head.select === null) return rowsDiffer('it is built in another way');
  return selectDelta(
    { select: base.select, printing: printingBase },
    { select: head.select, printing: printingHead },
    read,
  );
}

/** Branches of a set operation meet by place: only what changes in all of them alike, at the end, stays in its column. */
function unionDelta(query: Query, deltas: readonly Delta[]): Delta {
  if (deltas.every(isNothing)) return noDelta;
  const rows = deltas.find((delta) => delta.is === 'rows');
  if (rows !== undefined) return rows;
  const selects = query.branches.map((branch) => branch.select);
  const isPlain = query.branches.every((branch, at) => at === 0 || branch.operator === 'union all');
  const hasStars = selects.some((select) => select === null || select.items.some((item) => isStar(item.nodes)));
  const [first] = selects;
  const columns = deltas.flatMap((delta) => (delta.is === 'columns' ? [delta] : []));
  const isChangeOnly = columns.every((delta) => delta.added.length + delta.removed.length === 0);
  if (!isPlain || hasStars || !isChangeOnly || first === null || first === undefined || query.tail.length > 0)
    return rowsDiffer('a branch of the union is another one');
  return rowsDiffer('a branch of the union computes its columns in another way');
}

type Paired = { base: QuerySide; head: QuerySide; read: ReadDeltas };

/** Prints changed CTEs of the same name alike where only columns of them differ, and says which. */
function pairCtes(base: QuerySide, head: QuerySide, around: ReadDeltas): Paired | Delta {
  if (base.query.recursive || head.query.recursive) return wholeDelta(base, head);
  const before = new Map(idsOf(base));
  const after = new Map(idsOf(head));
  const own = new Set([...base.query.ctes, ...head.query.ctes].map((cte) => cte.name.text));
  const read = new Map([...around].filter(([name]) => !own.has(name)));
  let why: Delta | null = null;
  for (const cte of head.query.ctes) {
    const name = cte.name.text;
    const was = base.query.ctes.find((other) => other.name.text === name);
    if (was === undefined || before.get(name) === after.get(name)) continue;
    if (was.columns !== null || cte.columns !== null || was.how !== cte.how)
      return rowsDiffer(`\`${name}\` is another one`);
    if (isTwice(base.query, name) || isTwice(head.query, name)) return notCertain(`two CTEs are called \`${name}\``);
    const delta = queryDelta(bodyOf(base, was, before), bodyOf(head, cte, after), read);
    if (delta.is === 'rows') {
      why ??= { ...delta, because: `in \`${name}\`, ${delta.because}` };
      continue;
    }
    before.set(name, `paired ${name}`);
    after.set(name, `paired ${name}`);
    if (!isNothing(delta)) read.set(name, delta);
  }
  if (why !== null) return why;
  return { base: withCtes(base, before), head: withCtes(head, after), read };
}

function withCtes(side: QuerySide, ctes: ReadonlyMap<string, string>): QuerySide {
  return { query: side.query, printing: { ...side.printing, ctes } };
}

/** The body of a CTE, which sees only those that are written before it. */
function bodyOf({ query, printing }: QuerySide, cte: Cte, ids: ReadonlyMap<string, string>): QuerySide {
  const earlier = query.ctes.slice(0, query.ctes.indexOf(cte)).map((other) => other.name.text);
  const ctes = new Map([...printing.ctes, ...earlier.map((name): [string, string] => [name, ids.get(name) ?? name])]);
  return { query: cte.query, printing: { ...printing, ctes, names: 'inner' } };
}

/** What each CTE says, by name. */
function idsOf({ query, printing }: QuerySide): ReadonlyMap<string, string> {
  return printCtes(query, printing).ctes;
}

/** Whether two CTEs have one name, so that it cannot be told which is read. */
function isTwice(query: Query, name: string): boolean {
  return query.ctes.filter((cte) => cte.name.text === name).length > 1;
}

function wholeDelta(base: QuerySide, head: QuerySide): Delta {
  return printQuery(base.query, base.printing) === printQuery(head.query, head.printing)
    ? noDelta
    : rowsDiffer('a recursive query is another one');
}
