import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { fail } from '../../base/errors.ts';
import { beginExclusive } from '../../base/file-lock.ts';

/** A lock between processes. `hold` waits its turn; `close` frees the file. */
export type Exclusive = { hold<Result>(work: () => Promise<Result>): Promise<Result>; close(): void };

const TRY_AGAIN_MILLISECONDS = 5;

/**
 * A lock on a file, held through SQLite's write lock: the system frees it when the process dies, however it dies, so
 * nothing is ever taken over by guess. Throws `release-home-locked` when it is not free within `waitSeconds`.
 */
export function exclusiveOn(file: string, waitSeconds = 30): Exclusive {
  let database: DatabaseSync | null = null;
  let queue: Promise<unknown> = Promise.resolve();
  async function take(): Promise<DatabaseSync> {
    await mkdir(dirname(file), { recursive: true });
    database ??= new DatabaseSync(file, { timeout: 0 });
    const deadline = Date.now() + waitSeconds * 1000;
    while (!beginExclusive(database)) {
      if (Date.now() > deadline) throw fail('release-home-locked', { home: dirname(file), seconds: waitSeconds });
      await sleep(TRY_AGAIN_MILLISECONDS);
    }
    return database;
  }
  async function hold<Result>(work: () => Promise<Result>): Promise<Result> {
    const held = await take();
    try {
      return await work();
    } finally {
      held.exec('ROLLBACK');
    }
  }
  return {
    hold(work) {
      const turn = queue.then(() => hold(work));
      queue = turn.catch(() => undefined);
      return turn;
    },
    close() {
      database?.close();
      database = null;
    },
  };
}
