import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type Load, parseShard, partition } from './partition.ts';

const loads = fc.uniqueArray(fc.record({ key: fc.string({ minLength: 1 }), seconds: fc.nat(600) }), {
  selector: ({ key }) => key,
  maxLength: 60,
});

test('all shards together are everything, and nothing is in two, in whatever order it is told', () => {
  fc.assert(
    fc.property(loads, fc.integer({ min: 1, max: 12 }), (all: Load[], of) => {
      const { shards, cut } = partition(all, of);
      assert.equal(shards.length, of);
      assert.deepEqual(shards.flatMap((shard) => [...shard]).sort(), all.map(({ key }) => key).sort());
      assert.deepEqual(partition([...all].reverse(), of), { shards, cut });
    }),
  );
});

test('no shard has more than the fair share and one longest', () => {
  fc.assert(
    fc.property(loads, fc.integer({ min: 1, max: 6 }), (all: Load[], of) => {
      const seconds = new Map(all.map((load) => [load.key, load.seconds]));
      const sums = partition(all, of).shards.map((shard) =>
        [...shard].reduce((sum, key) => sum + (seconds.get(key) ?? 0), 0),
      );
      const fair = all.reduce((sum, load) => sum + load.seconds, 0) / of;
      assert.ok(Math.max(...sums) <= fair + Math.max(0, ...all.map((load) => load.seconds)));
    }),
  );
});

test('a shard is written i/n, from 1', () => {
  assert.deepEqual(parseShard('2/4'), { index: 2, of: 4 });
  for (const wrong of ['0/4', '5/4', '1', '1/0', 'a/b', '-1/2', '1/2/3']) assert.equal(parseShard(wrong), null);
});
