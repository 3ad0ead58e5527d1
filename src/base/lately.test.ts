import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lately } from './lately.ts';

test('work is done once for the same things and lists of them, and again for others or when it is long ago', () => {
  let done = 0;
  const work = lately(2, (list: readonly object[], word: string) => ({ list, word, done: ++done }));
  const [a, b] = [{}, {}];
  const first = work([a, b], 'x');
  assert.equal(work([a, b], 'x'), first);
  for (const other of [work([b, a], 'x'), work([a, b], 'y'), work([a], 'x'), work([a, {}], 'x')])
    assert.notEqual(other, first);
  assert.equal(work([a, b], 'x').done, 6);
});
