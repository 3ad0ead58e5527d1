import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { fail } from '../errors.ts';

/** An interpreter that can make venvs. `version` is like `3.11.7`. */
export type Python = { path: string; version: string };

const run = promisify(execFile);

/** 3.11 first: the one that all three runtimes have been tried on most. */
const CANDIDATES = ['python3.11', 'python3.12', 'python3.10', 'python3', 'python'];

/** A Debian Python without its venv package has no ensurepip; sys.executable looks through shims. */
const PROBE =
  'import sys, venv, ensurepip, ssl; print(sys.executable); print(".".join(map(str, sys.version_info[:3])))';

/**
 * The Python that runtimes are made with: HEADGATE_PYTHON when set (and then no other), else the first of
 * 3.11, 3.12, 3.10 on PATH that starts and can make a venv. Throws `python-not-found`.
 */
export async function findPython(env: NodeJS.ProcessEnv = process.env): Promise<Python> {
  const candidates = env.HEADGATE_PYTHON ? [env.HEADGATE_PYTHON] : CANDIDATES;
  for (const candidate of candidates) {
    const python = await probe(candidate, env);
    if (python !== null) return python;
  }
  throw fail('python-not-found', { tried: candidates.join(', ') });
}

/** Starts it, because a name on PATH may be a shim with nothing behind it. */
async function probe(candidate: string, env: NodeJS.ProcessEnv): Promise<Python | null> {
  try {
    const { stdout } = await run(candidate, ['-I', '-c', PROBE], { env, timeout: 20_000 });
    const [path, version] = stdout.trim().split('\n');
    return path && version && isSupported(version) ? { path, version } : null;
  } catch {
    return null;
  }
}

/** Airflow 2.10 ends at Python 3.12, and the locks begin at 3.10. */
export function isSupported(version: string): boolean {
  return /^3\.1[012]\./.test(version);
}
