import type { Asset } from '../../model/asset.ts';
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
  const [edges, before] = [input.head.edges, input.base.edges];
  const others = before === edges ? [] : [before];
  const { reached, asked } = spread({ changed, edges, others, columnsOf: (key) => input.columns.get(key) ?? null });
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

/** The latest one says. */
function assetsOf(wanted: ReadonlySet<AssetKey>, graphs: readonly Graph[]): Map<AssetKey, Asset> {
  const found = new Map<AssetKey, Asset>();
  for (const { assets } of graphs) {
    const byKey = byKeyOf(assets);
    for (const key of wanted) {
      const asset = byKey.get(key);
      if (asset !== undefined) found.set(key, asset);
    }
  }
  return found;
}

const keysKnown = new WeakMap<readonly Asset[], ReadonlyMap<AssetKey, Asset>>();

/** Worked out once for a list. */
function byKeyOf(assets: readonly Asset[]): ReadonlyMap<AssetKey, Asset> {
  const known = keysKnown.get(assets) ?? new Map(assets.map((asset) => [asset.key, asset]));
  keysKnown.set(assets, known);
  return known;
}
