import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { BundleUnit } from '../../model/bundle.ts';
import { digestOf, partKey, unitKey } from '../../model/identifiers.ts';
import type { JsonObject } from '../../model/json.ts';
import { irreversible } from './irreversible.ts';

function unit(models: JsonObject): BundleUnit {
  return { unit: unitKey(partKey('dbt', 'shop'), null), fingerprint: digestOf('f'), assets: [], facts: { models } };
}

const sentences = (from: BundleUnit | null, to: BundleUnit | null) =>
  irreversible(from, to).map(({ because }) => because);

test('in-place builds say what stays: rows, incremental models, dropped columns, removed models', () => {
  const from = unit({
    'dbt:model/shop.orders': { materialized: 'table', columns: ['id', 'amount'] },
    'dbt:model/shop.old': { materialized: 'view', columns: [] },
  });
  const to = unit({
    'dbt:model/shop.orders': { materialized: 'table', columns: ['id'] },
    'dbt:model/shop.events': { materialized: 'incremental', columns: [] },
  });
  assert.deepEqual(sentences(from, to), [
    'dbt builds in place: rows written by the new code stay until the old code has been built again.',
    'Rows that the new code adds to shop.events stay even then; only a full refresh, or a restore for snapshots, takes them back.',
    'Columns that are no longer declared go with what they hold, unless the model still selects them: shop.orders.amount.',
    'What shop.old built stays in the warehouse and is no longer kept up to date.',
  ]);
});

test('a first build and a removal say what they leave', () => {
  assert.match(sentences(null, unit({}))[0] ?? '', /first build stay/);
  assert.match(sentences(unit({}), null)[0] ?? '', /stay in the warehouse when the project is removed/);
});
