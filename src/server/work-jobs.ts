import { Logger, type Runner, run, type TaskList } from 'graphile-worker';
import { messageOf } from '../base/errors.ts';
import type { Job } from '../workflows/release/delivery-store.ts';
import { resumeAll } from '../workflows/release/resume-all.ts';
import { runJob } from '../workflows/release/run-job.ts';
import type { Plane } from './plane.ts';

const quiet = new Logger(() => () => undefined);

const secondsBetweenSweeps = 15;

/**
 * Works on jobs until `stop`, and asks again for whatever is under way: at once, and every 15 s, because a process that
 * is killed takes its job along for hours as far as the queue can tell. Comes back by itself when the database was away.
 */
export function startJobs(plane: Plane): { stop(): Promise<void> } {
  let stopping = false;
  let runner: Runner | null = null;
  const sweep = async () => {
    try {
      await resumeAll(plane);
    } catch (error) {
      if (!stopping) plane.log('trouble', `looking for work that was left behind: ${messageOf(error)}`);
    }
  };
  const timer = setInterval(() => void sweep(), secondsBetweenSweeps * 1000);
  const supervise = async () => {
    while (!stopping) {
      try {
        runner = await run(optionsOf(plane));
        await sweep();
        await runner.promise;
      } catch (error) {
        if (!stopping) plane.log('trouble', `the job queue stopped: ${messageOf(error)}`);
      }
      if (!stopping) await new Promise((again) => setTimeout(again, 1000));
    }
  };
  const done = supervise();
  return {
    async stop() {
      stopping = true;
      clearInterval(timer);
      await runner?.stop().catch(() => undefined);
      await done;
    },
  };
}

function optionsOf(plane: Plane): Parameters<typeof run>[0] {
  const task = (name: Job['task']) => async (payload: unknown) => {
    const subject = payload !== null && typeof payload === 'object' && 'subject' in payload ? payload.subject : null;
    if (typeof subject !== 'string') throw new Error(`a job ${name} without a subject`);
    try {
      await runJob({ task: name, subject }, plane);
    } catch (error) {
      plane.log('trouble', `${name} ${subject}: ${messageOf(error)}`);
      throw error;
    }
  };
  const taskList: TaskList = { advance: task('advance'), 'carry-out': task('carry-out'), toggle: task('toggle') };
  return {
    connectionString: plane.database.url,
    taskList,
    concurrency: 6,
    maxPoolSize: 8,
    pollInterval: 1000,
    noHandleSignals: true,
    logger: quiet,
  };
}
