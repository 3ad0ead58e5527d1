import { familyOf, processTable, type Running } from '../../environments/stack/process-table.ts';

/** Ends every process that the process `pid` started, and all in its session, but not itself. */
export async function endFamily(pid: number): Promise<void> {
  for (const one of await familyWithout(pid)) signalled(one.pid, 'SIGKILL');
}

async function familyWithout(pid: number): Promise<Running[]> {
  return familyOf(pid, await processTable()).filter((one) => one.pid !== pid);
}

/** False where there is no such process any more. */
export function signalled(pid: number, signal: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, signal);
  } catch {
    return false;
  }
}
