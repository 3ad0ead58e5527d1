import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compareQueries } from './compare-queries.ts';
import type { SqlDialect } from './sql-dialect.ts';

type Pair = [base: string, head: string, dialect?: SqlDialect];

const same: { [rule: string]: Pair } = {
  'comments and layout': ['select a from t', 'select -- why\n  a /* b */\nfrom t;'],
  'a comment sign inside a text': ["select '--x' as a from t", "select   '--x' as a\nfrom t -- x"],
  'case of keywords and names': ['SELECT A FROM T WHERE B > 1', 'select a from t where b > 1', 'snowflake'],
  'AS, INNER, OUTER': [
    'select a as b from t as x left outer join u y on x.i = y.i',
    'select a b from t x left join u as y on x.i = y.i',
  ],
  'names of tables': [
    'select x.a, y.b from t x join u y on x.i = y.i',
    'select p.a, q.b from t p join u q on p.i = q.i',
  ],
  'names of tables in a correlated query': [
    'select x.a from t x where exists (select 1 from u y where y.i = x.i)',
    'select p.a from t p where exists (select 1 from u q where q.i = p.i)',
  ],
  'an alias that nothing uses': ['select a from t', 'select a from t unused'],
  'order of CTEs': [
    'with a as (select 1 as x), b as (select 2 as y) select x, y from a, b',
    'with b as (select 2 as y), a as (select 1 as x) select x, y from a, b',
  ],
  'names of CTEs': ['with a as (select x from t) select a.x from a', 'with z as (select x from t) select z.x from z'],
  'order of AND': ['select a from t where b > 1 and c < 2', 'select a from t where c < 2 and (b > 1)'],
  'order of OR': ['select a from t where (b = 1 or c = 2) and d', 'select a from t where d and (c = 2 or b = 1)'],
  'brackets around one name': ['select (a) as b, (a + c) as d from t', 'select a as b, a + c as d from t'],
  '<> and !=': ['select a from t where a <> 1', 'select a from t where a != 1'],
  'an inner column that nothing reads': [
    'with s as (select a from t) select a from s',
    'with s as (select a, b from t) select a from s',
  ],
};

const different: { [rule: string]: Pair } = {
  'a text in another case': ["select 'A' as a from t", "select 'a' as a from t"],
  'a quoted name in another case': ['select "A" from t', 'select "a" from t', 'snowflake'],
  'a quoted name without quotes': ['select "a" from t', 'select a from t', 'snowflake'],
  'a path in another case': ['select v:Foo as a from t', 'select v:foo as a from t', 'snowflake'],
  'what looks like a comment in a text': ["select '--x' as a from t", "select '--y' as a from t"],
  'a hint': ['select /*+ broadcast(t) */ a from t', 'select a from t', 'spark'],
  'left and inner': ['select x.a from t x left join u y on x.i = y.i', 'select x.a from t x join u y on x.i = y.i'],
  'swapped names of tables': ['select x.a from t x join u y on x.i = y.i', 'select y.a from t x join u y on x.i = y.i'],
  'an inner name that hides an outer one': [
    'select x.a from t x where exists (select 1 from u y where y.i = x.i)',
    'select x.a from t x where exists (select 1 from u x where x.i = x.i)',
  ],
  'a CTE that takes the name of a table': [
    'with a as (select x from t), b as (select x from a) select x from b',
    'with b as (select x from a), a as (select x from t) select x from b',
  ],
  'AND before OR': ['select a from t where (b or c) and d', 'select a from t where b or c and d'],
  'AND of BETWEEN': ['select a from t where b between 1 and 2 and c', 'select a from t where c between 1 and 2 and b'],
  'NOT and its operand': ['select a from t where not (b and c)', 'select a from t where not b and c'],
  'NOT of equal': ['select a from t where b <> 1', 'select a from t where b <> 1 or b is null'],
  'union and union all': ['select a from t union select a from u', 'select a from t union all select a from u'],
  'order of a union': ['select 1 as a union all select 2 as b', 'select 2 as b union all select 1 as a'],
  'brackets of arithmetic': ['select (a - b) - c as d from t', 'select a - (b - c) as d from t'],
  'nulls first': ['select a from t order by a nulls first', 'select a from t order by a nulls last'],
  'a place that means another output': ['select a, b from t order by 2', 'select b, a from t order by 2'],
  'a column before the place': ['select a from t group by 1', 'select b, a from t group by 1'],
  distinct: ['select distinct a from t', 'select a from t'],
  'distinct in an aggregate': ['select count(distinct a) as n from t', 'select count(a) as n from t'],
  'a join key': ['select a from t join u using (i)', 'select a from t join u using (j)'],
  'a window frame': [
    'select sum(a) over (order by b rows between 1 preceding and current row) as s from t',
    'select sum(a) over (order by b rows between 2 preceding and current row) as s from t',
  ],
  'a type': ['select cast(a as int) as b from t', 'select cast(a as bigint) as b from t'],
  limit: ['select a from t order by a limit 1', 'select a from t order by a limit 2'],
  'volatile operands': [
    'select a from t where random() < 0.5 and b in (select 1)',
    'select a from t where b in (select 1) and random() < 0.5',
  ],
  'the value of an alias in a filter': ['select a + 1 as b from t where b > 1', 'select a + 2 as b from t where b > 1'],
  'CTEs that are equal and volatile': [
    'with a as (select random() as x), b as (select random() as x) select a.x from a, b where a.x = b.x',
    'with a as (select random() as x), b as (select random() as x) select p.x from a p, a q where p.x = q.x',
  ],
};

