import type { Chance } from './chance.ts';
import type { ShapedQuery, Style } from './shaped-query.ts';

const plainStyle = {
  comments: false,
  keywordCase: false,
  nameCase: false,
  optionalWords: false,
  aliases: false,
  cteNames: false,
  cteOrder: false,
  operandOrder: false,
  brackets: false,
};

export function plain(chance: Chance): Style {
  return { ...plainStyle, chance };
}

const freedoms = [
  'comments',
  'keywordCase',
  'nameCase',
  'optionalWords',
  'aliases',
  'cteNames',
  'cteOrder',
  'operandOrder',
  'brackets',
] as const;

/** A way to write a query that means the same: one to four of the freedoms. */
export function anotherStyle(chance: Chance): Style {
  const taken = chance.shuffled(freedoms).slice(0, 1 + Math.floor(chance.number() * 4));
  return { ...plain(chance), ...Object.fromEntries(taken.map((freedom) => [freedom, true])) };
}

type Change = (query: ShapedQuery, chance: Chance) => boolean;

/** All selects of a query that its outputs are made of. */
function selectsIn(query: ShapedQuery): ShapedQuery[] {
  return [
    query,
    ...query.ctes.flatMap((cte) => selectsIn(cte.query)),
    ...(query.more === null ? [] : selectsIn(query.more.query)),
  ];
}

function texts(query: ShapedQuery): { get(): string; set(text: string): unknown }[] {
  const lists = [query.where, query.having, query.groupBy, query.orderBy, ...query.from.map((one) => one.on)];
  return [
    ...lists.flatMap((list) =>
      list.map((text, at) => ({ get: () => list[at] ?? text, set: (now: string) => list.splice(at, 1, now) })),
    ),
    ...query.items.map((item) => ({
      get: () => item.expression,
      set: (now: string) => Object.assign(item, { expression: now }),
    })),
  ];
}

function rewrite(pattern: RegExp, into: (found: string, chance: Chance) => string): Change {
  return (query, chance) => {
    const found = texts(query).filter((one) => one.get().search(pattern) !== -1);
    if (found.length === 0) return false;
    const one = chance.pick(found);
    const before = one.get();
    one.set(before.replace(pattern, (match) => into(match, chance)));
    return one.get() !== before;
  };
}

function drop<Item>(list: Item[], chance: Chance): boolean {
  if (list.length === 0) return false;
  list.splice(Math.floor(chance.number() * list.length), 1);
  return true;
}

const opposite: { [word: string]: string } = { '<': '<=', '<=': '<', '>': '>=', '>=': '>', '=': '<>', '<>': '=' };
const otherFunction: { [name: string]: string } = { sum: 'max', max: 'min', min: 'max', count: 'sum' };

