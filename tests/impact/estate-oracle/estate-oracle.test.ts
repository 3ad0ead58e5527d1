import assert from 'node:assert/strict';
import { test } from 'node:test';
import { asked } from '../asked.ts';
import { judgeEstate } from './oracle.ts';

const { seed, count } = asked(0.12, { seed: 7, count: 16 });

test('of the whole example, nothing is called safe that Airflow, Python or the data of a file tell apart', async (context) => {
  const { wrong, undecided: _undecided, layers } = await judgeEstate(seed, count);
  const sum = Object.values(layers).reduce(
    (so, one) => ({
      judged: so.judged + one.judged,
      harmless: so.harmless + one.harmless,
      decided: so.decided + one.decided,
    }),
    { judged: 0, harmless: 0, decided: 0 },
  );
  context.diagnostic(JSON.stringify({ seed, asked: count, ...sum, wrong: wrong.length, layers }));
  assert.deepEqual(wrong, []);
  assert.ok(sum.judged > count / 2, `${sum.judged} of ${count} judged`);
  assert.ok(sum.harmless < sum.judged, 'some of them mean something');
  assert.ok(sum.decided >= sum.harmless / 2, `${sum.decided} of ${sum.harmless} harmless ones are decided`);
});