const added: { [rule: string]: Pair } = {
  'a column': ['select a from t', 'select a, b from t'],
  'a column in the middle': ['select a, c from t order by 2', 'select a, b, c from t order by 3'],
  'a column through CTEs': [
    'with s as (select a from t), f as (select a from s) select * from f',
    'with s as (select a, b from t), f as (select a, upper(b) as b from s) select * from f',
  ],
  'an aggregate to groups': [
    'select a, count(*) as n from t group by a',
    'select a, count(*) as n, sum(b) as s from t group by a',
  ],
  'an aggregate to one row': ['select count(*) as n from t', 'select count(*) as n, max(b) as m from t'],
  'a window': ['select a from t', 'select a, row_number() over (order by a) as r from t'],
};

const notOnlyAdded: { [rule: string]: Pair } = {
  'an aggregate to rows': ['select a from t', 'select a, count(*) as n from t'],
  'a column to distinct rows': ['select distinct a from t', 'select distinct a, b from t'],
  'a column to groups': ['select a, count(*) as n from t group by a', 'select a, b, count(*) as n from t group by a'],
  'a group key': ['select a, count(*) as n from t group by a', 'select a, b, count(*) as n from t group by a, b'],
  'what makes rows': ['select a from t', 'select a, unnest(b) as c from t'],
  'a name that a filter uses': ['select a from t where b > 1', 'select a, c as b from t where b > 1'],
  'a column to a star in a union': [
    'with s as (select a from t) select * from s union all select * from u',
    'with s as (select a, b from t) select * from s union all select * from u',
  ],
  'a column to a natural join': [
    'with s as (select a from t) select a from s natural join u',
    'with s as (select a, b from t) select a from s natural join u',
  ],
  'a column that captures a name': [
    'with s as (select a from t) select s.a, b from s, u',
    'with s as (select a, b from t) select s.a, b from s, u',
  ],
  'a column and a filter': ['select a from t', 'select a, b from t where b > 1'],
  'a column with a table': ['select x.a from t x', 'select x.a, y.b from t x left join u y on x.i = y.i'],
  'a column to whole rows that are hashed': [
    'with s as (select a from t) select md5(cast(s as varchar)) as h from s',
    'with s as (select a, b from t) select md5(cast(s as varchar)) as h from s',
  ],
};

for (const [rule, [base, head, dialect = 'duckdb']] of Object.entries(same)) {
  test(`none: ${rule}`, async () => {
    assert.equal((await compareQueries(base, head, dialect)).effect, 'none');
  });
}

for (const [rule, [base, head, dialect = 'duckdb']] of Object.entries({ ...different, ...notOnlyAdded })) {
  test(`not safe: ${rule}`, async () => {
    for (const pair of [[base, head] as const, [head, base] as const]) {
      const { effect, because } = await compareQueries(...pair, dialect);
      if (pair[0] === head && rule in notOnlyAdded) continue;
      assert.ok(effect === 'breaking' || effect === 'unknown', `${effect}: ${because}`);
    }
  });
}

for (const [rule, [base, head, dialect = 'duckdb']] of Object.entries(added)) {
  test(`compatible: ${rule}`, async () => {
    assert.equal((await compareQueries(base, head, dialect)).effect, 'compatible');
    assert.equal((await compareQueries(head, base, dialect)).effect, 'breaking');
  });
}

test('a changed expression names its column, as long as the rows are the same', async () => {
  assert.deepEqual(await compareQueries('select a, b + 1 as c from t', 'select a, b + 2 as c from t', 'duckdb'), {
    effect: 'breaking',
    because: '`c` is computed in another way.',
    columns: [{ name: 'c', change: 'changed' }],
  });
  const unions = await compareQueries(
    'select a + 1 as c from t union select 1',
    'select a + 2 as c from t union select 1',
    'duckdb',
  );
  assert.equal(unions.columns, null);
});

test('a renamed column is gone under its old name', async () => {
  const { effect, columns } = await compareQueries('select a as b from t', 'select a as c from t', 'duckdb');
  assert.deepEqual(
    [effect, columns],
    [
      'breaking',
      [
        { name: 'c', change: 'added' },
        { name: 'b', change: 'removed' },
      ],
    ],
  );
});

test('what cannot be parsed is unknown, unless only comments differ', async () => {
  assert.equal((await compareQueries('select from where (', 'select from where [', 'duckdb')).effect, 'unknown');
  assert.equal((await compareQueries('pivot t on a', 'pivot t on a -- x', 'duckdb')).effect, 'none');
  assert.equal((await compareQueries("select 'a", "select 'b", 'duckdb')).effect, 'unknown');
});

test('a column that is computed in another way inside changes what is made of it', async () => {
  const inner = (made: string) => `with s as (select a, ${made} as b from t) select a, b * 2 as c from s`;
  const { effect, columns } = await compareQueries(inner('x + 1'), inner('x + 2'), 'duckdb');
  assert.deepEqual([effect, columns], ['breaking', [{ name: 'c', change: 'changed' }]]);
  const gone = await compareQueries(
    inner('x + 1'),
    'with s as (select a from t) select a, b * 2 as c from s',
    'duckdb',
  );
  assert.equal(gone.effect, 'breaking');
});