/** Changes that mean something else, or may: what the data then says decides. */
export const semanticChanges: { [name: string]: Change } = {
  number: rewrite(/\b\d+\b/, (found, chance) => String(Number(found) + chance.pick([-1, 1, 2]))),
  operator: rewrite(/ (?:<=|>=|<>|<|>|=) /, (found) => ` ${opposite[found.trim()] ?? '='} `),
  text: rewrite(/'[^']*'/, (found) => (found === found.toLowerCase() ? found.toUpperCase() : found.toLowerCase())),
  arithmetic: rewrite(/ [*-] /, () => ' + '),
  aggregate: rewrite(/\b(?:sum|max|min)\(/, (found) => `${otherFunction[found.slice(0, -1)]}(`),
  distinctAggregate: rewrite(/count\((?:distinct )?(?=\{)/, (found) =>
    found.includes('distinct') ? 'count(' : 'count(distinct ',
  ),
  andOr: rewrite(/ or | and /, (found) => (found === ' or ' ? ' and ' : ' or ')),
  not: rewrite(/\bis not null\b|\bis null\b|\bnot in\b|\bin\b/, (found) =>
    found === 'is null' ? 'is not null' : found === 'is not null' ? 'is null' : found === 'in' ? 'not in' : 'in',
  ),
  descending: rewrite(/\bdesc\b/, () => ''),
  nulls: rewrite(/nulls last/, () => 'nulls first'),
  coalesce: rewrite(/coalesce\(([^,]+), (?:0|'none')\)/, (found) =>
    found.replace(/^coalesce\(/, '').replace(/, (?:0|'none')\)$/, ''),
  ),
  relation: (query, chance) => {
    if (query.from.length < 2) return false;
    const [a, b] = chance.shuffled(query.from);
    return rewrite(new RegExp(`\\{${a?.id}\\}`), () => `{${b?.id}}`)(query, chance);
  },
  dropOperand: (query, chance) =>
    drop(
      chance.pick(
        [query.where, query.having, ...query.from.map((one) => one.on)].filter((list) => list.length > 1).concat([[]]),
      ),
      chance,
    ),
  dropFilter: (query) => query.where.splice(0).length > 0,
  join: (query, chance) => {
    const joined = query.from.slice(1);
    if (joined.length === 0) return false;
    const one = chance.pick(joined);
    const before = one.join;
    one.join = chance.pick(['join', 'left join', 'right join', 'full join'].filter((kind) => kind !== before));
    return true;
  },
  distinct: (query) => {
    query.distinct = !query.distinct;
    return true;
  },
  union: (query) => {
    if (query.more === null) return false;
    query.more.operator = query.more.operator === 'union' ? 'union all' : 'union';
    return true;
  },
  limit: (query) => {
    if (query.limit === null) return false;
    query.limit += 1;
    return true;
  },
  dropColumn: (query, chance) => query.items.length > 1 && drop(query.items, chance),
  renameColumn: (query, chance) => {
    const item = chance.pick(query.items);
    item.name = `${item.name}_now`;
    return true;
  },
  swapColumns: (query) => {
    const [first, second] = query.items;
    if (first === undefined || second === undefined) return false;
    [first.expression, second.expression] = [second.expression, first.expression];
    return true;
  },
  orderColumns: (query) => {
    if (query.items.length < 2) return false;
    query.items.reverse();
    return true;
  },
  groupKey: (query, chance) => {
    const [first] = query.from;
    if (query.groupBy.length === 0 || first === undefined) return false;
    query.groupBy.push(
      chance.pick([`{${first.id}}.${chance.pick(['o_orderstatus', 'l_linenumber', 'price', 'cust'])}`]),
    );
    return true;
  },
  dropGroupKey: (query, chance) => query.groupBy.length > 0 && drop(query.groupBy, chance),
  cast: (query, chance) => {
    const item = chance.pick(query.items);
    if (item.expression.endsWith('*')) return false;
    item.expression = `cast(${item.expression} as varchar)`;
    return true;
  },
};

/** Changes that add outputs; whether they add no more than that is for the data to say. */
export const additions: { [name: string]: Change } = {
  column: (query, chance) => add(query, chance, (column) => column),
  computed: (query, chance) => add(query, chance, (column) => `coalesce(upper(cast(${column} as varchar)), 'none')`),
  aggregate: (query, chance) => add(query, chance, (column) => `${chance.pick(['sum', 'max', 'count'])}(${column})`),
  window: (query, chance) => add(query, chance, (column) => `lag(${column}) over (order by ${column})`),
  constant: (query, chance) => add(query, chance, () => chance.pick(["'new'", '1', 'null', 'current_date'])),
  rows: (query, chance) =>
    add(query, chance, () => chance.pick(['unnest([1, 2])', 'unnest([])', 'generate_subscripts([1, 2, 3], 1)'])),
};

const columns: { [table: string]: string[] } = {
  orders: ['o_orderkey', 'o_custkey', 'o_totalprice', 'o_orderstatus'],
  customer: ['c_name', 'c_acctbal', 'c_custkey', 'c_mktsegment'],
  lineitem: ['l_quantity', 'l_orderkey', 'l_discount'],
  part: ['p_size', 'p_name'],
  nation: ['n_name', 'n_regionkey'],
  supplier: ['s_name', 's_acctbal'],
};

function add(query: ShapedQuery, chance: Chance, make: (column: string) => string): boolean {
  const relation = chance.pick(query.from);
  const name = chance.pick([
    'added',
    'extra',
    'name',
    'price',
    'cust',
    'total',
    'l_quantity',
    'o_custkey',
    'c_acctbal',
  ]);
  const column = chance.pick(columns[relation.table] ?? ['cust', 'name', 'price', 'spent', 'part']);
  const item = { expression: make(`{${relation.id}}.${column}`), name };
  query.items.splice(Math.floor(chance.number() * (query.items.length + 1)), 0, item);
  return true;
}

/** Applies a change to one of the selects of a copy; null where it does not apply. */
export function changedQuery(query: ShapedQuery, change: Change, chance: Chance): ShapedQuery | null {
  const copy = structuredClone(query);
  const select = chance.pick(selectsIn(copy));
  return change(select, chance) ? copy : null;
}
