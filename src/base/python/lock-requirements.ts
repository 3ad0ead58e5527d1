import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { messageOf } from '../errors.ts';
import { bridgeFolder } from './bridge-folder.ts';
import { cacheHome } from './cache-home.ts';
import type { ProgressOf } from './ensure-runtime.ts';
import { findPython } from './find-python.ts';

/**
 * `files` are requirement files as seen from `folder` (absolute); `more` is the text of one more. `known` is a requirements text
 * whose versions are kept where they fit. `python` is the least version that the result must serve, such as `3.10`.
 */
export type LockRequest = {
  folder: string;
  files: readonly string[];
  more: string;
  known: string;
  python: string;
  onProgress?: (progress: ProgressOf) => void;
};

/** `conflict`: the requirements contradict each other; otherwise uv could not find out (no registry, no such package here). */
export type LockAnswer = { locked: string } | { refused: string; conflict: boolean };

const LockLine = z.union([
  z.object({ step: z.string(), message: z.string() }),
  z.object({ locked: z.string() }),
  z.object({ refused: z.string(), conflict: z.boolean() }),
  z.object({ failed: z.string(), output: z.string() }),
]);

/** Resolving may have to download the metadata of hundreds of packages. */
const SECONDS = 900;

/** Pins requirements with hashes through the pinned uv. Writes nothing but caches. Throws `python-not-found`. */
export async function lockRequirements(request: LockRequest): Promise<LockAnswer> {
  const python = await findPython();
  const cache = cacheHome();
  await mkdir(cache, { recursive: true });
  const scratch = await mkdtemp(join(tmpdir(), 'headgate-lock-'));
  try {
    await writeFile(join(scratch, 'known.txt'), request.known);
    await writeFile(join(scratch, 'base.in'), request.more);
    const program = join(bridgeFolder, 'src', 'headgate_bridge', 'lock_requirements.py');
    const places = ['--cache', cache, '--uv-lock', join(bridgeFolder, 'locks', 'uv.txt'), '--folder', request.folder];
    const known = ['--known', join(scratch, 'known.txt'), '--python', request.python];
    const files = [...request.files, join(scratch, 'base.in')];
    return await answerOf([python.path, '-I', program, ...places, ...known, ...files], request);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

async function answerOf(argv: readonly string[], { onProgress }: LockRequest): Promise<LockAnswer> {
  const [program = '', ...args] = argv;
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], timeout: SECONDS * 1000 });
  let trouble = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    trouble = (trouble + text).slice(-4000);
  });
  child.on('error', (error) => {
    trouble += messageOf(error);
  });
  const ended = new Promise<void>((resolve) => child.on('close', () => resolve()));
  let answer: LockAnswer | null = null;
  for await (const text of createInterface({ input: child.stdout })) {
    const line = LockLine.parse(JSON.parse(text));
    if ('step' in line) onProgress?.(line);
    else answer = 'failed' in line ? { refused: line.output, conflict: false } : line;
  }
  await ended;
  return answer ?? { refused: trouble.trim() || `uv gave no answer in ${SECONDS} s`, conflict: false };
}
