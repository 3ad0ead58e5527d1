import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isAlive } from '../../base/is-alive.ts';

/**
 * Which living processes use an embedded Postgres: one small file per process in `<folder>/users`. A process that was
 * killed leaves its file behind; it does not count, because its pid is gone or was started at another time.
 */
export async function joinUsers(folder: string): Promise<void> {
  const users = join(folder, 'users');
  await mkdir(users, { recursive: true, mode: 0o700 });
  await writeFile(join(users, String(process.pid)), await startOf(process.pid), { mode: 0o600 });
}

/** Takes this process out, sweeps the dead, and says whether nobody is left. */
export async function leaveUsers(folder: string): Promise<boolean> {
  const users = join(folder, 'users');
  await rm(join(users, String(process.pid)), { force: true });
  const names = await readdir(users).catch(() => []);
  let living = 0;
  for (const name of names) {
    const recorded = await readFile(join(users, name), 'utf8').catch(() => null);
    if (recorded !== null && isAlive(Number(name)) && (await startOf(Number(name))) === recorded) living += 1;
    else await rm(join(users, name), { force: true });
  }
  return living === 0;
}

/**
 * Runs `work` while no other process does so for the same folder. The lock of a process that died is taken over.
 */
export async function exclusively<Result>(folder: string, work: () => Promise<Result>): Promise<Result> {
  const lock = join(folder, 'starting');
  const mine = JSON.stringify({ pid: process.pid, start: await startOf(process.pid) });
  while (!(await tryLock(lock, mine))) await new Promise((resolve) => setTimeout(resolve, 50));
  try {
    return await work();
  } finally {
    await rm(lock, { force: true });
  }
}

async function tryLock(lock: string, mine: string): Promise<boolean> {
  try {
    await writeFile(lock, mine, { flag: 'wx', mode: 0o600 });
    return true;
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    const text = await readFile(lock, 'utf8').catch(() => null);
    if (text !== null && text !== '' && !(await holds(text))) await rm(lock, { force: true });
    return false;
  }
}

async function holds(text: string): Promise<boolean> {
  const parsed: unknown = JSON.parse(text);
  if (parsed === null || typeof parsed !== 'object' || !('pid' in parsed) || !('start' in parsed)) return false;
  const pid = Number(parsed.pid);
  return isAlive(pid) && (await startOf(pid)) === parsed.start;
}

/** When a process started, as Linux counts it (clock ticks after boot); elsewhere a constant, so that the pid alone counts. */
async function startOf(pid: number): Promise<string> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null);
  if (text === null) return 'unknown';
  return text.slice(text.lastIndexOf(')') + 2).split(' ')[19] ?? 'unknown';
}
