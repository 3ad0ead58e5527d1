import { setTimeout as sleep } from 'node:timers/promises';
import { HeadgateError, messageOf } from '../../../base/errors.ts';
import { redact } from '../../../base/redact.ts';
import {
  type Attempt,
  mergeAttempts,
  outcomesOf,
  stillFailing,
  wholeTest,
} from '../../../delivery/checks/flaky/merge-attempts.ts';
import { errored, passed } from '../../../model/check-finding.ts';
import type { TestOutcome } from '../../../model/check-running.ts';
import type { Finding } from '../../../model/finding.ts';
import type { Answer, Job, Prepared } from './job.ts';
import type { KeptAnswers } from './kept-answers.ts';

/** One outcome of a test, with the attempt that it came from. */
export type ToldOutcome = { test: string; outcome: 'passed' | 'failed'; at: string };

/** `tests` names the test of a finding where a check tells of tests. `outcomes` are those of checks that may flake. */
export type Ended = Answer & {
  job: Job;
  fingerprint: string | null;
  reused: boolean;
  seconds: number;
  tests: Map<Finding, string>;
  outcomes: ToldOutcome[];
  /** Keeps the answer where it may be kept; to be called once, when nothing is under way any more. */
  keep: (() => void) | null;
};

/** `retries`: how often what may flake and fails is carried out again. */
export type RunJobInput = { job: Job; kept: KeptAnswers | null; retries: number; budgetSeconds: number; now(): Date };

/** Finds the answer of a check among those that were kept, or carries it out. Never throws: what goes wrong is a finding. */
export async function runJob(input: RunJobInput): Promise<Ended> {
  const { job } = input;
  const started = performance.now();
  const stop = new AbortController();
  const ended = (more: Partial<Ended> & { findings: Finding[] }): Ended => ({
    ...{ job, fingerprint: null, reused: false, complaints: [], tests: new Map(), outcomes: [], keep: null },
    ...more,
    seconds: (performance.now() - started) / 1000,
  });
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), input.budgetSeconds * 1000);
  });
  try {
    const carried = carryOut(input, stop.signal).catch((error: unknown) => ({ findings: [brokenDown(job, error)] }));
    const found = await Promise.race([carried.then(ended), late]);
    if (found !== null) return found;
    stop.abort();
    // What it started ends now, and what it has found out of single files is kept for the next time.
    await Promise.race([carried, sleep(LAST_MILLISECONDS, undefined, { ref: false })]);
    return ended({ findings: [tooLate(job, input.budgetSeconds)] });
  } finally {
    clearTimeout(timer);
  }
}

const LAST_MILLISECONDS = 3000;

type Carried = Partial<Ended> & { findings: Finding[] };

async function carryOut({ job, kept, now, retries }: RunJobInput, signal: AbortSignal): Promise<Carried> {
  const prepared = await job.prepare();
  const { fingerprint } = prepared;
  const known = fingerprint === null ? null : ((await kept?.find(fingerprint)) ?? null);
  if (known !== null) return { ...known, fingerprint, reused: true };
  const { attempts, outcomes } = await attemptsOf(job, prepared, { signal, now, retries });
  const whole = wholeTest(job.name, job.subject);
  const found = mergeAttempts(attempts, whole);
  const findings = found.length === 0 ? [passed(job.name, job.title, job.subject)] : found.map(presentableIn(job.root));
  const answer = { findings, complaints: prepared.complaints() };
  const isSure = !job.mayFlake || outcomes.every(({ outcome }) => outcome === 'passed');
  const keep = () => {
    if (fingerprint !== null && prepared.isStillSo()) kept?.keep(fingerprint, answer);
  };
  const lasts = isSure && !signal.aborted && prepared.mayLast(findings);
  const tests = testsOf(attempts[0], found, findings);
  return { ...answer, fingerprint, tests, outcomes, keep: lasts ? keep : null };
}

async function attemptsOf(job: Job, prepared: Prepared, at: { signal: AbortSignal; now(): Date; retries: number }) {
  const whole = wholeTest(job.name, job.subject);
  const attempts: Attempt[] = [];
  const told: ToldOutcome[] = [];
  let again: string[] = [];
  do {
    const outcomes: TestOutcome[] = [];
    const attempt = attempts.length + 1;
    const findings = await prepared.run({
      ...{ signal: at.signal, attempt, again },
      outcome: (one) => outcomes.push(one),
    });
    attempts.push({ findings, outcomes });
    again = job.mayFlake ? stillFailing(attempts, whole) : [];
    const time = at.now().toISOString();
    if (job.mayFlake) told.push(...outcomesOf({ findings, outcomes }, whole).flatMap((one) => toldOf(one, time)));
  } while (again.length > 0 && attempts.length <= at.retries && !at.signal.aborted);
  return { attempts, outcomes: told };
}

function toldOf({ test, outcome }: TestOutcome, at: string): ToldOutcome[] {
  if (outcome === 'skipped') return [];
  return [{ test, outcome: outcome === 'passed' ? 'passed' : 'failed', at }];
}

/** Which test each finding, as it is told, is of. Merging and presenting keep the order of the findings. */
function testsOf(
  first: Attempt | undefined,
  found: readonly Finding[],
  told: readonly Finding[],
): Map<Finding, string> {
  const names = new Map((first?.outcomes ?? []).map(({ test, finding }) => [finding, test]));
  const tests = new Map<Finding, string>();
  for (const [index, finding] of told.entries()) {
    const source = first?.findings[index];
    const name = source === undefined || found.length === 0 ? undefined : names.get(source);
    if (name !== undefined) tests.set(finding, name);
  }
  return tests;
}

function tooLate(job: Job, seconds: number): Finding {
  const on = job.subject === null ? '' : ` on ${job.subject}`;
  return orderedFinding(
    errored(job.name, {
      message: `${job.name}${on} took longer than the ${seconds} s that it has, and was stopped.`,
      hint: `Look for what hangs, or give it more time: \`check-settings: { budgets: { ${job.name}: 15m } }\` in headgate.yaml.`,
    }),
  );
}

function brokenDown(job: Job, error: unknown): Finding {
  const on = job.subject === null ? '' : ` on ${job.subject}`;
  const message = redact(`${job.name}${on} could not be carried out: ${messageOf(error)}`);
  const hint =
    error instanceof HeadgateError
      ? error.hint
      : 'The other checks went on. Please report this with the output of --verbose.';
  return orderedFinding(errored(job.name, { message, hint }));
}

/**
 * Without secrets and control characters, and without the place of the project on this machine: findings are equal
 * wherever they are made.
 */
function presentableIn(root: string): (finding: Finding) => Finding {
  return (finding) => {
    const message = redact(finding.message.replaceAll(`${root}/`, '')).replaceAll(/\p{Cc}+/gu, ' ');
    return orderedFinding({ ...finding, message });
  };
}

/** The members in one order, so that a kept finding is written as a new one is. */
function orderedFinding({ check, asset, path, line, status, severity, message, hint }: Finding): Finding {
  return { check, asset, path, line, status, severity, message, hint };
}
