import type { Cache } from '../../base/cache/cache.ts';
import { didYouMean } from '../../base/did-you-mean.ts';
import { fail } from '../../base/errors.ts';
import type { Shard } from '../../delivery/checks/partition.ts';
import { type CheckReport, reportOf } from '../../delivery/checks/report.ts';
import { withoutRetold } from '../../delivery/checks/retold.ts';
import { selectChecks } from '../../delivery/checks/select-checks.ts';
import { expiredQuarantine, quarantineOf, withQuarantine } from '../../delivery/checks/settings/quarantine.ts';
import { expiredWaivers, withWaivers } from '../../delivery/checks/settings/waivers.ts';
import type { Finding } from '../../model/finding.ts';
import type { ProjectReading } from '../project/read-project.ts';
import { type AskedCatalog, digestsFor } from './asked-catalog.ts';
import { type CheckTimes, expectedSeconds, jobsOfShard, keyOfJob } from './check-times.ts';
import type { Job } from './engine/job.ts';
import { jobsOf } from './engine/jobs.ts';
import { keptAnswers } from './engine/kept-answers.ts';
import { type Ended, runJob } from './engine/run-job.ts';
import { runWithin, wholeMachine } from './engine/run-jobs.ts';
import { ownChecks } from './own-checks.ts';
import type { ProjectBase } from './project-base.ts';
import { projectChecks } from './project-checks.ts';
import { recordOutcomes } from './test-history.ts';

/** `only` empty means all; `onFinding` hears each finding as soon as its check has ended; `onProgress` each ended check. */
export type RunChecksInput = {
  reading: ProjectReading;
  catalog: AskedCatalog;
  environment: string | null;
  only: readonly string[];
  /** Carries out the checks that take long as well; those that `only` names by their whole name always are. */
  slow?: boolean;
  /** `never`: Airflow and dbt are not asked, and what only they can tell is skipped. */
  exact?: 'auto' | 'never';
  /** Where answers are kept and found again, and the history of tests is. Absent or null: neither. The caller closes it. */
  cache?: Cache | null;
  /** False: answers are not taken from the cache, only kept there. */
  reuse?: boolean;
  /** What a change is judged against, where it is a change that is judged. */
  base?: ProjectBase | null;
  /** Carries out this shard alone. The first also tells what the reading of the project found. */
  shard?: Shard | null;
  /** How long checks took before; decides what is begun first and how shards are cut. */
  times?: CheckTimes;
  now?: () => Date;
  onFinding?: (finding: Finding) => void;
  onProgress?: (progress: CheckProgress) => void;
  /** Hears every answer at the end, with the time that it took. */
  onAnswers?: (answers: readonly Ended[]) => void;
};
export type CheckProgress = { done: number; total: number; check: string; reused: number; running: readonly string[] };

/**
 * Runs the checks, as many at once as there is room for, and gives all that they found with what the reading of the project
 * and the catalogue found, in one order. An answer whose inputs are all as they were is taken from the cache. A check that
 * throws, or takes longer than its time, becomes an `errored` finding of that check. Throws `check-unknown`,
 * `check-environment-unknown` and `check-name-taken`.
 */
export async function runChecks(input: RunChecksInput): Promise<CheckReport> {
  const { reading, catalog, only, shard = null, cache = null } = input;
  requireEnvironment(reading, input.environment);
  const today = (input.now?.() ?? new Date()).toISOString().slice(0, 10);
  const { jobs, cut } = chosenJobs(input, today);
  const tellsReading = only.length === 0 && (shard === null || shard.index === 1);
  const { waivers, quarantine } = reading.project.checking;
  const tell = (finding: Finding) => {
    for (const one of withWaivers([finding], waivers, today)) input.onFinding?.(one);
  };
  const earlier = async () => {
    const { findings } = tellsReading ? await catalog.seal() : { findings: [] };
    findings.forEach(tell);
    return findings;
  };
  const [early, answers] = await Promise.all([earlier(), runJobs(jobs, { ...input, onFinding: tell }, today)]);
  digestsFor(reading.files).atOnce(() => {
    for (const { keep } of answers) keep?.();
  });
  if (cache !== null) await recordOutcomes(cache, reading.project.name, answers);
  input.onAnswers?.(answers);
  const late = only.length > 0 ? [] : answers.flatMap((one) => one.complaints);
  const found = [...early, ...answers.flatMap(({ findings }) => findings), ...late];
  const ofSettings = [...expiredWaivers(waivers, today), ...expiredQuarantine(quarantine, today)];
  const ofReading = tellsReading ? [...reading.complaints(), ...ofSettings] : [];
  const told = withWaivers(withoutRetold([...found, ...ofReading]), waivers, today);
  return reportOf(told, {
    reused: answers.filter(({ reused }) => reused).length,
    ...(shard === null ? {} : { shard: { ...shard, cut } }),
  });
}

function chosenJobs(input: RunChecksInput, today: string): { jobs: Job[]; cut: string } {
  const { reading, catalog, environment, exact = 'auto', shard = null, times = {} } = input;
  const own = ownChecks(reading.project.checking.own);
  const all = jobsOf({
    ...{ reading, catalog, environment, exact, today, base: input.base ?? null },
    cache: input.reuse === false ? null : (input.cache ?? null),
    projectChecks: [...projectChecks, ...own],
  });
  requireUnique(all);
  const jobs = selectChecks(all, input.only, input.slow === true);
  return shard === null ? { jobs, cut: '' } : jobsOfShard(jobs, shard, times);
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

/** A check of the team's own cannot take the name of another. */
function requireUnique(jobs: readonly Job[]): void {
  const seen = new Set<string>();
  for (const job of jobs) {
    const key = keyOfJob(job);
    if (seen.has(key)) throw fail('check-name-taken', { name: job.name });
    seen.add(key);
  }
}

async function runJobs(jobs: readonly Job[], input: RunChecksInput, today: string): Promise<Ended[]> {
  const { cache = null, reading, times = {} } = input;
  const { budgets, budgetSeconds, quarantine, retries } = reading.project.checking;
  const kept = cache === null ? null : await keptAnswers(cache, reading.project.name, input.reuse !== false);
  const running = new Set<string>();
  let [done, reused] = [0, 0];
  const tell = (check: string) =>
    input.onProgress?.({ done, total: jobs.length, check, reused, running: [...running] });
  const weighed = jobs.map((job) => ({ job, weight: job.weight, expectedSeconds: expectedSeconds(job, times) }));
  return runWithin(weighed, wholeMachine(), async ({ job }) => {
    running.add(keyOfJob(job));
    tell(job.name);
    const seconds = budgets[job.name] ?? job.budgetSeconds ?? budgetSeconds ?? DEFAULT_BUDGET_SECONDS;
    const now = input.now ?? (() => new Date());
    const answer = quarantined(await runJob({ job, kept, retries, budgetSeconds: seconds, now }), quarantine, today);
    for (const finding of answer.findings) input.onFinding?.(finding);
    running.delete(keyOfJob(job));
    done += 1;
    if (answer.reused) reused += 1;
    tell(job.name);
    return answer;
  });
}

const DEFAULT_BUDGET_SECONDS = 300;

/** A check that tells of no tests goes by its own name. */
function quarantined(answer: Ended, quarantine: Parameters<typeof quarantineOf>[1], today: string): Ended {
  if (quarantine.length === 0 || !answer.job.mayFlake) return answer;
  const findings = answer.findings.map((finding) => {
    const test = answer.tests.get(finding) ?? keyOfJob(answer.job);
    return withQuarantine(finding, quarantineOf(test, quarantine, today));
  });
  return { ...answer, findings };
}
