import assert from 'node:assert/strict';
import { test } from 'node:test';
import { replyOf, requestOf } from './protocol.ts';

test('replies are taken as they are', () => {
  const replies = [
    { kind: 'taken' },
    { kind: 'beat' },
    { kind: 'say', how: 'out', text: '{}\n' },
    { kind: 'exit', exit: 1 },
    { kind: 'exit', exit: { child: 7 } },
    { kind: 'no', why: 'it is busy', leaves: false },
  ];
  assert.deepEqual(replies.map(replyOf), replies);
});

test('what is no reply or request is null, so that nothing of it is believed', () => {
  const odd = [
    null,
    1,
    'exit',
    [],
    {},
    { kind: 'exit' },
    { kind: 'exit', exit: '0' },
    { kind: 'say', how: 'shout', text: '' },
  ];
  assert.deepEqual(
    odd.map(replyOf),
    odd.map(() => null),
  );
  const requests = [null, {}, { words: ['check'] }, { words: ['check'], arguments: [], cwd: 1 }];
  assert.deepEqual(
    requests.map(requestOf),
    requests.map(() => null),
  );
});
