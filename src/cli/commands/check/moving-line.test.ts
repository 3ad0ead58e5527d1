import assert from 'node:assert/strict';
import { test } from 'node:test';
import { movingLine } from './moving-line.ts';

test('the line tells how far it is, and how long what takes long has taken', () => {
  const line = movingLine();
  assert.equal(line.text(0), '');
  line.hear({ done: 0, total: 3, check: 'a', reused: 0, running: ['a x'] }, 0);
  assert.equal(line.text(900), '0 of 3 done: a x');
  line.hear({ done: 1, total: 3, check: 'b', reused: 1, running: ['b y', 'a x'] }, 60_000);
  assert.equal(line.text(61_000), '1 of 3 done, 1 known already: a x (61 s), b y');
  line.hear({ done: 3, total: 3, check: 'a', reused: 1, running: [] }, 62_000);
  assert.equal(line.text(62_000), '3 of 3 done, 1 known already');
});
