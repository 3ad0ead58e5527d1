import { spawn } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { fail } from '../errors.ts';
import { bridgeFolder } from './bridge-folder.ts';
import { cacheHome } from './cache-home.ts';
import { findPython } from './find-python.ts';
import { presentAt, type Runtime, type RuntimeName, type RuntimePlace, runtimePlace } from './runtime.ts';

export type ProgressOf = { step: string; message: string };
export type EnsureOptions = { env?: NodeJS.ProcessEnv; onProgress?: (progress: ProgressOf) => void };

const MakerLine = z.union([
  z.object({ step: z.string(), message: z.string() }),
  z.object({ failed: z.string(), output: z.string() }),
  z.object({ ready: z.literal(true), python: z.string() }),
]);
type MakerLine = z.infer<typeof MakerLine>;

/**
 * The runtime, made first where it is missing: seconds to a minute then, under a millisecond or two when present.
 * Any number of processes may ask at once. Throws `python-not-found`, `runtime-not-made`.
 */
export async function ensureRuntime(name: RuntimeName, options: EnsureOptions = {}): Promise<Runtime> {
  return ensureAt(runtimePlace(name, options.env), options);
}

/** `ensureRuntime` for the lock of a place (`placeOfLock`). */
export async function ensureAt(place: RuntimePlace, options: EnsureOptions = {}): Promise<Runtime> {
  const present = presentAt(place);
  if (present !== null) return present;
  await makeRuntime(place, options);
  const made = presentAt(place);
  if (made === null) throw notMade(place, 'the environment', 'It was removed while it was being made.');
  return made;
}

async function makeRuntime(place: RuntimePlace, options: EnsureOptions): Promise<void> {
  const env = options.env ?? process.env;
  const cache = cacheHome(env);
  const python = await findPython(env);
  await mkdir(cache, { recursive: true });
  const lines = runMaker(
    [
      python.path,
      join(bridgeFolder, 'src', 'headgate_bridge', 'make_runtime.py'),
      ...['--cache', cache, '--name', place.name, '--lock', place.lockFile],
      ...['--uv-lock', join(bridgeFolder, 'locks', 'uv.txt'), '--venv', place.home],
    ],
    { cwd: cache, env },
  );
  let last = 'The maker said nothing.';
  for await (const line of lines) {
    if ('ready' in line) return;
    if ('failed' in line) throw notMade(place, line.failed, line.output);
    last = line.message;
    options.onProgress?.(line);
  }
  throw notMade(place, 'the maker', last);
}

async function* runMaker(argv: string[], where: { cwd: string; env: NodeJS.ProcessEnv }): AsyncGenerator<MakerLine> {
  const [program = '', ...args] = argv;
  const child = spawn(program, ['-I', ...args], { ...where, stdio: ['ignore', 'pipe', 'pipe'] });
  let trouble = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    trouble = (trouble + text).slice(-4000);
  });
  const ended = new Promise<void>((resolve) => child.on('close', () => resolve()));
  for await (const line of createInterface({ input: child.stdout })) yield MakerLine.parse(JSON.parse(line));
  await ended;
  if (trouble !== '') yield { failed: 'the maker', output: trouble };
}

function notMade(place: RuntimePlace, step: string, output: string): Error {
  return fail('runtime-not-made', { runtime: place.name, step, output: output.trim() });
}
