import assert from 'node:assert/strict';
import { test } from 'node:test';
import { beginAnswer, oncePerAnswer } from './once-per-answer.ts';

test('what was looked up is looked up again for the next answer alone', () => {
  let asked = 0;
  const version = oncePerAnswer(() => ++asked);
  assert.deepEqual([version(), version()], [1, 1]);
  beginAnswer();
  assert.deepEqual([version(), version()], [2, 2]);
});
