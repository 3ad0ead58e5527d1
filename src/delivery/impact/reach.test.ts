import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Edge } from '../../model/asset.ts';
import { type AssetKey, assetKey } from '../../model/identifiers.ts';
import { reach } from './reach.ts';

const topic = assetKey('kafka:topic', 'payments');
const job = assetKey('spark:job', 'settle');
const model = assetKey('dbt:model', 'shop.fct');
const dag = assetKey('airflow:dag', 'daily');

test('a change travels along data and back to the DAG that runs it', () => {
  const edges: Edge[] = [
    { from: topic, to: job, kind: 'feeds' },
    { from: job, to: model, kind: 'feeds' },
    { from: dag, to: model, kind: 'runs' },
  ];
  assert.deepEqual(reach([topic], edges), [
    { key: job, via: [topic, job] },
    { key: model, via: [topic, job, model] },
    { key: dag, via: [topic, job, model, dag] },
  ]);
});

test('a changed DAG does not reach what it runs', () => {
  assert.deepEqual(reach([dag], [{ from: dag, to: model, kind: 'runs' }]), []);
});

test('every path starts at a changed asset, follows edges and ends at its own key, cycles or not', () => {
  const keys = ['a', 'b', 'c', 'd', 'e'].map((name) => assetKey('dbt:model', name));
  const edge = fc.record({
    from: fc.constantFrom(...keys),
    to: fc.constantFrom(...keys),
    kind: fc.constant('feeds' as const),
  });
  fc.assert(
    fc.property(fc.array(edge, { maxLength: 20 }), fc.constantFrom(...keys), (edges, start) => {
      const reached = reach([start], edges);
      assert.deepEqual(new Set(reached.map(({ key }) => key)), closureOf(start, edges));
      for (const { key, via } of reached) {
        assert.equal(via[0], start);
        assert.equal(via.at(-1), key);
        for (let at = 1; at < via.length; at += 1) {
          assert.ok(edges.some(({ from, to }) => from === via[at - 1] && to === via[at]));
        }
      }
    }),
  );
});

/** The same set by the slowest obvious way: add neighbours until nothing is new. */
function closureOf(start: AssetKey, edges: readonly Edge[]): Set<AssetKey> {
  const seen = new Set([start]);
  for (let round = 0; round < edges.length; round += 1) {
    for (const { from, to } of edges) if (seen.has(from)) seen.add(to);
  }
  seen.delete(start);
  return seen;
}
