import type { ZodType } from 'zod';
import type { Cache } from '../base/cache/cache.ts';
import type { Asset, Edge } from '../model/asset.ts';
import type { BundleContent, BundlePart, BundleUnit } from '../model/bundle.ts';
import type { AssetChange } from '../model/change.ts';
import type { CheckControl, CheckRunning } from '../model/check-running.ts';
import type { AssetColumns } from '../model/columns.ts';
import type { Environment, TargetSettings } from '../model/environment.ts';
import type { Finding } from '../model/finding.ts';
import type { AssetKey, Digest, UnitKey } from '../model/identifiers.ts';
import type { Json, JsonObject } from '../model/json.ts';
import type { ProjectFiles } from '../model/project-files.ts';
import type { Pointer, Step, StepKind } from '../model/step.ts';

/**
 * Where a target stands in a release. Lower layers are switched first (their consumers come later) and undone last.
 */
export const layers = ['infrastructure', 'schema', 'stream', 'compute', 'transform', 'orchestrate'] as const;
export type Layer = (typeof layers)[number];

/** What a target finds in a project by reading text alone. */
export type Discovery = { assets: Asset[]; edges: Edge[]; findings: Finding[] };

/** A part as headgate.yaml declares it: `name` and the target's own settings, parsed by the target's `partSettings`. */
export type DeclaredPart = { name: string; settings: JsonObject };

export type DiscoverInput = { files: ProjectFiles; part: DeclaredPart };

/**
 * The files of a part as they are, and as they were `before` with what was found in them; `changed` are all paths that are in one alone or
 * have other contents.
 */
export type RediscoverInput = DiscoverInput & {
  before: { files: ProjectFiles; discovery: Discovery };
  changed: readonly string[];
};

/** A part that `headgate init` proposes for a repository, with the reason as a comment line for headgate.yaml. */
export type ProposedPart = { name: string; settings: JsonObject; because: string };

/**
 * What the real tool (Airflow, dbt) says of a part. It replaces the static reading of the files in `covered`; those it
 * could not read keep what was read from their text. `absent` says why the runtime cannot be used.
 */
export type ExactDiscovery = Discovery & { covered: string[] };
/** `prepare`: set the runtime up when it is not there yet, which can take a minute. */
export type ExactReader = (input: ExactInput & { prepare: boolean }) => Promise<ExactDiscovery | { absent: string }>;
export type ExactInput = {
  root: string;
  files: ProjectFiles;
  part: DeclaredPart;
  /** Values of the environment that the code is read for; empty when none is chosen. */
  values: { [name: string]: Json };
  /** Where exact readings are kept. Absent or null: nowhere. */
  cache?: Cache | null;
};

/** Which files of the project belong in the part's blob, by repo-relative path, and the units that can be switched. */
export type PartLayout = { paths: string[]; units: BundleUnit[] };
export type LayoutInput = {
  files: ProjectFiles;
  part: DeclaredPart;
  discovery: Discovery;
  fileDigest(path: string): Digest;
};

/** Where a step's target stands: as before the step, as wanted after it, on the way, or at something nobody planned. */
export type Sighting =
  | { at: 'before' }
  | { at: 'after' }
  | { at: 'underway'; detail: string }
  | { at: 'elsewhere'; found: string };

/** `failed` is the target's clear no; could not tell is thrown. `waiting` asks to be called again. */
export type Outcome =
  | { outcome: 'done'; detail: string }
  | { outcome: 'failed'; cause: string; message: string; hint: string }
  | { outcome: 'waiting'; for: string; againInSeconds: number };

/** Who acts: the step's derived key (the same key twice changes nothing more) and the epoch (older ones are refused). */
export type Mark = { key: string; epoch: number };

export type LiveUnit = { unit: UnitKey; pointer: Pointer; disabled: AssetKey[] };
/** What is live in a target. `settings` is the digest of the settings it was last configured with, by part key. */
export type LiveTarget = { units: LiveUnit[]; settings: { [part: string]: Digest } };

export type AssetHealth = { asset: AssetKey; state: 'healthy' | 'unhealthy' | 'unknown'; detail: string };

/** Reads what a bundle holds, wherever it is stored. `blob` streams a part's packed files. */
export type BundleReader = {
  content(bundle: Digest): Promise<BundleContent>;
  part(bundle: Digest, part: string): Promise<BundlePart>;
  /** Unpacks a verified blob into an empty folder. Hostile archives are refused before anything is written outside it. */
  unpack(blob: Digest, folder: string): Promise<void>;
};

/** What a target may use of the world while it is connected. Secrets are resolved late and kept nowhere. */
export type TargetWorld = {
  environment: string;
  bundles: BundleReader;
  secret(reference: string): Promise<string>;
  now(): Date;
};

/**
 * What a target says that it runs: versions by package name. `tells` are the names that it answers for, `*` at the end for
 * all that begin so; one of them that is not in `versions` is not there. `saidBy` names who said it, for people.
 */
