import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Edge } from '../../model/asset.ts';
import { type AssetChange, effects } from '../../model/change.ts';
import type { AssetColumns } from '../../model/columns.ts';
import { type AssetKey, assetKey } from '../../model/identifiers.ts';
import { reach } from './reach.ts';
import { spread } from './spread.ts';

const [orders, totals, report] = ['orders', 'totals', 'report'].map((name) => assetKey('dbt:model', name)) as [
  AssetKey,
  AssetKey,
  AssetKey,
];
const daily = assetKey('airflow:dag', 'daily');
const weekly = assetKey('airflow:dag', 'weekly');
const feeds = (from: AssetKey, to: AssetKey): Edge => ({ from, to, kind: 'feeds' });
const chain = [feeds(orders, totals), feeds(totals, report)];

function change(key: AssetKey, effect: AssetChange['effect'], columns: AssetChange['columns'] = null): AssetChange {
  return { key, effect, because: 'It differs.', columns };
}

function told(changed: AssetChange[], edges: Edge[], columns: AssetColumns[] = []) {
  const known = new Map(columns.map((one) => [one.key, one]));
  const { reached } = spread({ changed, edges, columnsOf: (key) => known.get(key) ?? null });
  return Object.fromEntries(reached.map(({ key, effect }) => [key, effect]));
}

function reads(key: AssetKey, from: AssetKey, columns: string[], stars: AssetKey[] = []): AssetColumns {
  const uses = columns.map((column) => ({ key: from, column }));
  return { key, outputs: null, rows: [], uses, stars };
}

test('a breaking change breaks whatever is made from it, an unknown one leaves it unknown', () => {
  assert.deepEqual(told([change(orders, 'breaking')], chain), { [totals]: 'breaking', [report]: 'breaking' });
  assert.deepEqual(told([change(orders, 'unknown')], chain), { [totals]: 'unknown', [report]: 'unknown' });
});

test('a change that is none reaches nothing', () => {
  assert.deepEqual(told([change(orders, 'none')], chain), {});
  assert.deepEqual(told([change(orders, 'compatible', [])], chain), {});
});

test('a removed column breaks who reads it, and who may read it; for others it is none, and all is none after them', () => {
  const removed = [change(orders, 'breaking', [{ name: 'amount', change: 'removed' }])];
  assert.deepEqual(told(removed, chain), { [totals]: 'breaking', [report]: 'breaking' });
  assert.deepEqual(told(removed, chain, [reads(totals, orders, ['AMOUNT'])]), {
    [totals]: 'breaking',
    [report]: 'breaking',
  });
  assert.deepEqual(told(removed, chain, [reads(totals, orders, ['id'])]), { [totals]: 'none', [report]: 'none' });
  assert.deepEqual(told(removed, chain, [reads(totals, orders, [], [orders])]), {
    [totals]: 'breaking',
    [report]: 'breaking',
  });
});

test('a new column goes on only where everything is selected, as a new column', () => {
  const added = [change(orders, 'compatible', [{ name: 'tax', change: 'added' }])];
  assert.deepEqual(told(added, chain, [reads(totals, orders, ['id'])]), { [totals]: 'none', [report]: 'none' });
  const star = reads(totals, orders, ['id'], [orders]);
  assert.deepEqual(told(added, chain, [star, reads(report, totals, ['id'])]), {
    [totals]: 'compatible',
    [report]: 'none',
  });
  assert.deepEqual(told(added, chain), { [totals]: 'compatible', [report]: 'compatible' });
});

test('a new column whose name is used already, of another table, may make that name ambiguous', () => {
  const added = [change(orders, 'compatible', [{ name: 'rate', change: 'added' }])];
  const joined: AssetColumns = {
    ...reads(totals, orders, ['id']),
    uses: [
      { key: orders, column: 'id' },
      { key: report, column: 'rate' },
    ],
  };
  assert.deepEqual(told(added, [feeds(orders, totals)], [joined]), { [totals]: 'unknown' });
});

test('a DAG is reached by what it runs, and who waits for that DAG only in time', () => {
  const edges: Edge[] = [
    { from: daily, to: orders, kind: 'runs' },
    { from: daily, to: weekly, kind: 'waits' },
  ];
  assert.deepEqual(told([change(orders, 'breaking')], edges), { [daily]: 'breaking', [weekly]: 'compatible' });
  assert.deepEqual(told([change(daily, 'breaking')], edges), { [weekly]: 'breaking' });
});

