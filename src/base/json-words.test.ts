import assert from 'node:assert/strict';
import { test } from 'node:test';
import { jsonWords, parseWithWrittenNumbers } from './json-words.ts';

test('layout does not count; what stands in quotes and how numbers are written does', () => {
  assert.equal(jsonWords('{ "a" : [1, 2],\n "b  c": "x \\" y" }'), '{"a":[1,2],"b  c":"x \\" y"}');
  for (const [one, other] of [
    ['1', '1.0'],
    ['9007199254740993', '9007199254740992'],
    ['{"2": 0, "1": 0}', '{"1": 0, "2": 0}'],
    ['"a b"', '"ab"'],
  ] as const) {
    assert.notEqual(jsonWords(one), jsonWords(other), one);
  }
});

test('what is no JSON has no words', () => {
  assert.equal(jsonWords('{"a": }'), null);
});

test('numbers are kept as written', () => {
  assert.deepEqual(parseWithWrittenNumbers('{"a": [1.0, "1.0"]}'), { a: [{ number: '1.0' }, '1.0'] });
});
