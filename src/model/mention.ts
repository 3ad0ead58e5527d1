import type { Asset, Edge } from './asset.ts';
import { storageKey, tableKey } from './data-keys.ts';
import { type AssetKey, kindOf, parseAssetKey } from './identifiers.ts';

/** An asset that something refers to and nothing in the project defines: it has no part and no place. */
export function mention(key: AssetKey, exactness: Asset['exactness'] = 'static'): Asset {
  const kind = kindOf(key);
  return {
    key,
    kind,
    name: key.slice(kind.length + 1),
    part: null,
    path: null,
    line: null,
    owner: null,
    serviceLevel: null,
    sensitivity: [],
    exactness,
    facts: {},
  };
}

/** What `key` reads feeds it, and it feeds what it writes; with the mentions of both. */
export function dataAccess(
  key: AssetKey,
  access: { reads: readonly AssetKey[]; writes: readonly AssetKey[] },
): { assets: Asset[]; edges: Edge[] } {
  return {
    assets: [...new Set([...access.reads, ...access.writes])].map((other) => mention(other)),
    edges: [
      ...access.reads.map((from): Edge => ({ from, to: key, kind: 'feeds' })),
      ...access.writes.map((to): Edge => ({ from: key, to, kind: 'feeds' })),
    ],
  };
}

/** The texts that are asset keys; those of tables, topics and paths as everybody else writes them. */
export function assetKeysIn(texts: readonly string[]): AssetKey[] {
  return texts.flatMap((text) => {
    const key = parseAssetKey(text);
    if (key === null) return [];
    const name = key.slice(kindOf(key).length + 1);
    if (kindOf(key) === 'warehouse:table') return tableKey(name) ?? key;
    return kindOf(key) === 'storage:path' ? (storageKey(name) ?? key) : key;
  });
}
