import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assetKey } from '../../../model/identifiers.ts';
import { judgeColumns, type MadeTable } from './judge-columns.ts';
import { promisedColumns } from './promised-columns.ts';

const CONTRACT = `kind: DataContract
servers: [{ server: w, schema: marts }]
schema:
  - name: orders
    properties:
      - { name: id, physicalType: text }
      - name: amount
        physicalName: amount_minor
        physicalType: bigint
      - name: gone
  - name: others.t
    properties: [{ name: x }]
`;
const table = (more: Partial<MadeTable>): MadeTable => ({
  ...{ asset: assetKey('dbt:model', 'shop.orders'), name: 'orders', whole: true },
  columns: { ID: 'varchar(20)', amount_minor: 'bigint', gone: null },
  ...more,
});

function told(orders: MadeTable): string[] {
  const made = (name: string) => (name === 'marts.orders' ? orders : null);
  return judgeColumns('c.yaml', promisedColumns(CONTRACT), made).map(
    ({ line, status, severity, message }) => `${line} ${status} ${severity} ${message}`,
  );
}

test('a table that keeps its promises is left alone, and so is one of others', () => {
  assert.deepEqual(told(table({})), []);
});

test('a promised column that is not made is an error, another type a warning', () => {
  assert.deepEqual(told(table({ columns: { id: 'text', amount_minor: 'integer', gonne: null } })), [
    '7 failed warning The contract promises `amount_minor` as bigint, and `orders` makes it as integer.',
    '10 failed error The contract promises the column `gone`, which `orders` does not make.',
  ]);
});

test('where not all columns are known nothing is said to be missing', () => {
  assert.deepEqual(told(table({ columns: { id: null }, whole: false })), [
    'null skipped note Whether marts.orders has all promised columns could not be told: not all columns are known.',
  ]);
});
