import assert from 'node:assert/strict';
import { test } from 'node:test';
import { folderOf, joinPath } from './join-path.ts';

test('paths are joined inside the project and never leave it', () => {
  assert.equal(joinPath('a/b', '../c.txt'), 'a/c.txt');
  assert.equal(joinPath('', './x//y'), 'x/y');
  assert.equal(joinPath('a', '../../../etc/passwd'), 'etc/passwd');
  assert.equal(folderOf('a/b/c.py'), 'a/b');
  assert.equal(folderOf('c.py'), '');
});
