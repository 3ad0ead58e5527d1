import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

/** One running process. `began` tells it apart from a later one with the same pid; `session` is its session's leader. */
export type Running = { pid: number; parent: number; session: number; began: string };

const run = promisify(execFile);

/** The processes of this machine that can be seen. */
export async function processTable(): Promise<Running[]> {
  return process.platform === 'linux' ? fromProc() : fromPs();
}

/** A process, its descendants, and everything in its session: what it started, also what has left its process group. */
export function familyOf(pid: number, table: readonly Running[]): Running[] {
  const family = new Map<number, Running>();
  const add = (found: Running) => {
    if (family.has(found.pid)) return;
    family.set(found.pid, found);
    for (const child of table) if (child.parent === found.pid) add(child);
  };
  for (const found of table) if (found.pid === pid || found.session === pid) add(found);
  return [...family.values()];
}

async function fromProc(): Promise<Running[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(
    pids.map(async (pid) => parseStat(Number(pid), await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => ''))),
  );
  return found.filter((running) => running !== null);
}

/** `pid (name) state ppid pgrp session ... starttime`; the name may hold anything, so count from its last bracket. */
function parseStat(pid: number, text: string): Running | null {
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  if (fields.length < 20 || fields[0] === 'Z') return null;
  return { pid, parent: Number(fields[1]), session: Number(fields[3]), began: fields[19] ?? '' };
}

async function fromPs(): Promise<Running[]> {
  const { stdout } = await run('ps', ['-axo', 'pid=,ppid=,sess=,lstart=']);
  return stdout.split('\n').flatMap((line) => {
    const match = /^\s*(\d+)\s+(\d+)\s+(\S+)\s+(.+)$/.exec(line);
    if (match === null) return [];
    return [{ pid: Number(match[1]), parent: Number(match[2]), session: Number(match[3]), began: match[4] ?? '' }];
  });
}
