import type { Asset, Edge, EdgeKind } from '../../model/asset.ts';
import type { AssetKey } from '../../model/identifiers.ts';

export type Direction = 'up' | 'down';

/**
 * An asset of a lineage, and how many edges away. `nearer`: the asset before it on a shortest way, `through`: the kind of the edge
 * between the two.
 */
export type Relative = {
  key: AssetKey;
  distance: number;
  nearer: AssetKey;
  through: EdgeKind;
  owner: string | null;
  path: string | null;
};

/**
 * What `key` is made from (`up`) or what depends on it (`down`), nearest first, then by key; along edges of every kind, at most
 * `depth` of them (null: all the way). The asset itself is not in it, circles or not.
 */
export function lineageOf(input: {
  key: AssetKey;
  direction: Direction;
  depth: number | null;
  assets: readonly Asset[];
  edges: readonly Edge[];
}): { relatives: Relative[]; edges: Edge[] } {
  const { key, direction, edges } = input;
  const [near, far] = direction === 'up' ? (['to', 'from'] as const) : (['from', 'to'] as const);
  const byNear = Map.groupBy(edges, (edge) => edge[near]);
  const byKey = new Map(input.assets.map((asset) => [asset.key, asset]));
  const found = new Map<AssetKey, Relative>();
  const used: Edge[] = [];
  let level = [key];
  for (let distance = 1; level.length > 0 && distance <= (input.depth ?? Number.POSITIVE_INFINITY); distance += 1) {
    const next: AssetKey[] = [];
    for (const edge of level.flatMap((at) => byNear.get(at) ?? [])) {
      used.push(edge);
      const other = edge[far];
      if (other === key || found.has(other)) continue;
      const asset = byKey.get(other);
      found.set(other, {
        key: other,
        distance,
        nearer: edge[near],
        through: edge.kind,
        owner: asset?.owner ?? null,
        path: asset?.path ?? null,
      });
      next.push(other);
    }
    level = next.sort();
  }
  const relatives = [...found.values()].sort((a, b) => a.distance - b.distance || (a.key < b.key ? -1 : 1));
  return { relatives, edges: [...new Set(used)] };
}
