import { z } from 'zod';

/** What the bridge says about one DAG file and its DAGs; see docs of the protocol in bridge/README.md. */

const BridgeRun = z.object({
  kind: z.enum(['dbt', 'spark', 'dag', 'bash', 'python', 'sql']),
  ref: z.string(),
  detail: z.string(),
  command: z.string().optional(),
  select: z.array(z.string()).optional(),
  exclude: z.array(z.string()).optional(),
});

export const BridgeTask = z.object({
  taskId: z.string(),
  operator: z.string(),
  module: z.string(),
  owner: z.string(),
  downstream: z.array(z.string()),
  pool: z.string(),
  retries: z.number(),
  connections: z.array(z.string()),
  outlets: z.array(z.string()),
  inlets: z.array(z.string()),
  callable: z.object({ file: z.string(), line: z.number() }).nullable(),
  runs: z.array(BridgeRun),
});
export type BridgeTask = z.infer<typeof BridgeTask>;

export const BridgeDag = z.object({
  dagId: z.string(),
  owner: z.string(),
  owners: z.array(z.string()),
  schedule: z.string().nullable(),
  scheduleKind: z.enum(['cron', 'interval', 'dataset', 'timetable', 'once', 'none']),
  datasets: z.array(z.string()),
  catchup: z.boolean(),
  tags: z.array(z.string()),
  startDate: z.string().nullable(),
  description: z.string().nullable(),
  line: z.number().nullable(),
  maxActiveRuns: z.number().nullable(),
  graphDigest: z.string(),
  problems: z.array(z.object({ kind: z.string(), message: z.string() })),
  tasks: z.array(BridgeTask),
});
export type BridgeDag = z.infer<typeof BridgeDag>;

const TOP_LEVEL_KINDS = [
  'network',
  'variable',
  'connection',
  'metadata-db',
  'subprocess',
  'slow',
  'output',
  'file-write',
] as const;

const BridgeError = z.object({
  type: z.string(),
  message: z.string(),
  line: z.number().nullable(),
  traceback: z.string(),
});

/**
 * What a reading rests on. Paths in the project are relative to its root, others absolute. `sought` are module names that were
 * looked for in the folders `searched`; `changing` says why it could come out otherwise with all of that unchanged.
 */
export const BridgeRestsOn = z.object({
  files: z.array(z.string()),
  listed: z.array(z.string()),
  looked: z.array(z.string()),
  sought: z.array(z.string()),
  searched: z.array(z.string()),
  changing: z.array(z.string()),
});
export type BridgeRestsOn = z.infer<typeof BridgeRestsOn>;

export const BridgeDagFile = z.object({
  path: z.string(),
  status: z.enum(['ok', 'import-error', 'timeout', 'memory', 'crashed', 'no-dags']),
  milliseconds: z.number(),
  dags: z.array(BridgeDag),
  error: BridgeError.nullable(),
  topLevel: z.array(z.object({ kind: z.enum(TOP_LEVEL_KINDS), detail: z.string(), line: z.number().nullable() })),
  imports: z.array(z.string()),
  lists: z.array(z.string()),
  assumed: z.array(z.string()),
  variables: z.array(z.string()),
  connections: z.array(z.string()),
  output: z.string(),
  /** Asked for with `trace`. */
  restsOn: BridgeRestsOn.optional(),
});
export type BridgeDagFile = z.infer<typeof BridgeDagFile>;

export const BridgeHello = z.object({
  protocol: z.number(),
  python: z.string(),
  runtime: z.enum(['airflow', 'dbt', 'spark', 'none']),
  packages: z.record(z.string(), z.string()),
});
export type BridgeHello = z.infer<typeof BridgeHello>;

