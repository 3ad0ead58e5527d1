import { printNodes } from './canonical-expression.ts';
import { printCtes, printQuery } from './canonical-query.ts';
import { type Delta, foldedName, isNothing, noDelta, notCertain, rowsDiffer } from './delta.ts';
import { flatten, isMark, isName } from './node-tree.ts';
import { isStar, outputName } from './parse-item.ts';
import type { Printing } from './printing.ts';
import { type Branch, type Cte, calledAs, type FromItem, type Query, type Select, tableName } from './query-tree.ts';
import { scopeOf } from './scope.ts';
import { type ReadDeltas, type SelectPair, type SelectSide, selectDelta } from './select-delta.ts';

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
  return deltas.length === 1 ? first : unionDelta(before.query, after.query, deltas);
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
  const pair = pairFroms(
    { select: base.select, printing: printingBase },
    { select: head.select, printing: printingHead },
    read,
  );
  return 'is' in pair ? pair : selectDelta(pair);
}

/** Queries in `from` that stand in the same place are compared, and then read as if they were CTEs. */
function pairFroms(base: SelectSide, head: SelectSide, around: ReadDeltas): SelectPair | Delta {
  const [before, after] = [copyOf(base), copyOf(head)];
  const read = new Map(around);
  if (before.select.from.length !== after.select.from.length) return { base, head, read };
  for (const [at, was] of before.select.from.entries()) {
    const is = after.select.from[at];
    if (was.query === null || is === undefined || is.query === null || was.lateral || is.lateral) continue;
    if (was.alias?.text !== is.alias?.text || was.alias === null || was.odd || is.odd) continue;
    const inside = ({ select, printing }: SelectSide): Printing => ({
      ...printing,
      scopes: [scopeOf(select, printing.scopes.length, printing.careful), ...printing.scopes],
      names: 'inner',
    });
    const delta = queryDelta(
      { query: was.query, printing: inside(base) },
      { query: is.query, printing: inside(head) },
      around,
    );
    if (delta.is === 'rows') return { ...delta, because: `in \`${was.alias.text}\`, ${delta.because}` };
    if (isNothing(delta)) continue;
    const name = `a query called ${was.alias.text}`;
    if (namesNeighbour(head.select, at)) return notCertain('a query in `from` reads what stands beside it');
    const beside = before.select.from.filter((_, place) => place !== at).map((item) => tableText(item));
    const dirty = [...read].flatMap(([one, { changed, removed }]) =>
      beside.includes(one) ? [...changed, ...removed] : [],
    );
    if (flatten([...was.source, ...is.source]).some((token) => isName(token) && dirty.includes(foldedName(token.text))))
      return notCertain('a query in `from` may read a changed column of what stands beside it');
    for (const side of [was, is]) Object.assign(side, { query: null, source: [{ ...was.alias, text: name }] });
    read.set(name, delta);
  }
  return { base: before, head: after, read };
}

/** Whether a query in `from` may read a column of what stands beside it: some databases let it, and then join otherwise. */
function namesNeighbour({ from }: Select, at: number): boolean {
  const names = new Set(from.flatMap((item, place) => (place === at ? [] : (calledAs(item)?.text ?? []))));
  const tokens = flatten(from[at]?.source ?? []);
  return tokens.some((token, place) => isName(token) && names.has(token.text) && isMark(tokens[place + 1], '.'));
}

function tableText(item: FromItem): string {
  return (tableName(item) ?? []).map((token) => token.text).join('');
}

function copyOf({ select, printing }: SelectSide): SelectSide {
  return { select: { ...select, from: select.from.map((item) => ({ ...item })) }, printing };
}

/** Branches of a set operation meet by place: only where all have the same names in the same order, they change alike. */
function unionDelta(base: Query, head: Query, deltas: readonly Delta[]): Delta {
  if (deltas.every(isNothing)) return noDelta;
  const rows = deltas.find((delta) => delta.is === 'rows');
  if (rows !== undefined) return rows;
  const columns = deltas.flatMap((delta) => (delta.is === 'columns' ? [delta] : []));
  const isPlain = head.branches.every((branch, at) => at === 0 || branch.operator === 'union all');
  const isNumbered = head.tail.some((clause) => clause.nodes.some((node) => node.kind === 'number'));
  const isAlike = areAlike(base) && areAlike(head);
  const [first] = columns;
  if (first === undefined || !isPlain || !isAlike || isNumbered || head.tail.length > 0)
    return rowsDiffer('a branch of the union is another one');
  const isGrownAlike = columns.every((one) => [...one.added].sort().join() === [...first.added].sort().join());
  const isCutAlike = columns.every((one) => [...one.removed].sort().join() === [...first.removed].sort().join());
  if (!isGrownAlike || !isCutAlike) return rowsDiffer('a branch of the union has other columns');
  return { ...first, changed: [...new Set(columns.flatMap((one) => one.changed))] };
}

/** Whether all branches name the same outputs in the same order, without `*`. */
function areAlike({ branches }: Query): boolean {
  const names = branches.map(({ select }) => {
    if (select === null || select.items.some((item) => isStar(item.nodes))) return null;
    const own = select.items.map(outputName);
    return own.includes(null) ? null : own.map((name) => foldedName(name ?? '')).join('\n');
  });
  return !names.includes(null) && new Set(names).size === 1;
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
  return { query: side.query, printing: { ...side.printing, ctes, relations: seeing(side.printing, side.query.ctes) } };
}

function seeing({ relations }: Printing, ctes: readonly Cte[]): Printing['relations'] {
  const own = ctes.map((cte): [string, Query] => [cte.name.text, cte.query]);
  return { ...relations, definitions: new Map([...relations.definitions, ...own]) };
}

/** The body of a CTE, which sees only those that are written before it. */
function bodyOf({ query, printing }: QuerySide, cte: Cte, ids: ReadonlyMap<string, string>): QuerySide {
  const earlier = query.ctes.slice(0, query.ctes.indexOf(cte)).map((other) => other.name.text);
  const ctes = new Map([...printing.ctes, ...earlier.map((name): [string, string] => [name, ids.get(name) ?? name])]);
  const relations = seeing(printing, query.ctes.slice(0, query.ctes.indexOf(cte)));
  return { query: cte.query, printing: { ...printing, ctes, relations, names: 'inner' } };
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
