import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { promisify } from 'node:util';
import { childEnv } from '../../base/child-env.ts';
import { findPython } from '../../base/python/find-python.ts';
import { runtimePresent } from '../../base/python/runtime.ts';
import type { SparkEnvironment } from './environment-settings.ts';

const run = promisify(execFile);

/** Reads and compiles without running, and writes no bytecode. */
const COMPILE = 'import sys; compile(open(sys.argv[1], "rb").read(), sys.argv[1], "exec", dont_inherit=True)';

/** The only part that starts Spark's Python. */
export type SparkClient = {
  /** What Python says of a file that does not compile, else null. Throws when no Python can be started. */
  compile(file: string): Promise<string | null>;
  /** Whether a jar or another archive begins as a zip does. */
  isArchive(file: string): Promise<boolean>;
};

export function sparkClient(settings: SparkEnvironment): SparkClient {
  return {
    async compile(file) {
      if (!existsSync(file)) return 'No such file';
      const python = settings.python ?? runtimePresent('spark')?.python ?? (await findPython(process.env)).path;
      try {
        await run(python, ['-I', '-c', COMPILE, file], { env: childEnv([], {}), timeout: 60_000 });
        return null;
      } catch (error) {
        if (error instanceof Error && 'stderr' in error && typeof error.stderr === 'string' && error.stderr !== '') {
          return error.stderr;
        }
        throw error;
      }
    },
    isArchive: startsAsZip,
  };
}

async function startsAsZip(file: string): Promise<boolean> {
  const handle = await open(file, 'r').catch(() => null);
  if (handle === null) return false;
  try {
    const { buffer } = await handle.read(Buffer.alloc(4), 0, 4, 0);
    return buffer.equals(Buffer.from([0x50, 0x4b, 0x03, 0x04]));
  } finally {
    await handle.close();
  }
}
