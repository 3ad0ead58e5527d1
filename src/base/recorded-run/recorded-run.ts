import { spawn } from 'node:child_process';
import { mkdir, open, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { z } from 'zod';
import { isAlive } from '../is-alive.ts';
import { HEARTBEAT_MILLISECONDS, RunEnd, type RunOrder, RunStart, runFiles } from './run-files.ts';

/** `lost`: it was started and is gone without an end (a reboot, a kill -9 of everything); it may be started again. */
export type RunState =
  | { state: 'absent' }
  | { state: 'running'; seconds: number }
  | { state: 'lost' }
  | { state: 'ended'; end: RunEnd };

const SILENT_MILLISECONDS = 10 * HEARTBEAT_MILLISECONDS;
const LONGEST_TAIL = 256 * 1024;

/** Where a run stands, from the files in its folder; any process may ask. */
export async function runState(folder: string): Promise<RunState> {
  const files = runFiles(folder);
  const end = await readJson(files.end, RunEnd);
  if (end !== null) return { state: 'ended', end };
  const ordered = await stat(files.order).catch(() => null);
  if (ordered === null) return { state: 'absent' };
  const start = await readJson(files.start, RunStart);
  const since = start?.at ?? ordered.mtimeMs;
  if (start !== null && start.host === hostname() && !isAlive(start.pid)) {
    const late = await readJson(files.end, RunEnd);
    return late === null ? { state: 'lost' } : { state: 'ended', end: late };
  }
  const beat = await stat(files.alive).catch(() => ordered);
  const silent = Date.now() - Math.max(beat.mtimeMs, since) > SILENT_MILLISECONDS;
  if (silent && start?.host !== hostname()) return { state: 'lost' };
  return { state: 'running', seconds: Math.round((Date.now() - since) / 1000) };
}

/**
 * Starts a run that outlives this process; its output goes to a log in the folder. What an earlier run left there is
 * removed. Call it as the only starter, after `runState` said `absent` or `lost`. Returns once the run is under way.
 */
export async function startRun(folder: string, order: RunOrder, env: Record<string, string>): Promise<void> {
  const files = runFiles(folder);
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await writeFile(files.order, JSON.stringify(order), { mode: 0o600 });
  const watcher = fileURLToPath(new URL('./watch-run.ts', import.meta.url));
  const child = spawn(process.execPath, [watcher, folder], { cwd: order.cwd, env, detached: true, stdio: 'ignore' });
  const failed = new Promise<never>((_resolve, reject) => {
    child.on('error', reject);
  });
  child.unref();
  await Promise.race([started(files.start), failed]);
}

/** Waits until the run has ended or the time is up; gives where it stands then. */
export async function awaitRun(folder: string, milliseconds: number): Promise<RunState> {
  const deadline = Date.now() + milliseconds;
  for (;;) {
    const state = await runState(folder);
    if (state.state !== 'running' || Date.now() > deadline) return state;
    await sleep(100);
  }
}

/** Asks a running run to stop and waits for its end, up to 30 seconds; then it is killed with all it started. */
export async function stopRun(folder: string): Promise<void> {
  const start = await readJson(runFiles(folder).start, RunStart);
  if (start === null || (await runState(folder)).state !== 'running') return;
  if (start.host !== hostname()) throw new Error(`the run in ${folder} goes on at ${start.host}`);
  process.kill(start.pid, 'SIGTERM');
  const state = await awaitRun(folder, 30_000);
  // The watcher leads a process group of its own (detached), so the negative id names it and all it started.
  if (state.state === 'running') process.kill(-start.pid, 'SIGKILL');
}

/** The end of what the run has written so far. */
export async function runOutput(folder: string): Promise<string> {
  const file = await open(runFiles(folder).output, 'r').catch(() => null);
  if (file === null) return '';
  try {
    const { size } = await file.stat();
    const length = Math.min(size, LONGEST_TAIL);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, size - length);
    return buffer.toString('utf8', 0, bytesRead);
  } finally {
    await file.close();
  }
}

async function started(file: string): Promise<void> {
  const deadline = Date.now() + 20_000;
  while ((await stat(file).catch(() => null)) === null) {
    if (Date.now() > deadline) throw new Error(`the run was ordered but did not begin within 20 s (${file})`);
    await sleep(10);
  }
}

async function readJson<Shape extends z.ZodType>(file: string, shape: Shape): Promise<z.infer<Shape> | null> {
  const text = await readFile(file, 'utf8').catch(() => null);
  return text === null ? null : shape.parse(JSON.parse(text));
}
