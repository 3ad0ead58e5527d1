import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readColumns } from './read-columns.ts';

const use = (text: string) => ({
  table: text.slice(0, text.lastIndexOf('.')),
  column: text.slice(text.lastIndexOf('.') + 1),
});
const uses = (...texts: string[]) => texts.map(use);

test('outputs name the columns they are made of, through CTEs and subqueries', async () => {
  const read = await readColumns(
    `with o as (select id, amount * rate as total, day from raw.orders where status = 'paid')
     select o.id, sum(o.total) as total from (select * from o) o group by 1`,
    'duckdb',
  );
  assert.deepEqual(read, {
    outputs: [
      { name: 'id', from: uses('raw.orders.id') },
      { name: 'total', from: uses('raw.orders.amount', 'raw.orders.rate') },
    ],
    rows: uses('raw.orders.status', 'raw.orders.id'),
    uses: uses('raw.orders.status', 'raw.orders.id', 'raw.orders.amount', 'raw.orders.rate'),
    tables: ['raw.orders'],
    stars: [],
  });
});

test('a star of a table whose columns are not known is a stated unknown', async () => {
  const read = await readColumns('select * from t', 'duckdb');
  assert.deepEqual([read.outputs, read.stars], [null, ['t']]);
  const known = await readColumns('select * from t', 'duckdb', () => ['a', 'b']);
  assert.deepEqual(known.outputs, [
    { name: 'a', from: uses('t.a') },
    { name: 'b', from: uses('t.b') },
  ]);
});

test('a name that two tables may have is not guessed, and counts as used in both', async () => {
  const read = await readColumns('select a from t join u on t.i = u.i', 'postgres');
  assert.deepEqual(read.outputs, [{ name: 'a', from: null }]);
  assert.deepEqual(read.uses, uses('t.i', 'u.i', 't.a', 'u.a'));
  const known = await readColumns('select a from t join u on t.i = u.i', 'postgres', (table) =>
    table === 't' ? ['a', 'i'] : ['i'],
  );
  assert.deepEqual(known.outputs, [{ name: 'a', from: uses('t.a') }]);
});

test('queries inside expressions count for what stands around them', async () => {
  const read = await readColumns(
    'select x.a, (select max(y.b) from u y where y.i = x.i) as m from t x where x.c in (select d from w)',
    'snowflake',
  );
  assert.deepEqual(read.outputs?.[1], { name: 'm', from: uses('u.b', 'u.i', 't.i') });
  assert.deepEqual(read.rows, uses('t.c', 'w.d', 't.d'));
  assert.deepEqual(read.tables, ['t', 'u', 'w']);
});

test('a union makes a column of both sides, and a distinct one of all rows', async () => {
  const read = await readColumns('select a as x from t union select b from u', 'spark');
  assert.deepEqual(read.outputs, [{ name: 'x', from: uses('t.a', 'u.b') }]);
  assert.deepEqual(read.rows, uses('t.a', 'u.b'));
});

test('a text that is no query is unknown', async () => {
  assert.deepEqual(await readColumns('select from (', 'duckdb'), {
    outputs: null,
    rows: null,
    uses: null,
    tables: null,
    stars: [],
  });
});