export const BridgeDbtNode = z.object({
  uniqueId: z.string(),
  resourceType: z.string(),
  package: z.string(),
  name: z.string(),
  path: z.string(),
  dependsOn: z.array(z.string()),
  materialized: z.string().nullable(),
  schema: z.string().nullable(),
  alias: z.string().nullable(),
  relation: z.string().nullable(),
  tags: z.array(z.string()),
  owner: z.string().nullable(),
  columns: z.record(z.string(), z.string().nullable()),
  contract: z.boolean(),
  checksum: z.string().nullable(),
  identifier: z.string().nullable().optional(),
  /** Files of its package that decide it, relative to the package: its own, the yaml that describes it, macros it uses. */
  files: z.array(z.string()),
});
export type BridgeDbtNode = z.infer<typeof BridgeDbtNode>;

export const BridgeDbtError = z.object({
  message: z.string(),
  path: z.string().nullable(),
  line: z.number().nullable(),
});
export type BridgeDbtError = z.infer<typeof BridgeDbtError>;

export const BridgeDbtManifest = z.object({
  nodes: z.array(BridgeDbtNode),
  sources: z.array(BridgeDbtNode),
  exposures: z.array(BridgeDbtNode),
  errors: z.array(BridgeDbtError),
  warnings: z.array(BridgeDbtError),
  dbtVersion: z.string(),
  adapter: z.string(),
  profile: z.enum(['project', 'throw-away']),
});
export type BridgeDbtManifest = z.infer<typeof BridgeDbtManifest>;

export const BridgeDbtCompiled = z.object({
  compiled: z.record(z.string(), z.string()),
  errors: z.array(BridgeDbtError),
});
export type BridgeDbtCompiled = z.infer<typeof BridgeDbtCompiled>;

/**
 * What a node of a rehearsal came to; `status` in dbt's words (success, pass, fail, warn, error, skipped). `test`: what a generic
 * test is called where it is written, and the model (or `source_table`) and column that it is written on.
 */
export const BridgeDbtResult = z.object({
  uniqueId: z.string(),
  resourceType: z.string(),
  name: z.string(),
  path: z.string(),
  status: z.string(),
  message: z.string(),
  failures: z.number().nullable(),
  test: z.object({ name: z.string(), on: z.string(), column: z.string().nullable() }).optional(),
  /** It is as it was in an earlier build, and was not built now. */
  taken: z.boolean().optional(),
});
export type BridgeDbtResult = z.infer<typeof BridgeDbtResult>;

/**
 * `adapter` is the project's own; the rehearsal was on DuckDB. `withoutData`: `source.table` that had no file. Of a build, `taken`:
 * how many of the results are those of the earlier build; `because`: why none are, null when there was none to take.
 */
export const BridgeDbtRehearsal = z.object({
  adapter: z.string(),
  results: z.array(BridgeDbtResult),
  withoutData: z.array(z.string()),
  errors: z.array(BridgeDbtError),
  taken: z.number().optional(),
  because: z.string().nullish(),
});
export type BridgeDbtRehearsal = z.infer<typeof BridgeDbtRehearsal>;

/** Limits for one DAG file. */
export type DagFileLimits = { seconds?: number; memoryMb?: number; outputBytes?: number; slowSeconds?: number };

/** `files: null` reads what Airflow itself would read. Paths are relative to `root`, `sysPath` is absolute. */
export type AirflowParseParams = {
  root: string;
  dagsFolder: string;
  files: string[] | null;
  sysPath?: string[];
  variables?: Record<string, unknown>;
  connections?: string[];
  environ?: Record<string, string>;
  assumeMissing?: boolean;
  trace?: boolean;
  limits?: DagFileLimits;
  workers?: number;
};

export type DbtParseParams = {
  projectDir: string;
  profilesDir: string | null;
  vars: Record<string, unknown>;
  env: Record<string, string>;
  target: string | null;
  limits?: { seconds?: number; memoryMb?: number };
};
export type DbtCompileParams = DbtParseParams & { select: string[] };
/**
 * `sourceData`: absolute folder of `<source>/<table>.csv`, or null. Of a build, both absolute folders: `earlier` holds a kept build, and
 * what has not changed since is taken from it; `keep` is where this one is put.
 */
export type DbtRehearseParams = DbtParseParams & {
  what: 'unit' | 'build';
  sourceData: string | null;
  earlier?: string | null;
  keep?: string | null;
};
