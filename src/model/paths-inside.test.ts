import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { isInside } from './path-schema.ts';
import { pathsInside } from './paths-inside.ts';

test('the paths inside a folder are those that looking at each one finds', () => {
  const name = fc.constantFrom('a', 'a-b', 'a.b', 'ab', 'A', '0', '~', 'é');
  const path = fc.array(name, { minLength: 1, maxLength: 3 }).map((names) => names.join('/'));
  fc.assert(
    fc.property(fc.uniqueArray(path), path, (paths, folder) => {
      const sorted = paths.toSorted((a, b) => (a < b ? -1 : 1));
      const entries = sorted.map((one) => ({ path: one, size: 0, executable: false }));
      assert.deepEqual(
        pathsInside(entries, folder),
        sorted.filter((one) => one !== folder && isInside(one, folder)),
      );
      assert.deepEqual(pathsInside(entries, ''), sorted);
    }),
  );
});
