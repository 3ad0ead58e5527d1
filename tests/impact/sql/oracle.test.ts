import assert from 'node:assert/strict';
import { test } from 'node:test';
import { judgePairs, tallyOf } from './oracle.ts';

/** `ORACLE_SEED=3 ORACLE_COUNT=5000 node --test tests/impact/sql/oracle.test.ts` looks at more pairs, and at others. */
const seed = Number(process.env.ORACLE_SEED ?? 11);
const count = Number(process.env.ORACLE_COUNT ?? 900);

test('on real data, no changed query is called safe that is not, and most harmless changes are', async (context) => {
  const { wronglySafe, wrongColumns, ...tally } = tallyOf(await judgePairs(seed, count));
  const told = ({ name, base, head, change, why }: (typeof wronglySafe)[number]) => ({ name, base, head, change, why });
  context.diagnostic(JSON.stringify({ ...tally, wronglySafe: wronglySafe.length, wrongColumns: wrongColumns.length }));
  assert.deepEqual(wronglySafe.map(told), []);
  assert.deepEqual(wrongColumns.map(told), []);
  assert.ok(tally.judged > count * 0.7, `${tally.judged} judged`);
  assert.ok(tally.decided / tally.harmless >= 0.5, `${tally.decided} of ${tally.harmless}`);
});
