import type { Asset, Edge } from '../../model/asset.ts';
import type { AssetChange } from '../../model/change.ts';
import type { AssetColumns } from '../../model/columns.ts';
import type { Finding } from '../../model/finding.ts';
import type { AssetKey } from '../../model/identifiers.ts';
import type { Catalog } from '../catalog/catalog.ts';
import { byEffectThenKey, gatherChanges } from './gather-changes.ts';
import type { Impact } from './impact.ts';
import { spread } from './spread.ts';

type Graph = Pick<Catalog, 'assets' | 'edges'>;

export type AssessInput = {
  base: Graph;
  head: Graph;
  /** What the targets answered of the parts that differ. */
  answers: readonly AssetChange[];
  /** What is known so far of the columns that assets read in the head. */
  columns: ReadonlyMap<AssetKey, AssetColumns>;
  findings: readonly Finding[];
};

/** `asked`: assets whose columns are not in the input and could make the answer more exact. */
export type Assessment = { impact: Impact; asked: AssetKey[] };

/** Decides what a change does: to the assets that differ, and over the edges of both revisions to everything else. */
export function assessImpact(input: AssessInput): Assessment {
  const changed = gatherChanges({ base: input.base.assets, head: input.head.assets, answers: input.answers });
  const edges = edgesOf(input.base.edges, input.head.edges);
  const { reached, asked } = spread({ changed, edges, columnsOf: (key) => input.columns.get(key) ?? null });
  const assets = assetsOf(
    new Set(reached.map(({ key }) => key)),
    input.base.assets === input.head.assets ? [input.head] : [input.base, input.head],
  );
  return {
    impact: {
      changed,
      reached: reached
        .map((one) => {
          const asset = assets.get(one.key);
          return { ...one, owner: asset?.owner ?? null, serviceLevel: asset?.serviceLevel ?? null };
        })
        .sort(byEffectThenKey),
      findings: [...input.findings],
    },
    asked: asked.filter((key) => !input.columns.has(key)),
  };
}

const joined = new WeakMap<readonly Edge[], { base: readonly Edge[]; edges: readonly Edge[] }>();

/** The edges of both; the same list for the same two. */
function edgesOf(base: readonly Edge[], head: readonly Edge[]): readonly Edge[] {
  if (base === head) return head;
  const known = joined.get(head);
  if (known?.base === base) return known.edges;
  const edges = [...base, ...head];
  joined.set(head, { base, edges });
  return edges;
}

/** The latest one says. */
function assetsOf(wanted: ReadonlySet<AssetKey>, graphs: readonly Graph[]): Map<AssetKey, Asset> {
  const found = new Map<AssetKey, Asset>();
  for (const { assets } of graphs) for (const asset of assets) if (wanted.has(asset.key)) found.set(asset.key, asset);
  return found;
}
