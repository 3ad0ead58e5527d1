import type { Edge, EdgeKind } from '../../model/asset.ts';
import type { AssetKey } from '../../model/identifiers.ts';

/** One asset that a change reaches, and the keys on the way there: the changed one first, its own last. */
export type Reached = { key: AssetKey; via: AssetKey[] };

/**
 * Along which edges a change travels, and which way. Data flows from `from` to `to`; a DAG that runs something is
 * changed when that changes, so `runs` is followed backwards too.
 */
const travels: { [Kind in EdgeKind]: readonly ('along' | 'against')[] } = {
  feeds: ['along'],
  triggers: ['along'],
  waits: ['along'],
  describes: ['along'],
  makes: ['along'],
  runs: ['against'],
  configures: [],
};

/**
 * Every asset that the changed ones reach, by the shortest path, the changed ones themselves left out.
 * Cycles end where they began. Order: nearest first, then by key.
 */
export function reach(changed: readonly AssetKey[], edges: readonly Edge[]): Reached[] {
  const next = neighbours(edges);
  const paths = new Map<AssetKey, AssetKey[]>([...changed].sort().map((key) => [key, [key]]));
  const queue = [...paths.keys()];
  for (let at = queue.shift(); at !== undefined; at = queue.shift()) {
    for (const key of next.get(at) ?? []) {
      if (paths.has(key)) continue;
      paths.set(key, [...(paths.get(at) ?? []), key]);
      queue.push(key);
    }
  }
  const starts = new Set(changed);
  return [...paths].filter(([key]) => !starts.has(key)).map(([key, via]) => ({ key, via }));
}

function neighbours(edges: readonly Edge[]): Map<AssetKey, AssetKey[]> {
  const next = new Map<AssetKey, AssetKey[]>();
  const add = (from: AssetKey, to: AssetKey) => next.set(from, [...(next.get(from) ?? []), to]);
  for (const { from, to, kind } of edges) {
    if (travels[kind].includes('along')) add(from, to);
    if (travels[kind].includes('against')) add(to, from);
  }
  for (const keys of next.values()) keys.sort();
  return next;
}
