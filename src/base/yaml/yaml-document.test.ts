import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readYaml, readYamlDocuments } from './yaml-document.ts';

test('values keep the lines of their keys, also in lists', () => {
  const yaml = readYaml('a: 1\nb:\n  - c: 2\n  - d: 3\n');
  assert.deepEqual(yaml.value, { a: 1, b: [{ c: 2 }, { d: 3 }] });
  assert.deepEqual(
    [yaml.lineOf(['a']), yaml.lineOf(['b', 1]), yaml.lineOf(['b', 1, 'd']), yaml.lineOf(['b', 1, 'gone'])],
    [1, 4, 4, 4],
  );
});

test('of two equal keys the last one counts, and both are told', () => {
  const yaml = readYaml('a: 1\na: 2\n');
  assert.deepEqual(yaml.value, { a: 2 });
  assert.deepEqual(yaml.problems, [{ line: 2, message: 'Map keys must be unique' }]);
});

test('hostile texts end quickly with a problem', () => {
  const bomb = `a0: &a0 [x, x]\n${Array.from({ length: 40 }, (_, index) => `a${index + 1}: &a${index + 1} [*a${index}, *a${index}]`).join('\n')}\n`;
  for (const text of ['{'.repeat(500), '['.repeat(100_000), '? '.repeat(60), bomb, '{{{{{{a: 1}}}}}}']) {
    const before = process.cpuUsage();
    const yaml = readYaml(text);
    // Of this process alone, so that a busy machine does not count; without a limit it would be minutes.
    assert.ok(process.cpuUsage(before).user < 10_000_000, text.slice(0, 20));
    assert.ok(yaml.problems.length > 0, text.slice(0, 20));
  }
});

test('each document of a text is read', () => {
  assert.deepEqual(
    readYamlDocuments('a: 1\n---\nb: 2\n').map((one) => one.value),
    [{ a: 1 }, { b: 2 }],
  );
});
