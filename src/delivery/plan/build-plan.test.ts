import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import {
  assetIn,
  type EstateSpec,
  type SmallEstate,
  smallDeliveries,
  smallEstate,
} from '../../../tests/estate/small-estate.ts';
import type { Asset } from '../../model/asset.ts';
import type { BundleContent } from '../../model/bundle.ts';
import type { AssetKey, Digest } from '../../model/identifiers.ts';
import type { Step } from '../../model/step.ts';
import { layers } from '../../targets/contract.ts';
import { buildPlan, planDigest } from './build-plan.ts';
import { explainPlan } from './explain-plan.ts';
import type { LiveTargets, PlanInput } from './plan-input.ts';
import { rehearse } from './rehearse.ts';
import { planMoved } from './start-digest.ts';

const nothing: LiveTargets = {
  spark: { units: [], settings: {} },
  dbt: { units: [], settings: {} },
  airflow: { units: [], settings: {} },
};
const shop: EstateSpec = {
  units: {
    'spark/settle': { code: 'settle 1' },
    'dbt/shop': { code: 'shop 1' },
    'airflow/main#orders.py': { code: 'orders 1', runs: ['dbt/shop'] },
    'airflow/main#refunds.py': { code: 'refunds 1' },
  },
  values: { lake: 'a' },
};

describe('a plan', () => {
  test('of an empty environment brings everything in, lower layers first, verified last in each', () => {
    const plan = buildPlan(input(smallEstate(shop), nothing, []));
    assert.deepEqual(plan.steps.map(lineOf), [
      'upload spark/settle',
      'upload dbt/shop',
      'upload airflow/main',
      'configure spark/settle',
      'switch spark/settle',
      'verify spark/settle',
      'configure dbt/shop',
      'switch dbt/shop',
      'build dbt/shop',
      'verify dbt/shop',
      'configure airflow/main',
      'switch airflow/main#orders.py',
      'switch airflow/main#refunds.py',
      'verify airflow/main#orders.py',
      'verify airflow/main#refunds.py',
    ]);
  });

  test('switches a DAG whose dbt project changed, with its runs kept on the old release, and no other DAG', () => {
    const before = smallEstate(shop);
    const after = changed({ 'dbt/shop': { code: 'shop 2' } });
    const plan = buildPlan(input(after, liveAfter(before), [before]));
    assert.deepEqual(plan.steps.map(lineOf), [
      'upload dbt/shop',
      'upload airflow/main',
      'switch dbt/shop pinned',
      'build dbt/shop',
      'verify dbt/shop',
      'switch airflow/main#orders.py pinned',
      'verify airflow/main#orders.py',
    ]);
  });

  test('drains a DAG whose shape changes instead of pinning its runs, and says so', () => {
    const before = smallEstate(shop);
    const after = changed({ 'airflow/main#refunds.py': { code: 'refunds 2', graph: 'other' } });
    const plan = buildPlan(input(after, liveAfter(before), [before]));
    assert.deepEqual(plan.steps.map(lineOf), [
      'upload airflow/main',
      'drain airflow/main#refunds.py',
      'switch airflow/main#refunds.py',
      'verify airflow/main#refunds.py',
    ]);
    assert.equal(
      explainPlan(plan).at(-1),
      'note: airflow/main#refunds.py: its shape changes, so runs under way must end before the switch',
    );
  });

  test('names the promises that a change reaches, whose they are and when they are due', () => {
    const before = smallEstate(shop);
    const after = changed({ 'spark/settle': { code: 'settle 2' } });
    const report = promised(assetIn('dbt/shop'));
    const content = {
      ...after.content,
      assets: [report],
      edges: [{ from: assetIn('spark/settle'), to: report.key, kind: 'feeds' as const }],
    };
    const plan = buildPlan(input({ ...after, content }, liveAfter(before), [before]));
    assert.deepEqual(plan.warnings, [
      { unit: null, because: `the change reaches ${report.key} (finance, due 06:00 IST, SOX)` },
    ]);
    const first = buildPlan(input({ ...after, content }, nothing, []));
    assert.deepEqual(first.warnings, [], 'nothing was live, so nothing can be hurt');
  });

  test('drains when nobody can read what is live', () => {
    const after = changed({ 'airflow/main#refunds.py': { code: 'refunds 2' } });
    const plan = buildPlan(input(after, liveAfter(smallEstate(shop)), []));
    assert.ok(plan.steps.map(lineOf).includes('drain airflow/main#refunds.py'));
  });

  test('removes a dbt project only after the DAG that ran it was switched', () => {
    const before = smallEstate(shop);
    const { 'dbt/shop': _gone, ...kept } = shop.units;
    const after = smallEstate({ ...shop, units: { ...kept, 'airflow/main#orders.py': { code: 'orders 2' } } });
    const plan = buildPlan(input(after, liveAfter(before), [before]));
    assert.deepEqual(plan.steps.map(lineOf), [
      'upload airflow/main',
      'switch airflow/main#orders.py pinned',
      'verify airflow/main#orders.py',
      'remove dbt/shop',
      'verify dbt/shop gone',
    ]);
  });

  test('configures and switches when a value changes, by what each target needs', () => {
    const before = smallEstate(shop);
    const after = smallEstate({ ...shop, values: { lake: 'b' } });
    const lines = buildPlan(input(after, liveAfter(before), [before])).steps.map(lineOf);
    assert.ok(lines.includes('configure airflow/main'));
    assert.ok(lines.includes('switch airflow/main#orders.py pinned'), 'it runs a dbt project whose settings changed');
    assert.ok(!lines.includes('switch airflow/main#refunds.py pinned'), 'its settings reach it without a switch');
  });

  test('leaves alone what belongs to another project', () => {
    const mine = smallEstate(shop);
    const theirs = smallEstate({ units: { 'airflow/other#x.py': { code: 'x' } } });
    const other = { ...theirs, content: { ...theirs.content, project: 'somebody else' } };
    const live = liveAfter(mine);
    live.airflow?.units.push(...(liveAfter(theirs).airflow?.units ?? []));
    assert.deepEqual(buildPlan(input(mine, live, [mine, other])).steps, []);
  });

  test('stops again what a person stopped, when the unit is new or has lost its stop', () => {
    const before = smallEstate(shop);
    const asset = assetIn('airflow/main#orders.py');
    const plan = buildPlan({ ...input(before, nothing, []), disabled: [asset] });
    const lines = plan.steps.map(lineOf);
    assert.equal(lines.indexOf(`disable ${asset}`), lines.indexOf('switch airflow/main#orders.py') + 1);
    const again = buildPlan({ ...input(before, rehearse(nothing, plan.steps), [before]), disabled: [asset] });
    assert.deepEqual(again.steps, []);
  });

  test('whose start has moved says where', () => {
    const before = smallEstate(shop);
    const wanted = input(changed({ 'spark/settle': { code: 'settle 2' } }), liveAfter(before), [before]);
    const plan = buildPlan(wanted);
    assert.equal(planMoved(plan, wanted), null);
    const other = changed({ 'spark/settle': { code: 'settle 3' } });
    const moved = planMoved(plan, { ...wanted, live: liveAfter(other) });
    assert.deepEqual(moved, { unit: 'spark/settle', expected: before.bundle, found: other.bundle });
  });

  test('names an environment that the bundle does not have', () => {
    const wanted = input(smallEstate(shop), nothing, []);
    const environment = { ...wanted.environment, name: 'qa' };
    assert.throws(() => buildPlan({ ...wanted, environment }), { code: 'environment-unknown' });
  });
});

