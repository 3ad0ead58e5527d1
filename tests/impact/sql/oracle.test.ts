import assert from 'node:assert/strict';
import { test } from 'node:test';
import { asked } from '../asked.ts';
import { judgePairs, tallyOf } from './oracle.ts';

const { seed, count } = asked(0.68, { seed: 11, count: 900 });

test('on real data, no changed query is called safe that is not, and most harmless changes are', async (context) => {
  const { wronglySafe, wrongColumns, ...tally } = tallyOf(await judgePairs(seed, count));
  const told = ({ name, base, head, change, why }: (typeof wronglySafe)[number]) => ({ name, base, head, change, why });
  context.diagnostic(
    JSON.stringify({
      seed,
      asked: count,
      ...tally,
      wronglySafe: wronglySafe.length,
      wrongColumns: wrongColumns.length,
    }),
  );
  assert.deepEqual(wronglySafe.map(told), []);
  assert.deepEqual(wrongColumns.map(told), []);
  assert.ok(tally.judged > count * 0.7, `${tally.judged} judged`);
  assert.ok(tally.decided / tally.harmless >= 0.5, `${tally.decided} of ${tally.harmless}`);
});
