import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Asset } from '../../model/asset.ts';
import { assetKey, partKey } from '../../model/identifiers.ts';
import type { JsonObject } from '../../model/json.ts';
import { mention } from '../../model/mention.ts';
import { observedEdges, observedFindings, observedJobs } from './observed-jobs.ts';

function own(kind: string, name: string): Asset {
  return { ...mention(assetKey(kind, name)), part: partKey('p', 'p'), path: 'x.py' };
}

function seen(name: string, observes: JsonObject): Asset {
  const given = {
    key: null,
    dags: [],
    names: [],
    reads: ['warehouse:table/raw.a'],
    writes: ['kafka:topic/b'],
    ...observes,
  };
  return { ...own('openlineage:job', name), facts: { observes: given } };
}

const settle = own('spark:job', 'settle-orders');
const daily = own('airflow:dag', 'daily');

test('a job is the asset of its first name that one alone has, and what was seen goes through it', () => {
  const observed = observedJobs([
    settle,
    daily,
    seen('a', { names: ['Settle Orders'], dags: ['daily'] }),
    seen('b', { names: ['other'], dags: ['other', 'daily'] }),
    seen('c', { key: 'spark:job/settle-orders', names: ['daily'] }),
    seen('d', { key: 'spark:job/gone' }),
    seen('e', { names: ['nobody'] }),
  ]);
  assert.deepEqual(
    observed.map(({ of }) => of),
    [settle.key, daily.key, settle.key, null, null],
  );
  assert.deepEqual(observedEdges(observed.slice(0, 1)), [
    { from: 'warehouse:table/raw.a', to: settle.key, kind: 'feeds' },
    { from: settle.key, to: 'kafka:topic/b', kind: 'feeds' },
  ]);
  assert.equal(observedEdges(observed.slice(4))[0]?.to, 'openlineage:job/e');
  assert.deepEqual(
    observedFindings(observed).map(({ message }) => message),
    [
      'Runs of `d` were seen, which headgate.yaml says is `spark:job/gone`, and no asset has that key.',
      'Runs of `e` were seen, and no asset has such a name.',
    ],
  );
});

test('a name that several have is not guessed', () => {
  const twin = own('streaming:query', 'settle_orders');
  const observed = observedJobs([settle, twin, seen('a', { names: ['settle_orders'] })]);
  assert.deepEqual(observed[0]?.of, null);
  assert.match(observedFindings(observed)[0]?.message ?? '', /may be each of `spark:job.*`, `streaming:query/);
});
