import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { z } from 'zod';
import { fail, messageOf } from '../../base/errors.ts';
import { bridgeFolder } from '../../base/python/bridge-folder.ts';
import { ensureRuntime, type ProgressOf } from '../../base/python/ensure-runtime.ts';
import { runtimeEnv } from '../../base/python/runtime.ts';
import { redact } from '../../base/redact.ts';
import type { WantedRuntime } from '../../delivery/checks/lock/wanted-runtimes.ts';
import type { LockedJar } from '../../model/runtime-lock.ts';

const run = promisify(execFile);
const Answer = z.object({ jars: z.array(z.object({ coordinate: z.string(), file: z.string() })) });
const MINUTES = 10;

/**
 * The jars that Spark itself takes for the Maven coordinates, through its own Ivy and so through whatever repositories this
 * machine's Spark is set to; each with the sha256 of its file. Throws `lock-not-resolved`.
 */
export async function resolveJars(
  wanted: WantedRuntime,
  onProgress?: (progress: ProgressOf) => void,
): Promise<LockedJar[]> {
  if (wanted.coordinates.length === 0) return [];
  const runtime = await ensureRuntime('spark', onProgress === undefined ? {} : { onProgress });
  onProgress?.({ step: 'jars', message: `resolving ${wanted.coordinates.join(', ')}` });
  const folder = await mkdtemp(join(tmpdir(), 'headgate-jars-'));
  try {
    const program = join(bridgeFolder, 'src', 'headgate_bridge', 'resolve_jars.py');
    const { stdout } = await run(runtime.python, ['-I', program, ...wanted.coordinates], {
      env: { ...process.env, ...runtimeEnv(runtime) },
      cwd: folder,
      timeout: MINUTES * 60_000,
      maxBuffer: 16 * 1024 * 1024,
    });
    const { jars } = Answer.parse(JSON.parse(stdout.trim().split('\n').at(-1) ?? ''));
    return await Promise.all(
      jars.map(async ({ coordinate, file }) => ({ coordinate, sha256: await digestOfFile(file) })),
    );
  } catch (error) {
    throw fail(
      'lock-not-resolved',
      { part: wanted.parts.join(', '), tool: 'Spark’s Ivy', output: complaint(error) },
      error,
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The lines in which Ivy names what it did not find, else the end of what was said. */
function complaint(error: unknown): string {
  const said = error instanceof Error && 'stderr' in error ? String(error.stderr) : messageOf(error);
  const lines = said
    .split('\n')
    .filter((line) => /unresolved dependency|not found|Server access error|Exception/i.test(line));
  return redact((lines.length > 0 ? [...new Set(lines)].slice(0, 12).join('\n') : said.slice(-2000)).trim());
}

async function digestOfFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return `sha256:${hash.digest('hex')}`;
}
