import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';

const TRY_AGAIN_MILLISECONDS = 10;

/**
 * Does `work` while no other process or caller does so under this lock file. The lock is SQLite's write lock: the system
 * frees it when its holder dies, however it dies, so nothing is taken over by guess. Throws a plain error after `waitMilliseconds`.
 */
export async function withFileLock<Result>(
  lock: string,
  work: () => Promise<Result>,
  waitMilliseconds = 60_000,
): Promise<Result> {
  await mkdir(dirname(lock), { recursive: true });
  const database = new DatabaseSync(lock, { timeout: 0 });
  try {
    const deadline = Date.now() + waitMilliseconds;
    while (!beginExclusive(database)) {
      if (Date.now() > deadline) throw new Error(`another process holds ${lock}`);
      await sleep(TRY_AGAIN_MILLISECONDS);
    }
    return await work();
  } finally {
    database.close();
  }
}

/** Takes SQLite's write lock now; false when somebody else has it. Closing or rolling back gives it up. */
export function beginExclusive(database: DatabaseSync): boolean {
  try {
    database.exec('BEGIN IMMEDIATE');
    return true;
  } catch (error) {
    if (error instanceof Error && /locked|busy/i.test(error.message)) return false;
    throw error;
  }
}
