import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { digestOf, partKey } from '../../model/identifiers.ts';
import type { Step } from '../../model/step.ts';
import { nextAct } from './next-act.ts';
import { attemptLimit, pauseSeconds } from './retry.ts';
import type { Rollout, RolloutState, StepRow, StepState } from './rollout.ts';
import { changedRow } from './step-change.ts';

const now = new Date('2026-03-01T12:00:00Z');
const later = new Date('2026-03-01T12:00:05Z');
const part = partKey('spark', 'settle');
const step: Step = { kind: 'upload', target: 'spark', part, blob: digestOf('x'), bundle: digestOf('y') };

function rollout(state: RolloutState, rows: (StepState | Partial<StepRow>)[]): Rollout {
  const steps = rows.map((row, index): StepRow => {
    const changes = typeof row === 'string' ? { state: row } : row;
    return { index, step, state: 'pending', attempts: 0, detail: 'why', notBefore: null, ...changes };
  });
  return { id: 'r', release: 'rel', environment: 'prod', plan: digestOf('p'), state, epoch: 1, steps };
}

describe('the next act, forward,', () => {
  const cases: [string, (StepState | Partial<StepRow>)[], ReturnType<typeof nextAct>][] = [
    ['is the first step', ['pending', 'pending'], { act: 'step', index: 0 }],
    ['is the first step that is not done', ['done', 'pending'], { act: 'step', index: 1 }],
    ['is a step that somebody began', ['done', 'intended', 'pending'], { act: 'step', index: 1 }],
    ['is to wait as long as the target asked', [{ state: 'waiting', notBefore: later }], { act: 'wait', until: later }],
    ['is to ask again after that', [{ state: 'waiting', notBefore: now }], { act: 'step', index: 0 }],
    [
      'is to wait before an unclear step is tried again',
      [{ state: 'errored', notBefore: later }],
      { act: 'wait', until: later },
    ],
    ['is to turn back from a clear no', ['done', 'failed'], { act: 'turn-back', because: 'step 2: why' }],
    [
      'is to finish when all is done',
      ['done', 'done'],
      { act: 'finish', state: 'done', because: 'every step is done' },
    ],
    ['is to finish when there is nothing to do', [], { act: 'finish', state: 'done', because: 'every step is done' }],
    [
      'is to give up what stays unclear',
      ['done', { state: 'errored', attempts: attemptLimit }],
      { act: 'finish', state: 'stuck', because: 'step 2: why' },
    ],
    [
      'is to give up a step at which every worker dies',
      [{ state: 'intended', attempts: attemptLimit }],
      { act: 'finish', state: 'stuck', because: 'step 1: why' },
    ],
  ];
  for (const [name, rows, act] of cases) {
    test(name, () => assert.deepEqual(nextAct(rollout('running', rows), now), act));
  }
});

describe('the next act, backward,', () => {
  const cases: [string, (StepState | Partial<StepRow>)[], ReturnType<typeof nextAct>][] = [
    ['is the failed step first', ['done', 'failed', 'pending'], { act: 'undo', index: 1 }],
    ['is then the last done one', ['done', 'done', 'undone', 'pending'], { act: 'undo', index: 1 }],
    [
      'is not held up by a pause of the way forward',
      [{ state: 'errored', notBefore: later }],
      { act: 'undo', index: 0 },
    ],
    [
      'is to wait for an undo under way',
      ['done', { state: 'undo-waiting', notBefore: later }],
      { act: 'wait', until: later },
    ],
    ['is to go on with an undo that somebody began', ['done', 'undo-intended'], { act: 'undo', index: 1 }],
    [
      'is to wait for a person when an undo is refused',
      ['done', 'undo-failed'],
      { act: 'finish', state: 'stuck', because: 'step 2: why' },
    ],
    [
      'is to finish when nothing is left of it',
      ['undone', 'undone', 'pending'],
      { act: 'finish', state: 'undone', because: 'every step that had begun is undone' },
    ],
  ];
  for (const [name, rows, act] of cases) {
    test(name, () => assert.deepEqual(nextAct(rollout('undoing', rows), now), act));
  }

  test('comes back to each begun step exactly once, from the last to the first', () => {
    const begun = fc.constantFrom<StepState>('done', 'failed', 'errored', 'intended', 'waiting', 'pending');
    fc.assert(
      fc.property(fc.array(begun, { maxLength: 12 }), (states) => {
        let current = rollout('undoing', states);
        const undone: number[] = [];
        for (let act = nextAct(current, now); act.act === 'undo'; act = nextAct(current, now)) {
          undone.push(act.index);
          const steps = current.steps.map((row) =>
            row.index === act.index ? { ...row, state: 'undone' as const } : row,
          );
          current = { ...current, steps };
        }
        const expected = states.flatMap((state, index) => (state === 'pending' ? [] : [index])).toReversed();
        assert.deepEqual(undone, expected);
      }),
    );
  });
});

test('an ended rollout stays as it ended', () => {
  for (const state of ['done', 'undone', 'stuck', 'abandoned'] as const) {
    assert.deepEqual(nextAct(rollout(state, ['intended']), now), {
      act: 'finish',
      state,
      because: 'the rollout has ended',
    });
  }
});

test('unclear attempts are counted in a row, with growing pauses', () => {
  const change = (row: StepRow, to: StepState) => changedRow(row, { to, detail: '', notBefore: null });
  const path: [StepState, number][] = [
    ['pending', 1],
    ['intended', 0],
    ['errored', 1],
    ['intended', 1],
    ['intended', 2],
    ['errored', 3],
    ['intended', 3],
    ['waiting', 0],
    ['errored', 1],
    ['undo-intended', 0],
    ['undo-errored', 1],
    ['undo-intended', 1],
    ['undone', 0],
  ];
  let row = rollout('running', ['pending']).steps[0];
  for (const [to, attempts] of path) {
    assert.ok(row);
    row = change(row, to);
    assert.deepEqual([to, row.attempts], [to, attempts]);
  }
  assert.deepEqual([1, 2, 3, 6, 7, 8].map(pauseSeconds), [5, 10, 20, 160, 300, 300]);
});
