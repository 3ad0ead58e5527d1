import type { Asset, Edge } from './asset.ts';
import type { Environment } from './environment.ts';
import type { AssetKey, Digest, PartKey, UnitKey } from './identifiers.ts';
import type { JsonObject } from './json.ts';

/**
 * A piece of a part that can be switched by itself. `fingerprint` hashes all that decides what it does,
 * so an equal fingerprint needs no switch. `facts` is for its target alone (an Airflow unit: source, DAG ids, graph digests).
 */
export type BundleUnit = { unit: UnitKey; fingerprint: Digest; assets: AssetKey[]; facts: JsonObject };

/** One part of the bundle: a blob with its files, repo-relative paths kept. `settings` is the part's entry of headgate.yaml. */
export type BundlePart = {
  part: PartKey;
  target: string;
  name: string;
  blob: Digest;
  bytes: number;
  files: number;
  settings: JsonObject;
  units: BundleUnit[];
};

/** What the bundle is, as its config blob says it. The bundle's digest is the digest of the OCI manifest that names this. */
export type BundleContent = {
  version: 1;
  project: string;
  parts: BundlePart[];
  environments: Environment[];
  assets: Asset[];
  edges: Edge[];
  lock: Digest | null;
};
