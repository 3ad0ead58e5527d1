import { availableParallelism } from 'node:os';
import { didYouMean } from '../../base/did-you-mean.ts';
import { fail, HeadgateError, messageOf } from '../../base/errors.ts';
import { redact } from '../../base/redact.ts';
import type { Catalog } from '../../delivery/catalog/catalog.ts';
import { errored, passed } from '../../delivery/checks/check-finding.ts';
import { type CheckReport, reportOf } from '../../delivery/checks/report.ts';
import { withoutRetold } from '../../delivery/checks/retold.ts';
import { selectChecks } from '../../delivery/checks/select-checks.ts';
import type { Finding } from '../../model/finding.ts';
import { partKey } from '../../model/identifiers.ts';
import { targets } from '../../targets/registry.ts';
import type { ProjectReading } from '../project/read-project.ts';
import { checkInputs } from './check-inputs.ts';
import { projectChecks } from './project-checks.ts';

/** `only` empty means all; `onFinding` hears each finding as soon as its check has ended; `onProgress` each ended check. */
export type RunChecksInput = {
  reading: ProjectReading;
  catalog: Catalog;
  environment: string | null;
  only: readonly string[];
  /** `never`: Airflow and dbt are not asked, and what only they can tell is skipped. */
  exact?: 'auto' | 'never';
  onFinding?: (finding: Finding) => void;
  onProgress?: (progress: CheckProgress) => void;
};
export type CheckProgress = { done: number; total: number; check: string };

/** One check on one subject: a part, or (null) the whole project. */
type Job = { name: string; title: string; subject: string | null; root: string; run(): Promise<Finding[]> };

/**
 * Runs the checks, a few at a time, and gives all that they found with what the reading of the project and the catalogue
 * found, in one order. A check that throws becomes an `errored` finding of that check.
 * Throws `check-unknown` and `check-environment-unknown`.
 */
export async function runChecks(input: RunChecksInput): Promise<CheckReport> {
  const { reading, catalog, environment, only } = input;
  requireEnvironment(reading, environment);
  const jobs = selectChecks(jobsOf(input), only);
  const early = only.length > 0 ? [] : catalog.findings;
  for (const finding of early) input.onFinding?.(finding);
  const found = await runJobs(jobs, input);
  return reportOf(withoutRetold([...early, ...found, ...(only.length > 0 ? [] : reading.complaints())]));
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

/** Every check that this project can be asked; those of a target once for each of its parts. */
function jobsOf(input: RunChecksInput): Job[] {
  const ofProject = projectChecks.map((check) => ({
    ...check,
    subject: null,
    root: input.reading.root,
    run: () => check.run({ reading: input.reading, catalog: input.catalog, environment: input.environment }),
  }));
  const ofParts = checkInputs(input).flatMap(({ target, input: partInput }) =>
    (targets.find(({ id }) => id === target)?.checks ?? []).map((check) => ({
      ...check,
      subject: partKey(target, partInput.part.name),
      root: input.reading.root,
      run: () => check.run(partInput),
    })),
  );
  return [...ofParts, ...ofProject];
}

async function runJobs(jobs: readonly Job[], input: RunChecksInput): Promise<Finding[]> {
  const waiting = [...jobs];
  const findings: Finding[] = [];
  let done = 0;
  const work = async () => {
    for (let job = waiting.shift(); job !== undefined; job = waiting.shift()) {
      const found = await runJob(job);
      for (const finding of found) input.onFinding?.(finding);
      findings.push(...found);
      done += 1;
      input.onProgress?.({ done, total: jobs.length, check: job.name });
    }
  };
  await Promise.all(Array.from({ length: Math.max(2, availableParallelism()) }, work));
  return findings;
}

async function runJob(job: Job): Promise<Finding[]> {
  try {
    const found = await job.run();
    return found.length === 0
      ? [passed(job.name, job.title, job.subject)]
      : found.map((finding) => presentable(finding, job.root));
  } catch (error) {
    const on = job.subject === null ? '' : ` on ${job.subject}`;
    const message = redact(`${job.name}${on} could not be carried out: ${messageOf(error)}`);
    const hint =
      error instanceof HeadgateError
        ? error.hint
        : 'The other checks went on. Please report this with the output of --verbose.';
    return [errored(job.name, { message, hint })];
  }
}

/**
 * Without secrets and control characters, and without the place of the project on this machine: findings are equal
 * wherever they are made.
 */
function presentable(finding: Finding, root: string): Finding {
  const message = redact(finding.message.replaceAll(`${root}/`, ''));
  return { ...finding, message: message.replaceAll(/\p{Cc}+/gu, ' ') };
}
