import { mkdir, open, readFile, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const STALE_MILLISECONDS = 60_000;
const TRY_AGAIN_MILLISECONDS = 15;

/**
 * Does `work` while this process alone holds the lock file. A lock whose process has ended, or that is older than a
 * minute, is taken over; so `work` must be quick and safe to repeat. Throws a plain error after `waitMilliseconds`.
 */
export async function withFileLock<Result>(
  lock: string,
  work: () => Promise<Result>,
  waitMilliseconds = 30_000,
): Promise<Result> {
  await mkdir(dirname(lock), { recursive: true });
  await take(lock, Date.now() + waitMilliseconds);
  try {
    return await work();
  } finally {
    await rm(lock, { force: true });
  }
}

async function take(lock: string, deadline: number): Promise<void> {
  while (!(await tryToTake(lock))) {
    if (await isAbandoned(lock)) await rm(lock, { force: true });
    else if (Date.now() > deadline) throw new Error(`another process holds ${lock}`);
    else await sleep(TRY_AGAIN_MILLISECONDS);
  }
}

async function tryToTake(lock: string): Promise<boolean> {
  try {
    const file = await open(lock, 'wx');
    await file.writeFile(String(process.pid));
    await file.close();
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}

async function isAbandoned(lock: string): Promise<boolean> {
  try {
    if (Date.now() - (await stat(lock)).mtimeMs > STALE_MILLISECONDS) return true;
    const pid = Number(await readFile(lock, 'utf8'));
    return pid > 0 && pid !== process.pid && !isRunning(pid);
  } catch {
    return false;
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
