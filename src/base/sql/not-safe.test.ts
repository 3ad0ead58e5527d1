import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compareQueries } from './compare-queries.ts';
import type { SqlDialect } from './sql-dialect.ts';

type Pair = [base: string, head: string, dialect?: SqlDialect];

/** Changes that look like nothing or like a column more, and are not. */
const pairs: { [why: string]: Pair } = {
  'texts in a row are one only over the end of a line': ["select 'a'\n'b' as c", "select 'a' 'b' as c", 'postgres'],
  'a place in brackets': [
    'select a, count(*) as n from t group by (1)',
    'select 1 as b, a, count(*) as n from t group by (1)',
  ],
  'places in a rollup': [
    'select a, b, count(*) as n from t group by rollup (1, 2)',
    "select 'x' as c, a, b, count(*) as n from t group by rollup (1, 2)",
  ],
  'a place in brackets that orders': [
    'select a from t order by (1) limit 3',
    'select -a as b, a from t order by (1) limit 3',
  ],
  'columns by their names': [
    "with s as (select a from t) select count(columns('a.*')) from s",
    "with s as (select a, ab from t) select count(columns('a.*')) from s",
  ],
  'a column by its place': [
    'with s as (select a from t) select #1 as b from s',
    'with s as (select c, a from t) select #1 as b from s',
  ],
  'a column by its place in Snowflake': [
    'with s as (select a from t) select $1 as b from s',
    'with s as (select c, a from t) select $1 as b from s',
    'snowflake',
  ],
  'a cast that a condition guards': [
    "select a from t where a ~ '^[0-9]+$' and a::int > 5",
    "select a from t where a::int > 5 and a ~ '^[0-9]+$'",
    'postgres',
  ],
  'a division that a condition guards': [
    'select a from t where b <> 0 and a / b > 1',
    'select a from t where a / b > 1 and b <> 0',
    'snowflake',
  ],
  'a window over what a window makes': [
    'select a, row_number() over (order by a) as n from t',
    'select a, row_number() over (order by a) as n, lag(n) over (order by a) as m from t',
  ],
  'a query in from that reads its neighbour': [
    'select x.a, y.b from t x asof join (select c, b from u) y on x.a >= y.c',
    'select x.a, y.b from t x asof join (select c, x.d, b from u) y on x.a >= y.c',
  ],
  'a name that two tables have': [
    'select x.a, y.a as b from t x join t y on x.k = y.k',
    'select x.a, y.a as b, upper(a) as c from t x join t y on x.k = y.k',
  ],
  'a field that takes the name of a column': [
    'select b from t order by a limit 1',
    'select s.a, b from t order by a limit 1',
  ],
  'brackets that have to be there': ['select a from t join u using (k)', 'select a from t join u using k'],
  'brackets around the names of columns': ['select v from unnest(a) as u(v)', 'select v from unnest(a) as u v'],
  'a join that the database does not have': [
    'select a from t anti join u on t.k = u.k',
    'select a from t t anti join u on t.k = u.k',
    'postgres',
  ],
};

for (const [why, [base, head, dialect = 'duckdb']] of Object.entries(pairs)) {
  test(`not called safe: ${why}`, async () => {
    const { effect, because } = await compareQueries(base, head, dialect);
    assert.ok(effect === 'unknown' || effect === 'breaking', `${effect}: ${because}`);
  });
}

test('operands that cannot fail may stand in another order', async () => {
  for (const [base, head] of [
    [
      "select a from t where b > '2024-01-01'::date and c = 1",
      "select a from t where c = 1 and b > '2024-01-01'::date",
    ],
    ['select a from t where a / 2 > 1 and b <> 0', 'select a from t where b <> 0 and a / 2 > 1'],
    [
      "select a from t where coalesce(b, 0) > 1 and upper(c) = 'X'",
      "select a from t where upper(c) = 'X' and coalesce(b, 0) > 1",
    ],
  ] as const)
    assert.equal((await compareQueries(base, head, 'postgres')).effect, 'none', base);
});