export type DeployedRuntime = { saidBy: string; versions: { [packageName: string]: string }; tells: readonly string[] };

/** Bundles and parts that code which runs, or may begin to, still reads. */
export type Held = { bundles: Digest[]; parts: Digest[] };
/** `keep` stays whatever else; only what has been unused since `unusedSince` or longer is removed. `dryRun` changes nothing. */
export type CollectOrder = { environment: string; keep: Held; now: Date; unusedSince: Date; dryRun: boolean };
/** `bundles` and `parts` were removed, or would be; `waiting` more bundles are unused for too short a time; `kept` are left. */
export type Collected = { home: string; bundles: Digest[]; parts: Digest[]; kept: number; waiting: number };

/** A target of one environment. Every method may throw "could not tell"; nothing is retried inside. */
export type TargetConnection = {
  /** Reads only. */
  inspect(): Promise<LiveTarget>;
  /** Reads only: where the step's subject stands. `direction` undo swaps before and after. */
  look(step: Step, direction: Direction): Promise<Sighting>;
  /** Acts. Called only after the intent is recorded; may be called again with the same mark after a crash. */
  act(step: Step, direction: Direction, mark: Mark): Promise<Outcome>;
  /** Reads only. */
  health(assets: AssetKey[]): Promise<AssetHealth[]>;
  /** Reads only: what the target runs now. Null, or no such method: it cannot be asked. */
  runtime?(): Promise<DeployedRuntime | null>;
  /** Reads only: what must not be removed. */
  held?(): Promise<Held>;
  /** Removes what is kept beside running code and needed no more. `keep` holds what all targets of the environment hold. */
  collect?(order: CollectOrder): Promise<Collected>;
  close(): Promise<void>;
};
export type Direction = 'forward' | 'undo';

/** What the explanation of a plan says cannot be taken back, before anybody approves it. */
export type Irreversible = { unit: UnitKey; because: string };

/** The delivering half of a target; absent for technologies that are only catalogued so far. */
export type Delivery = {
  layer: Layer;
  /** The step kinds, in order, that bring a changed unit live. `upload` and `configure` come once a part before these. */
  switchSteps: readonly StepKind[];
  environmentSettings: ZodType;
  /** True when new settings reach running code only through the unit's pointer, so that changed settings need a switch. */
  settingsInPointer: boolean;
  layout(input: LayoutInput): PartLayout;
  /** Whether runs under way of this unit would be reshaped by going from one to the other, so that it must be drained first. */
  needsDrain(from: BundleUnit, to: BundleUnit): boolean;
  irreversible(from: BundleUnit | null, to: BundleUnit | null): Irreversible[];
  connect(settings: TargetSettings, world: TargetWorld): Promise<TargetConnection>;
};

/**
 * What a check's answer depends on, so that an answer can be kept while none of it changes; a check can look at nothing else.
 * `part-files`: files below the folders that the part names, and the settings files of tools above them. `ignored-files`: also
 * what Git ignores there, which every tool that is started on a folder sees. `clock`: the day. `revision`: the commits of the
 * repository. `base`: the commit that a change is judged against. `network`: something outside; the answer is never kept.
 * docs/check-engine.md tells them all.
 */
const checkDependencies = [
  'part-files',
  'project-files',
  'ignored-files',
  'settings',
  'values',
  'discovery',
  'runtime',
  'lock',
  'clock',
  'revision',
  'base',
  'network',
] as const;
export type CheckDependency = (typeof checkDependencies)[number];

/** One part of the same target, with what was found in it. */
export type CheckedPart = { part: DeclaredPart; discovery: Discovery };

/**
 * The commit that a change is judged against. `how` is one sentence for people on why it is this one. `changed` are the paths of
 * the project that are added, changed or gone since. Files are read when they are first asked for.
 */
export type CheckBase = {
  commit: string;
  how: string;
  changed(): Promise<ReadonlySet<string>>;
  /** The part as the base had it. */
  read(): Promise<BasePart>;
};

/** `part` is null where the base has no part of this name. `ids` are Git's names of the contents, by path; `idsNow` those of the tree as it is. */
export type BasePart = {
  part: DeclaredPart | null;
  values: { [name: string]: Json };
  files: ProjectFiles;
  ids: ReadonlyMap<string, string>;
  idsNow: ReadonlyMap<string, string>;
  submodules: readonly string[];
  /** The contents of these files, in one go; null for one that the repository does not have. */
  bytes(paths: readonly string[]): (Uint8Array | null)[];
};

