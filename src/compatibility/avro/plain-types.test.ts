import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compareAvro } from './compare-avro.ts';
import { isPlain, plainUnion } from './plain-types.ts';
import { readAvro } from './read-avro.ts';

function typeOf(...types: unknown[]) {
  const fields = types.map((type, index) => ({ name: `f${index}`, type }));
  return readAvro({ name: 'x', text: JSON.stringify({ type: 'record', name: 'R', fields }) }, []).root;
}

test('types that many places share are told at each of them', () => {
  const nullable = ['null', 'string'];
  const problems = compareAvro(typeOf('string', 'string', 'int'), typeOf(nullable, nullable, nullable));
  assert.deepEqual(
    problems.map(({ path }) => path),
    ['$.f0', '$.f1', '$.f2', '$.f2'],
  );
});

test('only unions of different primitives are shared', () => {
  assert.equal(plainUnion(['null', 'int']), plainUnion(['null', 'int']));
  assert.notEqual(plainUnion(['null', 'int']), plainUnion(['int', 'null']));
  for (const names of [
    ['null', 'null'],
    ['null', 'R'],
    ['null', { type: 'int' }],
  ])
    assert.equal(plainUnion(names), null);
  assert.equal(isPlain(typeOf('int')), false);
});
