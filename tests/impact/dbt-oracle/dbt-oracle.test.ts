import assert from 'node:assert/strict';
import { test } from 'node:test';
import { asked } from '../asked.ts';
import { judgeMutations } from './oracle.ts';

/** `ORACLE_SHOW=1` tells of each. */
const { seed, count } = asked(0.2, { seed: 2, count: 20 });

test('nothing is called safe that dbt compiles or builds in another way, or that gives another result', async (context) => {
  const { wrong, unsaid, undecided: _undecided, ...tally } = await judgeMutations(seed, count);
  context.diagnostic(JSON.stringify({ ...tally, wrong: wrong.length, unsaid: unsaid.length }));
  assert.deepEqual(wrong, []);
  assert.deepEqual(unsaid, []);
  assert.ok(tally.harmless < tally.judged, 'dbt makes something else of none of them');
  assert.ok(tally.judged > count / 3, `${tally.judged} of ${count} judged, ${tally.refused} refused by dbt`);
  assert.ok(tally.decided >= tally.harmless / 2, `${tally.decided} of ${tally.harmless} harmless ones are decided`);
});