export type CheckInput = ExactInput & {
  discovery: Discovery;
  /** Absent or null: no change is judged, but all there is. */
  base?: CheckBase | null;
  /** `never`: the real tool is not to be started; what only it can tell is skipped. */
  exact: 'auto' | 'never';
  /** The environment that was asked for; null: all. */
  environment: string | null;
  /** The environments to judge: the one asked for, or all. */
  environments: readonly Environment[];
  /** Names of the values that headgate.yaml declares. */
  valueNames: readonly string[];
  /** The target's other parts; empty where no headgate.yaml says that they meet in one environment. */
  siblings: readonly CheckedPart[];
  /** False when the project has no headgate.yaml, so that nothing was declared on purpose. */
  declared: boolean;
  /** Owner that headgate.yaml gives to an asset, null when it gives none. */
  ownerOf(asset: AssetKey): string | null;
  /** Absent when a check is called by itself, as its own tests do. */
  control?: CheckControl;
};

/**
 * One check of a target on a part, on the real tool where it is there. It returns what is wrong, could not be told (`errored`)
 * or does not apply (`skipped`); nothing of these means passed. `name` is permanent and is the `check` of each of its findings.
 */
export type TargetCheck = CheckRunning<CheckInput> & {
  name: string;
  title: string;
  dependsOn: readonly CheckDependency[];
  /** Takes long on any project of some size: carried out only when it is asked for, by its name or with `--slow`. */
  slow?: true;
  run(input: CheckInput): Promise<Finding[]>;
};

/** Something that a task starts: `ref` names it as the code does, `detail` says how (see docs/catalog.md). */
export type TaskRun = { kind: string; ref: string; detail: string };
export type KnownAssets = {
  assets: readonly Asset[];
  edges: readonly Edge[];
  parts: readonly { target: string; part: DeclaredPart }[];
};
/** The edges that a run of `from` means; `unknown` when it is this target's to answer and cannot be told; null when it is not. */
export type RunResolver = (from: AssetKey, run: TaskRun) => Edge[] | 'unknown' | null;

/** One revision of a part, as its text alone shows it. */
export type PartRevision = {
  files: ProjectFiles;
  part: DeclaredPart;
  discovery: Discovery;
  /** Every environment of the project in that revision. */
  environments: readonly Environment[];
};

/**
 * Two revisions of the part of one name. Null: the part is not in that revision. `changed`: every path of the project whose content
 * differs, whatever it holds; absent when only texts can be compared.
 */
export type CompareInput = { base: PartRevision | null; head: PartRevision | null; changed?: ReadonlySet<string> };

/**
 * What a change does to the assets of a part, without running anything. Every asset whose text, imports, settings or values
 * differ is in the answer, with effect `none` where they mean the same; an asset that is not in the answer has none of its
 * inputs changed. Never `none` or `compatible` where that is not certain.
 */
export type Comparer = (input: CompareInput) => Promise<AssetChange[]>;

/** What the `wanted` assets read and make column by column, as the text of a revision shows; assets it cannot tell of may be absent. */
export type ColumnReader = (revision: PartRevision, wanted: ReadonlySet<AssetKey>) => Promise<AssetColumns[]>;

export type ToolVariablesInput = {
  files: ProjectFiles;
  part: DeclaredPart;
  /** Values of the environment, defaults included. */
  values: { [name: string]: Json };
  /** What stands for a secret: its value only where the tool is about to be started. */
  secretOf(name: string): string;
};

/**
 * What a tool is told of an environment, by its own means. `values` are by the tool's names, `process` the same as variables
 * of its process. `secrets` are the names of the secrets in each value that holds one; `problems` why the tool would
 * not take them.
 */
export type ToolVariables = {
  values: { [name: string]: Json };
  process: { [variable: string]: string };
  secrets: { [name: string]: string[] };
  problems: string[];
};

/** A technology. `index.ts` of each target folder holds exactly this value. */
export type Target = {
  id: string;
  title: string;
  /** Asset kinds it finds, for example `airflow:dag`. */
  kinds: readonly string[];
  partSettings: ZodType;
  /** Parts that a repository without a headgate.yaml seems to have. */
  propose(files: ProjectFiles): Promise<ProposedPart[]>;
  discover(input: DiscoverInput): Promise<Discovery>;
  /**
   * Exactly what `discover` finds, worked out from what it found before: the same object where it stands. Null, or no such method:
   * everything is to be read again.
   */
  rediscover?(input: RediscoverInput): Promise<Discovery | null>;
  exact: ExactReader | null;
  /** A text that is another whenever `exact` would say something else of the same files; null when it could without. */
  exactIdentity?(input: ExactInput): Promise<string | null>;
  /** Says which of its assets a task runs; called once with all that was found. Null: tasks run nothing of it. */
  resolveRuns: ((known: KnownAssets) => RunResolver) | null;
  checks: readonly TargetCheck[];
  /** Folders that hold each file which discovery and comparison of a part can look at. Null: they may look at any file of the project. */
  inputFolders: ((input: DiscoverInput) => readonly string[]) | null;
  /** Null: every asset of a part whose files differ is `unknown`. */
  compare: Comparer | null;
  /** Null: nothing is known of columns. */
  columns: ColumnReader | null;
  /** Absent: its tool gets its values with what is delivered. */
  toolVariables?: (input: ToolVariablesInput) => ToolVariables;
  delivery: Delivery | null;
};
