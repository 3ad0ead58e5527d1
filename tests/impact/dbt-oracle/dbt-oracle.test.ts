import assert from 'node:assert/strict';
import { test } from 'node:test';
import { judgeMutations } from './oracle.ts';

/** `ORACLE_SEED=3 ORACLE_COUNT=500 node --test tests/impact/dbt-oracle/dbt-oracle.test.ts` looks at more changes, and at others; `ORACLE_SHOW=1` tells of each. */
const seed = Number(process.env.ORACLE_SEED ?? 2);
const count = Number(process.env.ORACLE_COUNT ?? 8);

test('nothing is called safe that dbt compiles or builds in another way', async (context) => {
  const { wrong, unsaid, undecided: _undecided, ...tally } = await judgeMutations(seed, count);
  context.diagnostic(JSON.stringify({ ...tally, wrong: wrong.length, unsaid: unsaid.length }));
  assert.deepEqual(wrong, []);
  assert.deepEqual(unsaid, []);
  assert.ok(tally.harmless < tally.judged, 'dbt makes something else of none of them');
  assert.ok(tally.judged > count / 3, `${tally.judged} of ${count} judged, ${tally.refused} refused by dbt`);
});
