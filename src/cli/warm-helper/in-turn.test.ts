import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { inTurn } from './in-turn.ts';

test('pieces of work take turns in the order of asking, also after one that fails', async () => {
  const turns = inTurn(5000);
  const seen: string[] = [];
  const work = (name: string) => async () => {
    seen.push(`${name} begins`);
    await sleep(5);
    seen.push(`${name} ends`);
    if (name === 'a') throw new Error('no');
    return name;
  };
  const all = await Promise.all(['a', 'b', 'c'].map((name) => turns.take(work(name))));
  assert.deepEqual(seen, ['a begins', 'a ends', 'b begins', 'b ends', 'c begins', 'c ends']);
  assert.deepEqual(all, [{ error: new Error('no') }, { result: 'b' }, { result: 'c' }]);
});

test('work whose turn does not come in time is never begun, and is told so without waiting for its turn', async () => {
  const turns = inTurn(20);
  let end: () => void = () => undefined;
  const long = turns.take(() => new Promise<void>((resolve) => (end = resolve)));
  let isBegun = false;
  const late = await turns.take(async () => {
    isBegun = true;
  });
  assert.deepEqual(late, { late: true });
  end();
  assert.deepEqual(await long, { result: undefined });
  assert.deepEqual(await turns.take(async () => 'next'), { result: 'next' });
  assert.equal(isBegun, false);
});
