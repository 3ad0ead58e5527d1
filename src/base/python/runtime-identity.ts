import { createHash } from 'node:crypto';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { RUNTIME_NAMES, type Runtime, runtimePresent, TOOL_NAMES } from './runtime.ts';

/**
 * What code sees of a runtime: the lock that it was made from, its Python, its place, and the packages that are in it, those
 * that somebody added by hand included.
 */
export function runtimeIdentity(runtime: Runtime): string {
  const minor = runtime.pythonVersion.split('.').slice(0, 2).join('.');
  const packages = namesIn(join(runtime.home, 'lib', `python${minor}`, 'site-packages'));
  const parts = [runtime.name, runtime.lock, runtime.pythonVersion, runtime.python, packages];
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}

/** The identities of all runtimes that are set up on this machine; null for one that is not. */
export function runtimeIdentities(): { [name: string]: string | null } {
  return Object.fromEntries(
    [...RUNTIME_NAMES, ...TOOL_NAMES].map((name) => {
      const runtime = runtimePresent(name);
      return [name, runtime === null ? null : runtimeIdentity(runtime)];
    }),
  );
}

/** Whether a tool that a check sets up by itself is not there: why a check says that it could not may be over in a moment. */
export function isToolMissing(): boolean {
  return TOOL_NAMES.some((name) => runtimePresent(name) === null);
}

/** Installing, removing or moving a package changes the names of its metadata folders or its files. */
function namesIn(folder: string): string[] {
  const seal = sealOf(folder);
  const known = listings.get(folder);
  if (seal !== null && known?.seal === seal) return known.names;
  const names = readNames(folder);
  if (seal !== null) listings.set(folder, { seal, names });
  return names;
}

/** For a process that stays: a name that comes or goes changes the state of its folder. */
const listings = new Map<string, { seal: string; names: string[] }>();
/** File systems note times in steps; a folder that was changed just now may be changed again in the same step. */
const SETTLED_MILLISECONDS = 2000;

function sealOf(folder: string): string | null {
  const stats = statSync(folder, { bigint: true, throwIfNoEntry: false });
  if (stats === undefined || Date.now() - Number(stats.ctimeMs) < SETTLED_MILLISECONDS) return null;
  return `${stats.dev}/${stats.ino}/${stats.mtimeNs}/${stats.ctimeNs}`;
}

function readNames(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => name !== '__pycache__')
      .sort();
  } catch {
    return [];
  }
}
