import type { ShapedQuery } from './shaped-query.ts';

type Given = Partial<Omit<ShapedQuery, 'items' | 'from' | 'ctes'>> & {
  items: { [name: string]: string };
  from: [id: string, table: string, join?: string, on?: string[]][];
  ctes?: { [id: string]: ShapedQuery };
};

function query({ items, from, ctes = {}, ...rest }: Given): ShapedQuery {
  return {
    distinct: false,
    where: [],
    groupBy: [],
    having: [],
    orderBy: [],
    limit: null,
    more: null,
    ...rest,
    ctes: Object.entries(ctes).map(([id, inner]) => ({ id, query: inner })),
    items: Object.entries(items).map(([name, expression]) => ({ name, expression })),
    from: from.map(([id, table, join = 'join', on = []]) => ({ id, table, join, on })),
  };
}

/** Queries in the manner of TPC-H, over its tables with its names. */
export const shapedQueries: readonly ShapedQuery[] = [
  query({
    items: {
      flag: '{l}.l_returnflag',
      status: '{l}.l_linestatus',
      sum_qty: 'sum({l}.l_quantity)',
      sum_price: 'sum({l}.l_extendedprice * (1 - {l}.l_discount))',
      lines: 'count(*)',
    },
    from: [['l', 'lineitem']],
    where: ["{l}.l_shipdate <= date '1998-09-02'", '{l}.l_quantity > 0'],
    groupBy: ['{l}.l_returnflag', '{l}.l_linestatus'],
  }),
  query({
    items: {
      key: '{o}.o_orderkey',
      name: '{c}.c_name',
      total: '{o}.o_totalprice',
      segment: "coalesce({c}.c_mktsegment, 'none')",
    },
    from: [
      ['o', 'orders'],
      ['c', 'customer', 'left join', ['{c}.c_custkey = {o}.o_custkey', '{c}.c_acctbal > 0']],
    ],
    where: ["{o}.o_orderstatus <> 'P'", '{o}.o_totalprice between 10 and 400'],
  }),
  query({
    ctes: {
      paid: query({
        items: { cust: '{o}.o_custkey', spent: 'sum({o}.o_totalprice)', orders: 'count(distinct {o}.o_orderkey)' },
        from: [['o', 'orders']],
        where: ["{o}.o_orderstatus in ('F', 'O')"],
        groupBy: ['{o}.o_custkey'],
      }),
      named: query({
        items: { cust: '{c}.c_custkey', name: '{c}.c_name', nation: '{n}.n_name' },
        from: [
          ['c', 'customer'],
          ['n', 'nation', 'join', ['{n}.n_nationkey = {c}.c_nationkey']],
        ],
      }),
    },
    items: { name: '{n}.name', nation: '{n}.nation', spent: 'coalesce({p}.spent, 0)', orders: '{p}.orders' },
    from: [
      ['n', '[named]'],
      ['p', '[paid]', 'left join', ['{p}.cust = {n}.cust']],
    ],
    where: ['({p}.spent > 20 or {p}.spent is null)', "not ({n}.name like 'A%' and {p}.orders > 1)"],
  }),
  query({
    items: { key: '{o}.o_orderkey', total: '{o}.o_totalprice' },
    from: [['o', 'orders']],
    where: ['exists (select 1 from lineitem li where li.l_orderkey = {o}.o_orderkey and li.l_discount > 0)'],
    orderBy: ['{o}.o_totalprice desc nulls last', '{o}.o_orderkey'],
    limit: 7,
  }),
  query({
    items: {
      key: '{o}.o_orderkey',
      cust: '{o}.o_custkey',
      place: 'row_number() over (partition by {o}.o_custkey order by {o}.o_orderdate, {o}.o_orderkey)',
    },
    from: [['o', 'orders']],
    where: ['{o}.o_custkey is not null'],
  }),
  query({
    ctes: {
      ranked: query({
        items: {
          part: '{l}.l_partkey',
          price: '{l}.l_extendedprice',
          place: 'rank() over (partition by {l}.l_partkey order by {l}.l_extendedprice desc)',
        },
        from: [['l', 'lineitem']],
      }),
      best: query({
        items: { part: '{r}.part', price: 'max({r}.price)' },
        from: [['r', '[ranked]']],
        where: ['{r}.place = 1'],
        groupBy: ['{r}.part'],
      }),
    },
    items: {
      part: '{p}.p_name',
      price: '{b}.price',
      size: "case when {p}.p_size > 10 then 'big' when {p}.p_size is null then 'none' else 'small' end",
    },
    from: [
      ['b', '[best]'],
      ['p', 'part', 'join', ['{p}.p_partkey = {b}.part']],
    ],
    where: ['{p}.p_size < 40 or {p}.p_size is null'],
  }),
  query({
    items: { name: '{c}.c_name', kind: "'customer'" },
    from: [['c', 'customer']],
    where: ['{c}.c_acctbal < 100'],
    more: {
      operator: 'union all',
      query: query({
        items: { name: '{s}.s_name', kind: "'supplier'" },
        from: [['s', 'supplier']],
        where: ['{s}.s_acctbal >= 0', '{s}.s_nationkey = 1'],
      }),
    },
  }),
  query({
    items: { nation: '{c}.c_nationkey' },
    from: [['c', 'customer']],
    more: { operator: 'union', query: query({ items: { nation: '{s}.s_nationkey' }, from: [['s', 'supplier']] }) },
  }),
  query({
    distinct: true,
    items: { segment: '{c}.c_mktsegment', nation: '{n}.n_name' },
    from: [
      ['c', 'customer'],
      ['n', 'nation', 'full join', ['{n}.n_nationkey = {c}.c_nationkey']],
    ],
  }),
  query({
    items: {
      cust: '{o}.o_custkey',
      late: "sum(case when {o}.o_orderdate > date '1995-01-01' then 1 else 0 end)",
      most: 'max({o}.o_totalprice)',
    },
    from: [['o', 'orders']],
    groupBy: ['{o}.o_custkey'],
    having: ['count(*) > 1', 'max({o}.o_totalprice) > 50'],
  }),
  query({
    ctes: {
      lines: query({ items: { all: '{l}.*' }, from: [['l', 'lineitem']], where: ['{l}.l_quantity is not null'] }),
      orders_2: query({
        items: { okey: '{o}.o_orderkey', cust: '{o}.o_custkey' },
        from: [['o', 'orders']],
        where: ["{o}.o_orderstatus = 'O'"],
      }),
    },
    items: {
      cust: '{o}.cust',
      revenue: 'sum({l}.l_extendedprice * (1 - {l}.l_discount))',
      lines: 'count({l}.l_linenumber)',
    },
    from: [
      ['o', '[orders_2]'],
      ['l', '[lines]', 'join', ['{l}.l_orderkey = {o}.okey']],
    ],
    groupBy: ['1'],
  }),
  query({
    items: { name: '{s}.s_name', parts: '(select count(*) from partsupp ps where ps.ps_suppkey = {s}.s_suppkey)' },
    from: [['s', 'supplier']],
    where: [
      "{s}.s_nationkey in (select n.n_nationkey from nation n where n.n_name <> 'x')",
      '{s}.s_acctbal is not null',
    ],
  }),
  query({
    items: { a: '{a}.c_name', b: '{b}.c_name' },
    from: [
      ['a', 'customer'],
      ['b', 'customer', 'join', ['{a}.c_nationkey = {b}.c_nationkey', '{a}.c_custkey < {b}.c_custkey']],
    ],
    where: ['{a}.c_acctbal > {b}.c_acctbal or {a}.c_mktsegment = {b}.c_mktsegment'],
  }),
  query({
    ctes: {
      s: query({
        items: { cust: '{o}.o_custkey', size: 'round({o}.o_totalprice / 10)', state: '{o}.o_orderstatus' },
        from: [['o', 'orders']],
      }),
    },
    items: { label: "coalesce({s}.state, '-')", size: '{s}.size', n: 'count(*)', top: 'max({s}.cust)' },
    from: [['s', '[s]']],
    groupBy: ['label', '2'],
  }),
  query({
    ctes: {
      s: query({ items: { cust: '{o}.o_custkey', price: '{o}.o_totalprice' }, from: [['o', 'orders']] }),
      c: query({
        items: { cust: '{c}.c_custkey', name: '{c}.c_name' },
        from: [['c', 'customer']],
        where: ['{c}.c_acctbal is not null'],
      }),
    },
    items: { twice: '{s}.price * 2', more: 'twice + 1', name: '{c}.name' },
    from: [
      ['s', '[s]'],
      ['c', '[c]', 'left join', ['{c}.cust = {s}.cust']],
    ],
    where: ['{s}.price > 1'],
  }),
  query({
    ctes: {
      both: query({
        items: { id: '{c}.c_custkey', label: '{c}.c_name', balance: '{c}.c_acctbal' },
        from: [['c', 'customer']],
        more: {
          operator: 'union all',
          query: query({
            items: { id: '{s}.s_suppkey', label: '{s}.s_name', balance: '{s}.s_acctbal' },
            from: [['s', 'supplier']],
          }),
        },
      }),
    },
    items: { everything: '{b}.*' },
    from: [['b', '[both]']],
    where: ['{b}.balance >= 0'],
  }),
  query({
    ctes: {
      late: query({
        items: { okey: '{l}.l_orderkey', part: '{l}.l_partkey', name: '{l}.l_returnflag' },
        from: [['l', 'lineitem']],
        where: ['{l}.l_quantity > 0'],
      }),
    },
    items: {
      key: '{o}.o_orderkey',
      lines: '(select count(*) from [late] x where x.okey = {o}.o_orderkey)',
      cust: '{q}.cust',
    },
    from: [
      ['o', 'orders'],
      ['q', '(select c_custkey as cust, c_name as name from customer)', 'left join', ['{q}.cust = {o}.o_custkey']],
    ],
    where: ['{o}.o_orderkey in (select okey from [late])'],
  }),
  query({
    ctes: {
      s: query({ items: { all: '{o}.*' }, from: [['o', 'orders']] }),
      t: query({
        items: { all: '{s}.*', rank: 'row_number() over (partition by {s}.o_custkey order by {s}.o_orderkey)' },
        from: [['s', '[s]']],
      }),
    },
    items: { all: '{t}.*' },
    from: [['t', '[t]']],
    where: ['{t}.rank = 1'],
    orderBy: ['{t}.o_orderkey'],
    limit: 5,
  }),
];