describe('any plan between any two estates', () => {
  const code = fc.constantFrom('1', '2', '3');
  const graph = fc.constantFrom('g', 'h');
  const runs = fc.subarray(['dbt/shop', 'dbt/ledger', 'spark/settle', 'spark/score']);
  const dag = fc.record({ code, graph, runs, runsUnknown: fc.boolean() });
  const plain = fc.record({ code });
  const units = fc.record(
    {
      'spark/settle': plain,
      'spark/score': plain,
      'dbt/shop': plain,
      'dbt/ledger': plain,
      'airflow/main#a.py': dag,
      'airflow/main#b.py': dag,
      'airflow/side#c.py': dag,
    },
    { requiredKeys: [] },
  );
  const estate = fc.record({ units, values: fc.record({ lake: fc.constantFrom('a', 'b') }) }).map(smallEstate);
  const disabled = fc.subarray(['airflow/main#a.py', 'dbt/shop'].map(assetIn));

  test('leads there, and then there is nothing more to do', () => {
    fc.assert(
      fc.property(estate, estate, disabled, (before, after, stopped) => {
        const live = liveAfter(before);
        const plan = buildPlan({ ...input(after, live, [before]), disabled: stopped });
        const reached = rehearse(live, plan.steps);
        assert.deepEqual(fingerprints(reached), fingerprints(liveAfter(after)));
        const again = buildPlan({ ...input(after, reached, [before, after]), disabled: stopped });
        assert.deepEqual(again.steps, []);
      }),
    );
  });

  test('is undone by its steps taken back from the last to the first', () => {
    fc.assert(
      fc.property(estate, estate, disabled, (before, after, stopped) => {
        const live = liveAfter(before);
        const { steps } = buildPlan({ ...input(after, live, [before]), disabled: stopped });
        assert.deepEqual(sorted(rehearse(rehearse(live, steps), steps, 'undo')), sorted(live));
      }),
    );
  });

  test('goes up the layers, uploads first, and down again to remove', () => {
    fc.assert(
      fc.property(estate, estate, (before, after) => {
        const { steps } = buildPlan(input(after, liveAfter(before), [before]));
        const height = ({ target }: Step) => layers.indexOf(smallDeliveries[target]?.layer ?? 'infrastructure');
        const leaving = steps.findIndex((step) => isLeaving(step, after));
        const [coming, going] = leaving === -1 ? [steps, []] : [steps.slice(0, leaving), steps.slice(leaving)];
        const uploads = coming.filter(({ kind }) => kind === 'upload').length;
        assert.ok(coming.slice(0, uploads).every(({ kind }) => kind === 'upload'));
        const climb = coming.slice(uploads).map(height);
        assert.deepEqual(
          climb,
          climb.toSorted((a, b) => a - b),
        );
        const descent = going.map(height);
        assert.deepEqual(
          descent,
          descent.toSorted((a, b) => b - a),
        );
      }),
    );
  });

  test('is the same from the same start, its digest covers all of it, and it is not moved from there', () => {
    fc.assert(
      fc.property(estate, estate, (before, after) => {
        const wanted = input(after, liveAfter(before), [before]);
        const plan = buildPlan(wanted);
        assert.deepEqual(buildPlan({ ...wanted, live: backToFront(wanted.live) }), plan);
        assert.equal(planDigest(plan), plan.digest);
        assert.notEqual(
          planDigest({ ...plan, steps: [...plan.steps, ...plan.steps.slice(0, 1), upload] }),
          plan.digest,
        );
        assert.equal(planMoved(plan, wanted), null);
      }),
    );
  });
});

