import assert from 'node:assert/strict';
import { test } from 'node:test';
import { answerTo } from './run-expectations.ts';
import { answerOf } from './run-mypy.ts';

const problem = JSON.stringify({ file: 'a.py', line: 1, message: 'no', code: 'name-defined', severity: 'error' });

function mypySaid(status: number | null, out: string, more: { failure?: string; truncated?: boolean } = {}) {
  const said = answerOf({ status, failure: null, out, err: '', truncated: false, ...more });
  return 'failed' in said ? said.failed : said.length;
}

test('mypy that was ended, or says that there is something and not what, has given no answer', () => {
  assert.equal(mypySaid(0, ''), 0);
  assert.equal(mypySaid(1, `${problem}\n`), 1);
  assert.equal(mypySaid(2, `${problem}\n`), 1);
  assert.equal(mypySaid(1, ''), 'it ended with 1 and said nothing');
  assert.equal(mypySaid(2, 'mypy: error: no such option\n'), 'mypy: error: no such option');
  assert.equal(mypySaid(null, `${problem}\n`, { failure: 'it was ended by SIGKILL' }), 'it was ended by SIGKILL');
  assert.match(String(mypySaid(1, `${problem}\n`, { truncated: true })), /more than can be taken in/);
});

test('expectations without a result have not held', () => {
  const suites = [{ path: 's.json', data: '/d.csv', expectations: [0, 1].map(() => ({ type: 'x', kwargs: {} })) }];
  const result = (index: number) => ({ path: 's.json', index, success: true, said: '' });
  const told = (...results: object[]) => answerTo(suites, JSON.stringify({ results }));
  assert.deepEqual(told(result(0), result(1)), [result(0), result(1)]);
  assert.deepEqual(told(result(1)), { failed: 'it says nothing of 1 of 2 expectations' });
  assert.deepEqual(told(), { failed: 'it says nothing of 2 of 2 expectations' });
  assert.deepEqual(answerTo(suites, ''), { failed: 'it ended without an answer' });
});
