import type { Asset } from '../../../model/asset.ts';
import type { Resource } from './resources.ts';
import type { Side } from './side.ts';

/** An asset in both revisions with what is said of it there. */
export type Pair = {
  asset: Asset;
  base: { side: Side; resource: Resource };
  head: { side: Side; resource: Resource };
};
