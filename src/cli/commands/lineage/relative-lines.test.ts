import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stripVTControlCharacters } from 'node:util';
import { lineageOf } from '../../../delivery/catalog/lineage.ts';
import type { EdgeKind } from '../../../model/asset.ts';
import { assetKey } from '../../../model/identifiers.ts';
import { relativeLines } from './relative-lines.ts';

const key = (name: string) => assetKey('dbt:model', name);

function treeOf(...edges: [from: string, to: string, kind?: EdgeKind][]): string[] {
  const { relatives } = lineageOf({
    ...{ key: key('a'), direction: 'down', depth: null, assets: [] },
    edges: edges.map(([from, to, kind = 'feeds']) => ({ from: key(from), to: key(to), kind })),
  });
  return relativeLines(key('a'), relatives).map((line) => stripVTControlCharacters(line).replaceAll('dbt:model/', ''));
}

test('each asset stands once, below the one that leads to it', () => {
  assert.deepEqual(treeOf(['a', 'b'], ['a', 'c'], ['b', 'd'], ['c', 'd'], ['d', 'a'], ['c', 'e', 'triggers']), [
    '  b',
    '    d',
    '  c',
    '    e  triggers',
  ]);
});

test('an asset without relatives says so', () => {
  assert.deepEqual(treeOf(['b', 'c']), ['  nothing in this project']);
});
