import type { CheckControl, CheckWeight } from '../../../model/check-running.ts';
import type { Finding } from '../../../model/finding.ts';

/** What a check said, and what was told meanwhile of files whose text could not be read. Both in the form that people see. */
export type Answer = { findings: Finding[]; complaints: Finding[] };

/** One check on one subject: a part, or (null) the whole project. */
export type Job = {
  name: string;
  title: string;
  subject: string | null;
  root: string;
  slow: boolean;
  weight: CheckWeight;
  /** Null: it says nothing of its time. */
  budgetSeconds: number | null;
  mayFlake: boolean;
  /** Looks at what the check will see; costs the reading of its files, and with a check of readings those. */
  prepare(): Promise<Prepared>;
};

export type Prepared = {
  /** Null: its answer cannot be kept. */
  fingerprint: string | null;
  run(control: CheckControl): Promise<Finding[]>;
  /** What was said so far of files that this check asked for. */
  complaints(): Finding[];
  /** False when this answer may be over in a moment. */
  mayLast(findings: readonly Finding[]): boolean;
  /** False when something that the fingerprint covers has changed since. */
  isStillSo(): boolean;
};
