import assert from 'node:assert/strict';
import { test } from 'node:test';
import { judgePairs, tallyOf } from './oracle.ts';

test('on real data, no changed query is called safe that is not, and most harmless changes are', async () => {
  const tally = tallyOf(await judgePairs(11, 900));
  const told = ({ name, base, head, change, why }: (typeof tally.wronglySafe)[number]) => ({
    name,
    base,
    head,
    change,
    why,
  });
  assert.deepEqual(tally.wronglySafe.map(told), []);
  assert.deepEqual(tally.wrongColumns.map(told), []);
  assert.ok(tally.judged > 700, `${tally.judged} judged`);
  assert.ok(tally.decided / tally.harmless >= 0.5, `${tally.decided} of ${tally.harmless}`);
});
