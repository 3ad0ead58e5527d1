import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assetIn, prod, smallDeliveries, smallEstate } from '../../../tests/estate/small-estate.ts';
import { buildPlan } from './build-plan.ts';
import { explainPlan } from './explain-plan.ts';
import type { LiveTargets } from './plan-input.ts';
import { rehearse } from './rehearse.ts';
import { togglePlan } from './toggle-plan.ts';

const estate = smallEstate({
  units: { 'airflow/main#orders.py': { code: '1' }, 'airflow/main#refunds.py': { code: '1' } },
});
const orders = assetIn('airflow/main#orders.py');
const empty: LiveTargets = {
  spark: { units: [], settings: {} },
  dbt: { units: [], settings: {} },
  airflow: { units: [], settings: {} },
};
const [environment] = estate.content.environments;
assert.ok(environment);
const input = {
  project: 'payments',
  bundle: estate.bundle,
  content: estate.content,
  liveContents: new Map([[estate.bundle, estate.content]]),
  deliveries: smallDeliveries,
  disabled: [],
};
const live = rehearse(empty, buildPlan({ ...input, environment, live: empty }).steps);

test('stopping an asset is a plan of one step, and one to let it go on undoes it', () => {
  const stop = togglePlan({ ...input, live, environment: prod, asset: orders, to: 'disable' });
  assert.deepEqual(stop.steps, [{ kind: 'disable', target: 'airflow', asset: orders, unit: 'airflow/main#orders.py' }]);
  assert.deepEqual(explainPlan(stop).slice(1), [`1. stop ${orders}; it stays stopped until it is enabled`]);
  const stopped = rehearse(live, stop.steps);
  const go = togglePlan({ ...input, live: stopped, environment: prod, asset: orders, to: 'enable' });
  assert.deepEqual(rehearse(stopped, go.steps), live);
});

test('there is nothing to do when it is stopped already, is going, or is not there', () => {
  const steps = (state: LiveTargets, to: 'disable' | 'enable', asset = orders) =>
    togglePlan({ ...input, live: state, environment: prod, asset, to }).steps;
  const stopped = rehearse(live, steps(live, 'disable'));
  assert.deepEqual(steps(stopped, 'disable'), []);
  assert.deepEqual(steps(live, 'enable'), []);
  assert.deepEqual(steps(live, 'disable', assetIn('airflow/main#nowhere.py')), []);
});
