import { partKey, unitKey } from '../../src/model/identifiers.ts';
import { assetIn, type EstateSpec, smallEstate } from '../estate/small-estate.ts';
import type { TargetBehaviour } from './memory-target.ts';
import type { Request, Scenario } from './scenario.ts';

const dags = {
  'airflow/main#orders.py': { code: 'orders 1', runs: ['dbt/shop', 'spark/settle'] },
  'airflow/main#refunds.py': { code: 'refunds 1' },
};
const before: EstateSpec = {
  units: { 'spark/settle': { code: 'settle 1' }, 'dbt/shop': { code: 'shop 1' }, ...dags },
  values: { lake: 'old' },
};

const quick: TargetBehaviour = { memory: 'journal', runSeconds: 0, buildSeconds: 0, actSeconds: 0.04, refuses: null };
const slow: TargetBehaviour = { memory: 'journal', runSeconds: 95, buildSeconds: 70, actSeconds: 0.04, refuses: null };

function estate(changes: EstateSpec['units'], values: EstateSpec['values'] = before.values ?? {}) {
  return smallEstate({ units: { ...before.units, ...changes }, values });
}

function without(unit: string) {
  return smallEstate({
    units: Object.fromEntries(Object.entries(before.units).filter(([name]) => name !== unit)),
    values: before.values ?? {},
  });
}

function request(id: string, ask: Request['ask'], rest: Partial<Request> = {}): Request {
  return { id, atSeconds: 0, after: null, ask, planned: 'now', approvedAtStart: true, ...rest };
}

function scenario(name: string, rest: Partial<Scenario> & Pick<Scenario, 'requests' | 'ends'>): Scenario {
  return {
    name,
    live: smallEstate(before),
    disabled: [],
    behaviour: quick,
    outage: null,
    mayBeStuck: false,
    ...rest,
  };
}

const allChanged = estate(
  {
    'spark/settle': { code: 'settle 2' },
    'dbt/shop': { code: 'shop 2' },
    'airflow/main#orders.py': { code: 'orders 2', runs: ['dbt/shop', 'spark/settle'] },
  },
  { lake: 'new' },
);
const drained = estate({ 'airflow/main#orders.py': { code: 'orders 2', graph: 'other', runs: ['spark/settle'] } });
const shopChanged = estate({ 'dbt/shop': { code: 'shop 3' } });
const refundsChanged = estate({ 'airflow/main#refunds.py': { code: 'refunds 2' } });
const ordersUnit = unitKey(partKey('airflow', 'main'), 'orders.py');

/** What the simulator plays, each with every fault at every point. */
export const scenarios: readonly Scenario[] = [
  scenario('a change on every layer', { requests: [request('r1', { estate: allChanged })], ends: { r1: ['done'] } }),
  scenario('pointers alone remember', {
    behaviour: { ...quick, memory: 'pointer', refuses: { kind: 'verify', unit: ordersUnit, afterEffect: false } },
    requests: [request('r1', { estate: allChanged })],
    ends: { r1: ['undone'] },
  }),
  scenario('a drain that waits, and a slow build', {
    behaviour: slow,
    live: smallEstate({ ...before, units: { ...before.units, 'dbt/shop': { code: 'shop 0' } } }),
    requests: [request('r1', { estate: drained })],
    ends: { r1: ['done'] },
  }),
  scenario('a last step that is refused, so all is undone', {
    behaviour: { ...slow, refuses: { kind: 'switch', unit: ordersUnit, afterEffect: true } },
    requests: [request('r1', { estate: allChanged })],
    // The switch took place although the target said no: a worker that comes anew finds it there.
    ends: { r1: ['undone', 'done'] },
  }),
  scenario('a DAG is removed', {
    behaviour: { ...quick, runSeconds: 30 },
    requests: [request('r1', { estate: without('airflow/main#orders.py') })],
    ends: { r1: ['done'] },
  }),
  scenario('a target that takes longer than a lease', {
    behaviour: { ...quick, actSeconds: 100 },
    requests: [request('r1', { estate: refundsChanged })],
    ends: { r1: ['done'] },
  }),
  scenario('two releases compete', {
    behaviour: { ...quick, buildSeconds: 20 },
    requests: [
      request('r1', { estate: shopChanged }),
      request('r2', { estate: refundsChanged }, { atSeconds: 1, approvedAtStart: true }),
    ],
    ends: { r1: ['done'], r2: ['done'] },
  }),
  scenario('a stale plan gets in and turns back', {
    requests: [
      request('r1', { estate: shopChanged }),
      request('r2', { estate: allChanged }, { atSeconds: 5, planned: 'at-start' }),
    ],
    ends: { r1: ['done'], r2: ['undone'] },
  }),
  scenario('a release and its rollback', {
    behaviour: { ...quick, memory: 'pointer', buildSeconds: 15 },
    requests: [
      request('r1', { estate: allChanged }),
      request('r2', { estate: smallEstate(before) }, { after: 'r1', approvedAtStart: false }),
    ],
    ends: { r1: ['done'], r2: ['done'] },
  }),
  scenario('one DAG is stopped, a release comes, it goes on', {
    requests: [
      request('r1', { toggle: 'disable', asset: assetIn('airflow/main#orders.py') }),
      request('r2', { estate: allChanged }, { after: 'r1', approvedAtStart: false }),
      request(
        'r3',
        { toggle: 'enable', asset: assetIn('airflow/main#orders.py') },
        { after: 'r2', approvedAtStart: false },
      ),
    ],
    ends: { r1: ['done'], r2: ['done'], r3: ['done'] },
  }),
  scenario('a target is out for a while, a person resumes', {
    outage: { target: 'dbt', fromSeconds: 0, untilSeconds: 700 },
    requests: [request('r1', { estate: allChanged })],
    ends: { r1: ['done'] },
    mayBeStuck: true,
  }),
];
