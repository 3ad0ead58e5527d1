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

test('a name before a dot that is no table is a column, and what comes after it a field', async () => {
  const outputs = async (sql: string) => (await readColumns(sql, 'spark')).outputs?.map(({ from }) => from);
  assert.deepEqual(await outputs('select payload.id from raw.t'), [uses('raw.t.payload')]);
  assert.deepEqual(await outputs('select t.payload.id from raw.t'), [uses('raw.t.payload')]);
  assert.deepEqual(await outputs('select raw.t.id from raw.t'), [uses('raw.t.id')]);
  assert.deepEqual(await outputs('select raw.t.payload.id from raw.t'), [uses('raw.t.payload')]);
});

test('all fields of a column are not all columns, and a whole row is', async () => {
  const fields = await readColumns('select payload.* from raw.t', 'spark');
  assert.deepEqual([fields.outputs, fields.uses, fields.stars], [null, uses('raw.t.payload'), []]);
  const table = await readColumns('select raw.t.* from raw.t', 'postgres');
  assert.deepEqual([table.outputs, table.stars], [null, ['raw.t']]);
  const row = await readColumns('select to_json(o) as doc from raw.t o', 'duckdb');
  assert.deepEqual([row.outputs, row.stars], [[{ name: 'doc', from: null }], ['raw.t']]);
});

test('all columns of what has more than its known columns are more than these', async () => {
  const sql = 'with a as (select *, 1 as x from t), b as (select * from a) select id, x from b';
  const read = await readColumns(sql, 'duckdb');
  assert.deepEqual(read.outputs, [
    { name: 'id', from: uses('t.id') },
    { name: 'x', from: [] },
  ]);
  assert.deepEqual(read.uses, uses('t.id'));
  assert.equal((await readColumns(sql.replace('id, x', '*'), 'duckdb')).outputs, null);
});

test('columns that a natural join is made by, and those of functions that make rows, decide the rows', async () => {
  const schemaOf = (table: string) => ({ a: ['k', 'x'], b: ['k', 'y'] })[table] ?? null;
  const rowsOf = async (sql: string) =>
    (await readColumns(sql, 'duckdb', schemaOf)).rows?.map(({ table, column }) => `${table}.${column}`).sort();
  assert.deepEqual(await rowsOf('select x, y from a natural join b'), ['a.k', 'b.k']);
  assert.deepEqual(await rowsOf('with c as (select k as z, x from a) select y from c natural join d'), ['a.k', 'a.x']);
  assert.deepEqual(await rowsOf('select k, unnest(x) as one from a'), ['a.x']);
});

test('what the text gives no name may be what is read by one', async () => {
  const used = async (sql: string) => (await readColumns(sql, 'spark')).uses;
  assert.deepEqual(await used('select id from (select payload.* from t) x'), uses('t.payload'));
  assert.deepEqual(await used('select key from (select explode(m), max(n) from t group by 1) x'), uses('t.m', 't.n'));
  assert.deepEqual(await used('select a from (select b as a, c as a from t) x'), uses('t.b', 't.c'));
});
