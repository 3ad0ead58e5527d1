import { spawn } from 'node:child_process';
import { mkdir, open, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { fail } from '../../base/errors.ts';
import { familyOf, processTable, type Running } from './process-table.ts';

const Owned = z.object({ name: z.string(), pid: z.number().int().positive(), began: z.string(), log: z.string() });
export type Owned = z.infer<typeof Owned>;
const OwnedFile = z.object({ version: z.literal(1), processes: z.array(Owned) });

export type Launch = { name: string; argv: string[]; env: NodeJS.ProcessEnv; cwd: string };

const FILE = 'processes.json';
const GRACE_SECONDS = 10;

/**
 * Starts a program that outlives this one, in a session of its own, its output in `<folder>/logs/<name>.log`, and
 * records it, so that any later Headgate can find and stop it. Throws `stack-not-started` when it cannot be started.
 */
export async function launchOwned(folder: string, { name, argv, env, cwd }: Launch): Promise<Owned> {
  const log = join(folder, 'logs', `${name}.log`);
  await mkdir(dirname(log), { recursive: true });
  const output = await open(log, 'a', 0o600);
  try {
    const [program = '', ...args] = argv;
    const child = spawn(program, args, { cwd, env, detached: true, stdio: ['ignore', output.fd, output.fd] });
    await new Promise<void>((started, failed) => child.once('spawn', started).once('error', failed));
    child.unref();
    const pid = child.pid ?? 0;
    const began = (await processTable()).find((running) => running.pid === pid)?.began ?? '';
    const owned = { name, pid, began, log };
    await writeOwned(folder, [...(await readOwned(folder)).filter((other) => other.name !== name), owned]);
    return owned;
  } catch (error) {
    throw fail('stack-not-started', { name, log, output: String(error) }, error);
  } finally {
    await output.close();
  }
}

/** Those recorded in the folder that still run, under the same pid and start. */
export async function runningOwned(folder: string): Promise<Owned[]> {
  const table = await processTable();
  return (await readOwned(folder)).filter((owned) => table.some((running) => isSame(running, owned)));
}

/** Names of those recorded in the folder that have ended by themselves, or were killed. */
export async function endedOwned(folder: string): Promise<string[]> {
  const table = await processTable();
  const ended = (await readOwned(folder)).filter((owned) => !table.some((running) => isSame(running, owned)));
  return ended.map(({ name }) => name);
}

/**
 * Stops everything recorded in the folder with all that it started, also what a killed one left behind: asked first, killed
 * after 10 s. Gives the names of those of which anything ran. Nothing to stop is fine.
 */
export async function stopOwned(folder: string): Promise<string[]> {
  const table = await processTable();
  const owned = (await readOwned(folder)).map((one) => ({ ...one, family: leftOf(one, table) }));
  const families = owned.flatMap(({ family }) => family);
  for (const { pid, family } of owned) {
    const leader = family.find((running) => running.pid === pid);
    for (const running of leader === undefined ? family : [leader]) signal(running.pid, 'SIGTERM');
  }
  const left = await waitUntilGone(families, GRACE_SECONDS);
  for (const { pid } of left) signal(pid, 'SIGKILL');
  await waitUntilGone(left, GRACE_SECONDS);
  await rm(join(folder, FILE), { force: true });
  return owned.filter(({ family }) => family.length > 0).map(({ name }) => name);
}

/** A recorded process and all that it started. Another program that has its pid now is none of ours, nor what that started. */
function leftOf(owned: Owned, table: readonly Running[]): Running[] {
  const leader = table.find(({ pid }) => pid === owned.pid);
  return leader === undefined || isSame(leader, owned) ? familyOf(owned.pid, table) : [];
}

async function waitUntilGone(wanted: readonly Running[], seconds: number): Promise<Running[]> {
  const deadline = Date.now() + seconds * 1000;
  for (;;) {
    const table = await processTable();
    const left = table.filter((running) => wanted.some((other) => isSame(running, other)));
    if (left.length === 0 || Date.now() > deadline) return left;
    await sleep(100);
  }
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It has ended meanwhile.
  }
}

function isSame(a: { pid: number; began: string }, b: { pid: number; began: string }): boolean {
  return a.pid === b.pid && a.began === b.began;
}

async function readOwned(folder: string): Promise<Owned[]> {
  const text = await readFile(join(folder, FILE), 'utf8').catch(() => null);
  if (text === null) return [];
  const parsed = OwnedFile.safeParse(JSON.parse(text));
  return parsed.success ? parsed.data.processes : [];
}

async function writeOwned(folder: string, processes: Owned[]): Promise<void> {
  const draft = join(folder, `${FILE}.${process.pid}.draft`);
  await writeFile(draft, JSON.stringify({ version: 1, processes }), { mode: 0o600 });
  await rename(draft, join(folder, FILE));
}
