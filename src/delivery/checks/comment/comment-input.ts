import type { ServiceLevel } from '../../../model/asset.ts';
import type { ColumnChange, Effect } from '../../../model/change.ts';
import type { Finding } from '../../../model/finding.ts';
import type { CheckReport } from '../report.ts';

/** What `headgate impact --json` says of one changed asset; see src/model/change.ts. */
export type ChangeTold = { key: string; effect: Effect; because: string; columns: ColumnChange[] | null };

/** What it says of one that the change reaches. `via`: the keys on the way, the changed one first, its own last. */
export type ReachedTold = {
  key: string;
  effect: Effect;
  because: string | null;
  via: string[];
  owner: string | null;
  serviceLevel: ServiceLevel | null;
};

/** `head` null: the working tree. */
export type ImpactTold = {
  base: string;
  head: string | null;
  changed: ChangeTold[];
  reached: ReachedTold[];
  findings: Finding[];
};

/** What `headgate plan --json` says: the steps in their order, and what cannot be taken back or needs care. */
export type PlanTold = {
  environment: string;
  steps: { kind: string; target: string; text: string }[];
  warnings: { unit: string | null; because: string }[];
  /** What the environment's gate says now; null where the plan of a release was read, which has passed it or waits. */
  gate: { outcome: string; because: string } | null;
};

/**
 * Where the files of the change can be read: `blob` is the address before a path (`https://.../blob/<commit>/`), `root` the
 * project's folder in the repository ('' or ending with a slash), `touched` the project's files that the change adds or
 * changes (null: not known, every finding counts as the change's own).
 */
export type Source = { blob: string | null; root: string; touched: ReadonlySet<string> | null };

/**
 * All that a comment can tell; what was not run is null or empty. `seconds`: how long it all took; `times`: how long each check
 * took, in seconds.
 */
export type CommentInput = {
  check: CheckReport | null;
  impact: ImpactTold | null;
  plans: PlanTold[];
  source: Source;
  seconds: number | null;
  times: { [check: string]: number };
  /** Where the whole run can be read, or null. */
  run: string | null;
};

/** How much of each list is shown at once (`top`), folded (`folded`), and how long a text may be. */
export type Room = { top: number; folded: number; text: number };
