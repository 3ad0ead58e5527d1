import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  emptyFrontier,
  emptyRoot,
  grow,
  inclusionPath,
  leafHash,
  nodeHash,
  rootFromPath,
  rootOf,
  treeRoot,
} from './merkle.ts';

const leavesOf = (texts: string[]) => texts.map((text) => leafHash(text));

test('the roots are those of RFC 6962', () => {
  assert.equal(emptyRoot.toString('hex'), 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
  assert.equal(leafHash('').toString('hex'), '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d');
  const [a, b, c] = [leafHash('a'), leafHash('b'), leafHash('c')];
  assert.deepEqual(treeRoot([a, b, c]), nodeHash(nodeHash(a, b), c));
});

test('a tree that grew leaf by leaf has the root of the whole', () => {
  fc.assert(
    fc.property(fc.array(fc.string(), { maxLength: 70 }), (texts) => {
      const leaves = leavesOf(texts);
      const grown = leaves.reduce(grow, emptyFrontier);
      assert.equal(grown.size, leaves.length);
      assert.deepEqual(rootOf(grown), treeRoot(leaves));
    }),
  );
});

test('every leaf is proven by its path, and by no other place, size or leaf', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.string(), { minLength: 2, maxLength: 40 }), fc.nat(), fc.nat(), (texts, a, b) => {
      const leaves = leavesOf(texts);
      const [index, other] = [a % leaves.length, b % leaves.length];
      const root = treeRoot(leaves);
      const path = inclusionPath(leaves, index);
      const leaf = leaves[index] ?? assert.fail();
      assert.deepEqual(rootFromPath({ leaf, index, size: leaves.length, path }), root);
      if (other === index) return;
      const wrongLeaf = leaves[other] ?? assert.fail();
      assert.notDeepEqual(rootFromPath({ leaf: wrongLeaf, index, size: leaves.length, path }), root);
      assert.notDeepEqual(rootFromPath({ leaf, index: other, size: leaves.length, path }), root);
    }),
  );
});
