import type { ServiceLevel } from '../../model/asset.ts';
import type { AssetChange, Effect } from '../../model/change.ts';
import type { Finding } from '../../model/finding.ts';
import type { AssetKey } from '../../model/identifiers.ts';

/**
 * An asset that a change reaches. `effect` is the worst that arrives there and `because` says how, in one sentence; `none`: a change lies
 * upstream, and what this asset reads stays as it was. `via`: the keys from the changed asset to it, the shortest such way.
 */
export type ReachedAsset = {
  key: AssetKey;
  effect: Effect;
  because: string;
  via: AssetKey[];
  owner: string | null;
  serviceLevel: ServiceLevel | null;
};

/** What a change does. Both lists are sorted: worst first, then by key. */
export type Impact = { changed: AssetChange[]; reached: ReachedAsset[]; findings: Finding[] };
