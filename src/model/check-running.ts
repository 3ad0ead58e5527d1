import type { Finding } from './finding.ts';

/**
 * How one test of a check came out. `test` is its name on any machine and at any time, such as `tests/test_a.py::test_b`.
 * `finding` is the object that the check returns for it, null when there is none.
 */
export type TestOutcome = {
  test: string;
  outcome: 'passed' | 'failed' | 'errored' | 'skipped';
  seconds: number | null;
  finding: Finding | null;
};

/** What a check is told, and tells, while it is carried out. */
export type CheckControl = {
  /** Aborted when the check's time is over: what it started must end. */
  signal: AbortSignal;
  /** 1 at first, then 2 and on when a check that may flake is carried out again. */
  attempt: number;
  /** The tests that failed in the first attempt; empty in that one. */
  again: readonly string[];
  outcome(one: TestOutcome): void;
};

/** What a check takes of the machine while it is carried out. */
export type CheckWeight = { cores: number; memoryMb: number };

/** How a check is carried out, and what its answer depends on besides what `dependsOn` names. */
export type CheckRunning<Input> = {
  /** One core and 256 MB when absent. */
  weight?: CheckWeight;
  /** Past this many seconds it could not tell; five minutes when absent. headgate.yaml can say otherwise. */
  budgetSeconds?: number;
  /** It runs code whose answer may differ with the same inputs: what fails is tried again, and told as flaky when it then passes. */
  mayFlake?: true;
  /** The files it looks at, where that is less than `dependsOn` says. It sees no others. */
  reads?(input: Input): (path: string) => boolean;
  /** Environment variables of this process that decide its answer. */
  variables?: readonly string[];
  /** Whatever else decides its answer, as a text; null when that cannot be known, and then its answer is never kept. */
  identity?(input: Input): Promise<string | null>;
  /** Whether it looks at what was found in the project this time, where `dependsOn` says that it may; that is then not made for it. */
  needsDiscovery?(input: Input): Promise<boolean>;
};
