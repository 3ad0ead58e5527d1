import { availableParallelism } from 'node:os';
import type { Cache } from '../../base/cache/cache.ts';
import { didYouMean } from '../../base/did-you-mean.ts';
import { fail, HeadgateError, messageOf } from '../../base/errors.ts';
import { redact } from '../../base/redact.ts';
import type { Catalog } from '../../delivery/catalog/catalog.ts';
import { errored, passed } from '../../delivery/checks/check-finding.ts';
import { type CheckReport, reportOf } from '../../delivery/checks/report.ts';
import { withoutRetold } from '../../delivery/checks/retold.ts';
import { selectChecks } from '../../delivery/checks/select-checks.ts';
import type { Finding } from '../../model/finding.ts';
import type { ProjectReading } from '../project/read-project.ts';
import type { Answer, Job } from './engine/job.ts';
import { jobsOf } from './engine/jobs.ts';
import { type KeptAnswers, keptAnswers } from './engine/kept-answers.ts';
import { projectChecks } from './project-checks.ts';

/** `only` empty means all; `onFinding` hears each finding as soon as its check has ended; `onProgress` each ended check. */
export type RunChecksInput = {
  reading: ProjectReading;
  catalog: Catalog;
  environment: string | null;
  only: readonly string[];
  /** Carries out the checks that take long as well; those that `only` names by their whole name always are. */
  slow?: boolean;
  /** `never`: Airflow and dbt are not asked, and what only they can tell is skipped. */
  exact?: 'auto' | 'never';
  /** Where answers are kept and found again. Absent or null: every check is carried out. The caller closes it. */
  cache?: Cache | null;
  onFinding?: (finding: Finding) => void;
  onProgress?: (progress: CheckProgress) => void;
};
export type CheckProgress = { done: number; total: number; check: string };

/**
 * Runs the checks, a few at a time, and gives all that they found with what the reading of the project and the catalogue
 * found, in one order. An answer whose inputs are all as they were is taken from the cache. A check that throws becomes an
 * `errored` finding of that check. Throws `check-unknown` and `check-environment-unknown`.
 */
export async function runChecks(input: RunChecksInput): Promise<CheckReport> {
  const { reading, catalog, environment, only, cache = null, exact = 'auto' } = input;
  requireEnvironment(reading, environment);
  const today = new Date().toISOString().slice(0, 10);
  const all = jobsOf({ reading, catalog, environment, exact, cache, projectChecks, today });
  const jobs = selectChecks(all, only, input.slow === true);
  const early = only.length > 0 ? [] : catalog.findings;
  for (const finding of early) input.onFinding?.(finding);
  const answers = await runJobs(jobs, input);
  const found = answers.flatMap(({ findings }) => findings);
  const complaints = only.length > 0 ? [] : [...reading.complaints(), ...answers.flatMap((one) => one.complaints)];
  const reused = answers.filter((answer) => answer.reused).length;
  return reportOf(withoutRetold([...early, ...found, ...complaints]), { reused });
}

function requireEnvironment(reading: ProjectReading, environment: string | null): void {
  const names = reading.project.environments.map(({ name }) => name);
  if (environment === null || names.includes(environment)) return;
  throw fail('check-environment-unknown', {
    name: environment,
    nearest: didYouMean(environment, names),
    known: names.join(', '),
  });
}

type Ended = Answer & { reused: boolean };

async function runJobs(jobs: readonly Job[], input: RunChecksInput): Promise<Ended[]> {
  const kept = input.cache ? await keptAnswers(input.cache, input.reading.project.name) : null;
  const waiting = [...jobs];
  const answers: Ended[] = [];
  let done = 0;
  const work = async () => {
    for (let job = waiting.shift(); job !== undefined; job = waiting.shift()) {
      const answer = await runJob(job, kept);
      for (const finding of answer.findings) input.onFinding?.(finding);
      answers.push(answer);
      done += 1;
      input.onProgress?.({ done, total: jobs.length, check: job.name });
    }
  };
  await Promise.all(Array.from({ length: Math.max(2, availableParallelism()) }, work));
  return answers;
}

async function runJob(job: Job, kept: KeptAnswers | null): Promise<Ended> {
  try {
    const prepared = await job.prepare();
    const { fingerprint } = prepared;
    const known = fingerprint === null ? null : ((await kept?.find(fingerprint)) ?? null);
    if (known !== null) return { ...known, reused: true };
    const control = { signal: new AbortController().signal, attempt: 1, again: [], outcome: () => undefined };
    const found = await prepared.run(control);
    const findings =
      found.length === 0
        ? [passed(job.name, job.title, job.subject)]
        : found.map((finding) => presentable(finding, job.root));
    const answer = { findings, complaints: prepared.complaints() };
    if (fingerprint !== null && prepared.isStillSo()) kept?.keep(fingerprint, answer);
    return { ...answer, reused: false };
  } catch (error) {
    const on = job.subject === null ? '' : ` on ${job.subject}`;
    const message = redact(`${job.name}${on} could not be carried out: ${messageOf(error)}`);
    const hint =
      error instanceof HeadgateError
        ? error.hint
        : 'The other checks went on. Please report this with the output of --verbose.';
    return { findings: [errored(job.name, { message, hint })], complaints: [], reused: false };
  }
}

/**
 * Without secrets and control characters, and without the place of the project on this machine: findings are equal
 * wherever they are made. Their members have one order, so that a kept one is written as a new one is.
 */
function presentable(finding: Finding, root: string): Finding {
  const { check, asset, path, line, status, severity, hint } = finding;
  const message = redact(finding.message.replaceAll(`${root}/`, '')).replaceAll(/\p{Cc}+/gu, ' ');
  return { check, asset, path, line, status, severity, message, hint };
}
