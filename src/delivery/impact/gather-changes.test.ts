import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Asset } from '../../model/asset.ts';
import { assetKey, partKey } from '../../model/identifiers.ts';
import { mention } from '../../model/mention.ts';
import { gatherChanges } from './gather-changes.ts';

function model(name: string, more: Partial<Asset> = {}): Asset {
  return { ...mention(assetKey('dbt:model', name)), part: partKey('dbt', 'shop'), path: `models/${name}.sql`, ...more };
}

const orders = model('orders').key;

test('what only one revision defines is gone or new; a mention is neither', () => {
  const changes = gatherChanges({
    base: [model('orders'), mention(assetKey('warehouse:table', 'raw.old'))],
    head: [model('totals'), mention(assetKey('warehouse:table', 'raw.new'))],
    answers: [],
  });
  assert.deepEqual(
    changes.map(({ key, effect }) => [key, effect]),
    [
      ['dbt:model/orders', 'breaking'],
      ['dbt:model/totals', 'compatible'],
    ],
  );
});

test('of several answers the worst counts, with the columns of all; every column where one cannot name them', () => {
  const answer = (effect: 'compatible' | 'breaking', name: string) => ({
    ...{ key: orders, effect, because: `${name} differs.` },
    columns: [{ name, change: 'changed' as const }],
  });
  const assets = { base: [model('orders')], head: [model('orders')] };
  const [both] = gatherChanges({ ...assets, answers: [answer('compatible', 'a'), answer('breaking', 'b')] });
  assert.deepEqual(
    [both?.effect, both?.because, both?.columns?.map(({ name }) => name)],
    ['breaking', 'b differs.', ['a', 'b']],
  );
  const whole = { ...answer('compatible', 'c'), columns: null };
  assert.equal(gatherChanges({ ...assets, answers: [answer('breaking', 'b'), whole] })[0]?.columns, null);
});

test('a moved asset is no change, another owner is one that reaches nobody', () => {
  const moved = { base: [model('orders')], head: [model('orders', { path: 'models/deep/orders.sql' })], answers: [] };
  assert.deepEqual(gatherChanges(moved), []);
  const owned = { base: [model('orders', { owner: 'a' })], head: [model('orders', { owner: 'b' })], answers: [] };
  assert.deepEqual(gatherChanges(owned), [
    { key: orders, effect: 'compatible', because: 'Its owner is `b` instead of `a`.', columns: [] },
  ]);
});