const upload = { kind: 'upload', target: 'spark' } as Step;

function input(wanted: SmallEstate, live: LiveTargets, known: SmallEstate[]): PlanInput {
  const [environment] = wanted.content.environments;
  assert.ok(environment);
  const liveContents = new Map<Digest, BundleContent>(known.map(({ bundle, content }) => [bundle, content]));
  const { bundle, content } = wanted;
  const disabled: AssetKey[] = [];
  return {
    project: 'payments',
    environment,
    bundle,
    content,
    live,
    liveContents,
    deliveries: smallDeliveries,
    disabled,
  };
}

/** What is live when the estate was delivered into an empty environment. */
function liveAfter(estate: SmallEstate): LiveTargets {
  return rehearse(nothing, buildPlan(input(estate, nothing, [])).steps);
}

function changed(units: EstateSpec['units']): SmallEstate {
  return smallEstate({ ...shop, units: { ...shop.units, ...units } });
}

function fingerprints(live: LiveTargets): string[] {
  return Object.values(live)
    .flatMap(({ units }) => units.map(({ unit, pointer }) => `${unit} ${pointer.fingerprint}`))
    .sort();
}

function sorted(live: LiveTargets): LiveTargets {
  return Object.fromEntries(
    Object.entries(live).map(([target, { units, settings }]) => [
      target,
      { units: units.toSorted((a, b) => (a.unit < b.unit ? -1 : 1)), settings },
    ]),
  );
}

function backToFront(live: LiveTargets): LiveTargets {
  return Object.fromEntries(
    Object.entries(live).map(([target, { units, settings }]) => [target, { units: units.toReversed(), settings }]),
  );
}

function isLeaving(step: Step, after: SmallEstate): boolean {
  if (!('unit' in step)) return false;
  return !after.content.parts.some(({ units }) => units.some(({ unit }) => unit === step.unit));
}

function lineOf(step: Step): string {
  if (step.kind === 'upload' || step.kind === 'configure') return `${step.kind} ${step.part}`;
  if (step.kind === 'disable' || step.kind === 'enable') return `${step.kind} ${step.asset}`;
  if (step.kind === 'switch' && step.pinRuns) return `switch ${step.unit} pinned`;
  return step.kind === 'verify' && step.to === null ? `verify ${step.unit} gone` : `${step.kind} ${step.unit}`;
}

function promised(key: AssetKey): Asset {
  return {
    key,
    kind: 'dbt:thing',
    name: 'shop',
    part: null,
    path: null,
    line: null,
    owner: 'finance',
    serviceLevel: { every: null, within: null, by: '06:00 IST' },
    sensitivity: ['SOX'],
    exactness: 'exact',
    facts: {},
  };
}
