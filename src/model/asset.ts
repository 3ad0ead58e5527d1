import type { AssetKey, PartKey } from './identifiers.ts';
import type { JsonObject } from './json.ts';

/** When the data of an asset must be there. `every` and `within` are durations such as `1h`; `by` is `HH:MM Zone`. */
export type ServiceLevel = { every: string | null; within: string | null; by: string | null };

/**
 * One thing that is delivered or depended on.
 * `path` is relative to the project's root with forward slashes, `line` starts at 1.
 * `exactness` says who read it: `static` from the text alone, `exact` by the real Airflow or dbt,
 * `assumed` by the real one with stand-ins for modules that are not installed.
 * `facts` is what its target knows of it (schedule, tasks, columns ...), as plain JSON.
 */
export type Asset = {
  key: AssetKey;
  kind: string;
  name: string;
  part: PartKey | null;
  path: string | null;
  line: number | null;
  owner: string | null;
  serviceLevel: ServiceLevel | null;
  sensitivity: string[];
  exactness: 'static' | 'exact' | 'assumed';
  facts: JsonObject;
};

/**
 * Data or control goes from `from` to `to`. `feeds`: data of `from` is read by `to`;
 * `runs`: the DAG `from` runs `to`; `triggers`: the end of `from` starts `to`; `waits`: `to` waits for `from`;
 * `describes`: the contract or schema `from` describes `to`; `makes`: the Terraform resource `from` makes `to`;
 * `configures`: `to` is set up with `from`, a value of the environments or a stack. What that does is said of `to` itself.
 */
export const edgeKinds = ['feeds', 'runs', 'triggers', 'waits', 'describes', 'makes', 'configures'] as const;
export type EdgeKind = (typeof edgeKinds)[number];
export type Edge = { from: AssetKey; to: AssetKey; kind: EdgeKind };