test('a contract is reached by what it describes and passes that on to nothing else', () => {
  const contract = assetKey('contract', 'orders');
  const edges: Edge[] = [
    { from: contract, to: orders, kind: 'describes' },
    { from: contract, to: report, kind: 'describes' },
  ];
  assert.deepEqual(told([change(orders, 'breaking')], edges), { [contract]: 'breaking' });
  assert.deepEqual(told([change(contract, 'breaking')], edges), { [orders]: 'breaking', [report]: 'breaking' });
});

test('a changed asset is told as reached only where worse arrives, by the way on which it does', () => {
  const changed = [change(orders, 'breaking'), change(totals, 'compatible'), change(report, 'breaking')];
  const { reached } = spread({ changed, edges: chain, columnsOf: () => null });
  assert.deepEqual(reached, [
    { key: totals, effect: 'breaking', because: `It is fed by \`${orders}\`.`, via: [orders, totals] },
  ]);
});

const keys = ['a', 'b', 'c', 'd', 'e'].map((name) => assetKey('dbt:model', name));
const anyEdge = fc.record({
  from: fc.constantFrom(...keys),
  to: fc.constantFrom(...keys),
  kind: fc.constantFrom<Edge['kind']>('feeds', 'runs', 'waits', 'triggers', 'describes'),
});
const anyChange = fc.record({
  key: fc.constantFrom(...keys),
  effect: fc.constantFrom(...effects),
  because: fc.constant('It differs.'),
  columns: fc.option(
    fc.array(
      fc.record({ name: fc.constantFrom('x', 'y'), change: fc.constantFrom('added' as const, 'removed' as const) }),
    ),
  ),
});
const anyChanges = fc.uniqueArray(anyChange, { selector: ({ key }) => key, maxLength: 4 });
const anyReads = fc
  .array(
    fc.record({ key: fc.constantFrom(...keys), from: fc.constantFrom(...keys), column: fc.constantFrom('x', 'y') }),
  )
  .map((all) => new Map(all.map(({ key, from, column }) => [key, reads(key, from, [column])])));

test('the order of changes and edges makes no difference', () => {
  fc.assert(
    fc.property(anyChanges, fc.array(anyEdge, { maxLength: 12 }), anyReads, (changed, edges, known) => {
      const columnsOf = (key: AssetKey) => known.get(key) ?? null;
      const found = spread({ changed, edges, columnsOf });
      const turned = spread({ changed: changed.toReversed(), edges: edges.toReversed(), columnsOf });
      const byKey = (all: typeof found.reached) => all.toSorted((a, b) => (a.key < b.key ? -1 : 1));
      assert.deepEqual(byKey(turned.reached), byKey(found.reached));
    }),
  );
});

test('one more change never reaches less and never does less, one more edge neither', () => {
  fc.assert(
    fc.property(anyChanges, anyChange, fc.array(anyEdge, { maxLength: 12 }), anyEdge, (all, more, edges, edge) => {
      const changed = all.filter(({ key }) => key !== more.key);
      for (const after of [worst([...changed, more], edges), worst(changed, [...edges, edge])]) {
        for (const [key, effect] of worst(changed, edges))
          assert.ok(effects.indexOf(after.get(key) ?? 'none') >= effects.indexOf(effect), key);
      }
    }),
  );
});

test('every asset downstream of a real change is told, and each way follows edges from a changed asset', () => {
  fc.assert(
    fc.property(anyChanges, fc.array(anyEdge, { maxLength: 12 }), (changed, edges) => {
      const real = changed.filter(({ effect, columns }) => effect !== 'none' && columns?.length !== 0);
      const { reached } = spread({ changed, edges, columnsOf: () => null });
      const keysTold = new Set([...changed, ...reached].map(({ key }) => key));
      for (const { key } of reach(
        real.map((one) => one.key),
        edges,
      ))
        assert.ok(keysTold.has(key), key);
      for (const { key, via } of reached) {
        assert.ok(real.some((one) => one.key === via[0]));
        assert.equal(via.at(-1), key);
        for (const [at, step] of via.slice(1).entries())
          assert.ok(edges.some(({ from, to }) => [from, to].includes(step) && [from, to].includes(via[at] ?? step)));
      }
    }),
  );
});

/** The worst of an asset's own change and of what arrives there. */
function worst(changed: AssetChange[], edges: Edge[]): Map<AssetKey, AssetChange['effect']> {
  const { reached } = spread({ changed, edges, columnsOf: () => null });
  const found = new Map(changed.map(({ key, effect }) => [key, effect]));
  for (const { key, effect } of reached) found.set(key, effect);
  return found;
}
