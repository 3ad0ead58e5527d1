import { z } from 'zod';
import type { Cache } from '../../base/cache/cache.ts';
import { type TestHistory, type TestRun, withRuns } from '../../delivery/checks/flaky/history.ts';
import type { Ended } from './engine/run-job.ts';

const History = z.object({
  check: z.string(),
  subject: z.string().nullable(),
  test: z.string(),
  runs: z.array(z.object({ inputs: z.string().nullable(), outcome: z.enum(['passed', 'failed']), at: z.string() })),
});

/** Digits of a fingerprint that tell inputs apart. */
const INPUT_DIGITS = 16;

/** How the tests of a project came out before, from this machine and from the shared cache. */
export async function readHistory(cache: Cache, project: string): Promise<Map<string, TestHistory>> {
  const table = await cache.table(tableOf(project));
  const known = new Map<string, TestHistory>();
  for (const [key, text] of await table.all()) {
    const read = History.safeParse(JSON.parse(text));
    if (!read.success) continue;
    const other = known.get(key);
    known.set(key, other === undefined ? read.data : withRuns(other, read.data.runs));
  }
  return known;
}

/** Adds what checks that may flake told of their tests. */
export async function recordOutcomes(cache: Cache, project: string, answers: readonly Ended[]): Promise<void> {
  const told = answers.filter(({ outcomes }) => outcomes.length > 0);
  if (told.length === 0) return;
  const table = await cache.table(tableOf(project));
  for (const { job, fingerprint, outcomes } of told) {
    const inputs = fingerprint?.replace('sha256:', '').slice(0, INPUT_DIGITS) ?? null;
    for (const [test, runs] of Map.groupBy(outcomes, (one) => one.test)) {
      const key = JSON.stringify([job.name, job.subject, test]);
      const read = History.safeParse(JSON.parse((await table.get(key)) ?? 'null'));
      const before = read.success ? read.data : { check: job.name, subject: job.subject, test, runs: [] };
      const more = runs.map(({ outcome, at }): TestRun => ({ inputs, outcome, at }));
      table.set(key, JSON.stringify(withRuns(before, more)));
    }
  }
}

function tableOf(project: string): string {
  return `tests of ${project}`;
}
