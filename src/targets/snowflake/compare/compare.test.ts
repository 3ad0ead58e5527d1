import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compareTexts } from '../../compare-texts.ts';
import { snowflake } from '../index.ts';

const before = `use schema db.raw;
create or replace table orders (
  id number(38, 0) not null, -- key
  amount decimal(10, 2),
  note varchar(20) comment 'free'
) cluster by (id);
create view v as select id, amount from orders;
insert into orders select 1, 2, 'x';
`;

async function compared(after: string) {
  const texts = (text: string) => ({ texts: { 's/a.sql': text } });
  const changes = await compareTexts(snowflake, { path: 's' }, { base: texts(before), head: texts(after) });
  return changes.map(({ key, effect, columns }) => [key.slice('warehouse:table/raw.'.length), effect, columns]);
}

for (const [what, from, to, expected] of [
  ['other letters, layout and comments', 'id number(38, 0) not null, -- key', 'ID INTEGER NOT NULL,', 'none'],
  ['another comment of a column', "comment 'free'", "comment 'said by the customer'", 'none'],
  ['a statement that fills it otherwise', "select 1, 2, 'x'", "select 2, 2, 'x'", 'unknown'],
  ['other options', 'cluster by (id)', 'cluster by (amount)', 'unknown'],
] as const) {
  test(`a table with ${what} is ${expected}`, async () => {
    const found = await compared(before.replace(from, to));
    assert.equal(found.find(([name]) => name === 'orders')?.[1], expected);
    assert.equal(found.find(([name]) => name === 'v')?.[1], 'none');
  });
}

for (const [what, from, to, expected] of [
  ['a column less', '  amount decimal(10, 2),\n', '', ['breaking', 'amount', 'removed']],
  ['a column more at its end', "comment 'free'", "comment 'free', at date", ['compatible', 'at', 'added']],
  ['a wider column', 'varchar(20)', 'varchar(30)', ['compatible', 'note', 'changed']],
  ['a narrower column', 'varchar(20)', 'varchar(10)', ['breaking', 'note', 'changed']],
  ['a column of another type', 'decimal(10, 2)', 'float', ['breaking', 'amount', 'changed']],
  ['a column that may be null', ' not null', '', ['breaking', 'id', 'changed']],
] as const) {
  test(`a table with ${what} names the column`, async () => {
    const [effect, name, change] = expected;
    const found = await compared(before.replace(from, to));
    assert.deepEqual(
      found.find(([table]) => table === 'orders'),
      ['orders', effect, [{ name, change }]],
    );
  });
}

test('a column that a later script adds is new, one that it drops is gone', async () => {
  const added = await compared(`${before}alter table orders add column at date;`);
  assert.deepEqual(added[0], ['orders', 'compatible', [{ name: 'at', change: 'added' }]]);
  const dropped = await compared(`${before}alter table orders drop column note;`);
  assert.deepEqual(dropped[0], ['orders', 'breaking', [{ name: 'note', change: 'removed' }]]);
});

test('a view with another filter is not what it was', async () => {
  const found = await compared(before.replace('from orders;', 'from orders where amount > 0;'));
  assert.ok(['breaking', 'unknown'].includes(String(found.find(([name]) => name === 'v')?.[1])));
});
