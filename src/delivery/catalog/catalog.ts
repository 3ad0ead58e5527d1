import type { Asset, Edge } from '../../model/asset.ts';
import type { Finding } from '../../model/finding.ts';
import type { PartKey } from '../../model/identifiers.ts';
import type { Discovery } from '../../targets/contract.ts';

/** Everything a project delivers or depends on. Assets are sorted by key, each key once; edges are sorted and unique. */
export type Catalog = {
  assets: Asset[];
  edges: Edge[];
  findings: Finding[];
  /** What each part's target found, before owners and service levels of headgate.yaml were put on. */
  discoveries: Map<PartKey, Discovery>;
};
