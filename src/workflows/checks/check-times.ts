import { readFileSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import { fail, messageOf } from '../../base/errors.ts';
import { type Load, partition, type Shard } from '../../delivery/checks/partition.ts';
import type { Job } from './engine/job.ts';
import type { Ended } from './engine/run-job.ts';

/** Seconds by the key of a check on its subject. */
export type CheckTimes = { [key: string]: number };
const CheckTimes = z.record(z.string(), z.number().min(0));

/** What is expected of a check of whose time nothing is known: those that take much of the machine take long. */
const SECONDS_FOR_CORE = 4;
const SECONDS_FOR_GB = 10;

export function keyOfJob({ name, subject }: Pick<Job, 'name' | 'subject'>): string {
  return subject === null ? name : `${name} ${subject}`;
}

export function expectedSeconds(job: Pick<Job, 'name' | 'subject' | 'weight'>, times: CheckTimes): number {
  const key = keyOfJob(job);
  const told = Object.hasOwn(times, key) ? times[key] : undefined;
  return told ?? job.weight.cores * SECONDS_FOR_CORE + (job.weight.memoryMb / 1024) * SECONDS_FOR_GB;
}

/** The checks of one shard, and how everything was cut: shards with another cut do not belong together. */
export function jobsOfShard<One extends Job>(jobs: readonly One[], shard: Shard, times: CheckTimes) {
  const loads = jobs.map((job): Load => ({ key: keyOfJob(job), seconds: expectedSeconds(job, times) }));
  const { shards, cut } = partition(loads, shard.of);
  const own = shards[shard.index - 1] ?? new Set();
  return { jobs: jobs.filter((job) => own.has(keyOfJob(job))), cut };
}

/** Throws `check-times-unreadable`. */
export function readTimes(file: string): CheckTimes {
  try {
    return CheckTimes.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (error) {
    throw fail('check-times-unreadable', { file, because: messageOf(error).slice(0, 200) }, error);
  }
}

/** Writes how long each check took; one that was not carried out now keeps what was known. Throws `check-times-unwritable`. */
export function writeTimes(file: string, known: CheckTimes, answers: readonly Ended[]): void {
  const taken = answers
    .filter(({ reused }) => !reused)
    .map(({ job, seconds }): [string, number] => [keyOfJob(job), Math.round(seconds * 10) / 10]);
  const all = Object.entries({ ...known, ...Object.fromEntries(taken) }).sort(([a], [b]) => (a < b ? -1 : 1));
  try {
    writeFileSync(file, `${JSON.stringify(Object.fromEntries(all), null, 2)}\n`);
  } catch (error) {
    throw fail('check-times-unwritable', { file, because: messageOf(error) }, error);
  }
}
