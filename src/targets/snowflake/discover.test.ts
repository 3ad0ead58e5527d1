import assert from 'node:assert/strict';
import { test } from 'node:test';
import { textsAsFiles } from '../../model/texts-as-files.ts';
import { discover } from './discover.ts';

test('tables and views that scripts create, with what views read', async () => {
  const sql = `-- create table not.this (a int);
use schema db.raw;
create or replace transient table ORDERS (id int);
create table if not exists "MARTS".facts (id int);
create secure view marts.v as with o as (select 1) select * from orders join o on 1 = 1; /* create table nor.this */
`;
  const found = await discover({
    files: textsAsFiles({ 's/a.sql': sql }),
    part: { name: 'x', settings: { path: 's' } },
  });
  assert.deepEqual(
    found.assets.map(({ key, line }) => [key, line]),
    [
      ['warehouse:table/raw.orders', 3],
      ['warehouse:table/marts.facts', 4],
      ['warehouse:table/marts.v', 5],
    ],
  );
  assert.deepEqual(found.edges, [{ from: 'warehouse:table/raw.orders', to: 'warehouse:table/marts.v', kind: 'feeds' }]);
});
