import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type AssetKey, assetKey } from '../../model/identifiers.ts';
import type { AssetHealth } from '../../targets/contract.ts';
import { judgeHealth } from './judge-health.ts';

const [orders, refunds] = [assetKey('airflow:dag', 'orders'), assetKey('airflow:dag', 'refunds')];

function health(asset: AssetKey, state: AssetHealth['state'], detail = 'the last run failed'): AssetHealth {
  return { asset, state, detail };
}

test('all healthy is healthy, and so is nothing', () => {
  assert.deepEqual(judgeHealth([orders], [health(orders, 'healthy')]), { state: 'healthy', reasons: [] });
  assert.deepEqual(judgeHealth([], []), { state: 'healthy', reasons: [] });
});

test('one unhealthy asset makes the whole unhealthy, and each that is not healthy is named', () => {
  const told = [health(refunds, 'unhealthy'), health(orders, 'unknown', 'no run yet')];
  assert.deepEqual(judgeHealth([orders, refunds], told), {
    state: 'unhealthy',
    reasons: ['airflow:dag/orders is unknown: no run yet', 'airflow:dag/refunds is unhealthy: the last run failed'],
  });
});

test('an asset that nobody answered for is unknown', () => {
  assert.deepEqual(judgeHealth([orders, refunds], [health(orders, 'healthy')]), {
    state: 'unknown',
    reasons: ['airflow:dag/refunds is unknown: its target did not answer for it'],
  });
});

test('the worse word about an asset counts, in any order', () => {
  const told = [health(orders, 'unhealthy'), health(orders, 'healthy')];
  assert.equal(judgeHealth([orders], told).state, 'unhealthy');
  assert.equal(judgeHealth([orders], told.toReversed()).state, 'unhealthy');
});
