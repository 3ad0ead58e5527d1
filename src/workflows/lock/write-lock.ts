import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fail, messageOf } from '../../base/errors.ts';
import type { ProgressOf } from '../../base/python/ensure-runtime.ts';
import { buildLock, lockChanges, lockedRuntime } from '../../delivery/checks/lock/build-lock.ts';
import { type LockReading, lockText, readLock } from '../../delivery/checks/lock/lock-text.ts';
import { type WantedRuntime, wantedRuntimes } from '../../delivery/checks/lock/wanted-runtimes.ts';
import { type LockedRuntime, lockFileName, type RuntimeLock } from '../../model/runtime-lock.ts';
import type { ProjectReading } from '../project/read-project.ts';
import { baseRuntimes } from './base-runtimes.ts';
import { resolveRuntime } from './resolve-runtime.ts';

/** `upgrade`: look for newer versions also where the old ones still fit. `check`: resolve nothing that is locked already, write nothing. */
export type WriteLockInput = {
  reading: ProjectReading;
  upgrade: boolean;
  check: boolean;
  onProgress?: (progress: ProgressOf) => void;
};

/** `changes` are sentences for people; empty when the lock was current. `written` is false with `check`, and when nothing changed. */
export type LockOutcome = {
  path: string;
  current: boolean;
  written: boolean;
  changes: string[];
  parts: { [part: string]: string };
};

/**
 * Writes headgate.lock for what the project has now, atomically: until everything is resolved the old lock stays as it is.
 * Throws `requirements-not-locked`, `lock-not-resolved`, `lock-newer`, `lock-not-written`.
 */
export async function writeLock(input: WriteLockInput): Promise<LockOutcome> {
  const { reading, check } = input;
  const { project, files } = reading;
  const wanted = wantedRuntimes({ project, files, bases: baseRuntimes() });
  const before = await lockOf(reading.root, check);
  if (check) return outcomeOf(before, staleLock(input, wanted, before), false);
  const runtimes = new Map<string, LockedRuntime>();
  for (const [id, runtime] of wanted) runtimes.set(id, await lockOne(input, runtime, { id, before }));
  const lock = buildLock(project, wanted, runtimes);
  const changes = lockChanges(before, lock);
  if (changes.length > 0) await replaceLock(join(reading.root, lockFileName), lockText(lock));
  return { ...outcomeOf(lock, changes, changes.length > 0), current: true };
}

/** What is locked already for the same inputs is kept without asking anybody, unless newer versions are wanted. */
async function lockOne(
  { reading, upgrade, onProgress }: WriteLockInput,
  wanted: WantedRuntime,
  { id, before }: { id: string; before: RuntimeLock | null },
): Promise<LockedRuntime> {
  const kept = before?.runtimes[id];
  if (kept !== undefined && !upgrade) return kept;
  const previous = before?.runtimes[before.parts[wanted.parts[0] ?? ''] ?? ''] ?? null;
  const resolved = await resolveRuntime({
    root: reading.root,
    wanted,
    previous,
    upgrade,
    ...(onProgress && { onProgress }),
  });
  try {
    return lockedRuntime(wanted, resolved);
  } catch (error) {
    throw fail('lock-not-resolved', { part: wanted.parts.join(', '), tool: 'uv', output: messageOf(error) }, error);
  }
}

/** The parts whose lock is not for what the project has now; nothing is resolved for this. */
function staleLock(
  { reading }: WriteLockInput,
  wanted: Map<string, WantedRuntime>,
  before: RuntimeLock | null,
): string[] {
  if (before === null) return [`there is no ${lockFileName} that can be used`];
  const fresh = buildLock(reading.project, wanted, new Map());
  const names = [...new Set([...Object.keys(fresh.parts), ...Object.keys(before.parts)])].sort();
  const parts = names
    .filter(
      (part) => fresh.parts[part] !== before.parts[part] || before.runtimes[before.parts[part] ?? ''] === undefined,
    )
    .map((part) =>
      fresh.parts[part] === undefined
        ? `${part} no longer needs a runtime`
        : `${part} is not locked for what it needs now`,
    );
  return JSON.stringify(fresh.images) === JSON.stringify(before.images) ? parts : [...parts, 'the images have changed'];
}

function outcomeOf(lock: RuntimeLock | null, changes: string[], written: boolean): LockOutcome {
  return { path: lockFileName, current: changes.length === 0, written, changes, parts: lock?.parts ?? {} };
}

/** The lock that is there; null when there is none, or a broken one that is to be replaced. */
async function lockOf(root: string, check: boolean): Promise<RuntimeLock | null> {
  const path = join(root, lockFileName);
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw fail('lock-unreadable', { path: lockFileName, because: messageOf(error) }, error);
  });
  const reading: LockReading | null = text === null ? null : readLock(text);
  if (reading?.read === 'newer') throw fail('lock-newer', { path: lockFileName, version: reading.version });
  if (reading?.read === 'broken' && check)
    throw fail('lock-unreadable', { path: lockFileName, because: reading.because });
  return reading?.read === 'lock' ? reading.lock : null;
}

async function replaceLock(path: string, text: string): Promise<void> {
  const draft = `${path}.${process.pid}.draft`;
  try {
    await writeFile(draft, text, { mode: 0o644 });
    await rename(draft, path);
  } catch (error) {
    throw fail('lock-not-written', { path: lockFileName, because: messageOf(error) }, error);
  } finally {
    await rm(draft, { force: true });
  }
}
