import { readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { processTable } from '../../environments/stack/process-table.ts';
import type { HelperPlace } from './helper-place.ts';

/** A helper as it wrote itself down. `began` tells its process from a later one with the same id; `since` is an ISO time. */
export type HelperRecord = { name: string; pid: number; began: string; root: string; since: string };

/** Writes down that this process is the helper of a place. */
export async function writeRecord({ folder, name, root }: HelperPlace): Promise<void> {
  const record: HelperRecord = {
    ...{ name, pid: process.pid, began: (await beganOf(process.pid)) ?? '', root },
    since: new Date().toISOString(),
  };
  const draft = join(folder, `.${name}-${process.pid}`);
  writeFileSync(draft, JSON.stringify(record), { mode: 0o600 });
  renameSync(draft, fileOf(folder, name));
}

export function removeRecord({ folder, name }: Pick<HelperPlace, 'folder' | 'name'>): void {
  rmSync(fileOf(folder, name), { force: true });
}

/** The helpers in a folder that run; what dead ones left is removed. */
export async function runningHelpers(folder: string): Promise<HelperRecord[]> {
  const table = new Map((await processTable()).map(({ pid, began }) => [pid, began]));
  const running: HelperRecord[] = [];
  for (const record of recordsIn(folder)) {
    if (table.get(record.pid) === record.began) running.push(record);
    else removeRecord({ folder, name: record.name });
  }
  return running.sort((a, b) => (a.root < b.root ? -1 : 1));
}

function recordsIn(folder: string): HelperRecord[] {
  try {
    const names = readdirSync(folder).filter((name) => /^[0-9a-f]{20}\.json$/.test(name));
    return names.flatMap((name) => readRecord(join(folder, name)));
  } catch {
    return [];
  }
}

function readRecord(file: string): HelperRecord[] {
  try {
    const read: unknown = JSON.parse(readFileSync(file, 'utf8'));
    return isRecord(read) ? [read] : [];
  } catch {
    return [];
  }
}

function isRecord(read: unknown): read is HelperRecord {
  if (read === null || typeof read !== 'object' || !('pid' in read) || !('began' in read)) return false;
  return Number.isInteger(read.pid) && typeof read.began === 'string' && 'name' in read && 'root' in read;
}

async function beganOf(pid: number): Promise<string | null> {
  return (await processTable()).find((one) => one.pid === pid)?.began ?? null;
}

function fileOf(folder: string, name: string): string {
  return join(folder, `${name}.json`);
}
