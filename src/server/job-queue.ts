import { Logger, makeWorkerUtils } from 'graphile-worker';
import type { Store } from '../store/open-store.ts';
import type { Jobs } from '../workflows/release/delivery-store.ts';

/** The queue in the database. Jobs are known by task and subject: asking again replaces one that has not begun. */
export type JobQueue = Jobs & { close(): Promise<void> };

const quiet = new Logger(() => () => undefined);

export async function openJobQueue(database: Store): Promise<JobQueue> {
  const utils = await makeWorkerUtils({ pgPool: database.pool, logger: quiet });
  return {
    async add({ task, subject }, at) {
      const spec = { jobKey: `${task}:${subject}`, maxAttempts: 25, ...(at === null ? {} : { runAt: at }) };
      await utils.addJob(task, { subject }, spec);
    },
    close: async () => utils.release(),
  };
}
