import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { failed, skipped } from '../../../model/check-finding.ts';
import type { TestOutcome } from '../../../model/check-running.ts';
import type { Finding } from '../../../model/finding.ts';
import { flakyScore, type TestRun, withRuns } from './history.ts';
import { type Attempt, mergeAttempts, stillFailing } from './merge-attempts.ts';

const finding = (message: string) => failed('pytest', { message, hint: null });
const attempt = (tests: { [test: string]: Finding | null }): Attempt => ({
  findings: Object.values(tests).filter((one) => one !== null),
  outcomes: Object.entries(tests).map(([name, one]): TestOutcome => {
    return { test: name, outcome: one === null ? 'passed' : 'failed', seconds: 1, finding: one };
  }),
});

test('what fails and then passes is flaky with both outcomes; what fails again stays failed', () => {
  const first = attempt({ a: finding('a broke.'), b: finding('b broke.'), c: null });
  const second = attempt({ a: null, b: finding('b broke otherwise.') });
  assert.deepEqual(stillFailing([first], 'pytest'), ['a', 'b']);
  assert.deepEqual(stillFailing([first, second], 'pytest'), ['b']);
  const told = mergeAttempts([first, second], 'pytest');
  assert.deepEqual(
    told.map(({ status, message }) => [status, message]),
    [
      ['flaky', 'a broke. It failed first and then passed when it was run again, with the same inputs.'],
      ['failed', 'b broke.'],
    ],
  );
});

test('a check that tells of no tests is one test by itself', () => {
  const note = skipped('own', 'One file was left out.');
  const first = { findings: [finding('x'), note, finding('y')], outcomes: [] };
  assert.deepEqual(stillFailing([first], 'own'), ['own']);
  const again = { findings: [finding('x')], outcomes: [] };
  assert.deepEqual(mergeAttempts([first, again], 'own'), first.findings);
  const passed = { findings: [note], outcomes: [] };
  assert.deepEqual(
    mergeAttempts([first, again, passed], 'own').map(({ status }) => status),
    ['flaky', 'skipped', 'flaky'],
  );
});

test('a failure is never lost, whatever comes after it', () => {
  const outcome = fc.constantFrom<'passed' | 'failed'>('passed', 'failed');
  fc.assert(
    fc.property(fc.array(fc.record({ a: outcome, b: outcome }), { minLength: 1, maxLength: 4 }), (runs) => {
      const made = runs.map((run) =>
        attempt({ a: run.a === 'failed' ? finding('a') : null, b: run.b === 'failed' ? finding('b') : null }),
      );
      const told = mergeAttempts(made, 'pytest');
      assert.equal(told.length, made[0]?.findings.length);
      assert.ok(told.every(({ status }) => status === 'failed' || status === 'flaky'));
    }),
  );
});

const run = (inputs: string | null, outcome: TestRun['outcome'], minute: number): TestRun => ({
  ...{ inputs, outcome, at: `2025-01-01T00:${String(minute).padStart(2, '0')}:00Z` },
});

test('another outcome with the same inputs proves it; with other inputs it proves nothing', () => {
  assert.equal(flakyScore({ runs: [run('a', 'passed', 1), run('b', 'failed', 2), run('b', 'failed', 3)] }), null);
  assert.equal(flakyScore({ runs: [run(null, 'passed', 1), run(null, 'failed', 2)] }), null);
  assert.deepEqual(flakyScore({ runs: [run('a', 'passed', 1), run('b', 'failed', 2), run('b', 'passed', 3)] }), {
    ...{ score: 1, proven: true, evidence: [{ inputs: 'b', passed: 1, failed: 1 }] },
    ...{ firstSeen: '2025-01-01T00:02:00Z', lastSeen: '2025-01-01T00:03:00Z' },
  });
});

test('the score grows with how often two runs differ', () => {
  const rare = [run('a', 'failed', 0), ...Array.from({ length: 9 }, (_, index) => run('a', 'passed', index + 1))];
  const often = Array.from({ length: 10 }, (_, index) => run('a', index % 2 === 0 ? 'failed' : 'passed', index));
  assert.equal(flakyScore({ runs: rare })?.score, 0.2);
  assert.equal(flakyScore({ runs: often })?.score, 0.56);
});

test('of a test that never failed only the last run is kept, of others the last forty', () => {
  const history = { check: 'pytest', subject: null, test: 'a', runs: [] };
  const passes = Array.from({ length: 5 }, (_, index) => run('a', 'passed', index));
  assert.deepEqual(withRuns(history, passes).runs, passes.slice(-1));
  const many = Array.from({ length: 59 }, (_, index) => run('a', index === 30 ? 'failed' : 'passed', index));
  assert.equal(withRuns(history, many).runs.length, 40);
  assert.deepEqual(withRuns(withRuns(history, many), many.slice(-40)).runs.length, 40);
});
