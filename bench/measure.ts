import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { cpus, loadavg, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cacheHome } from '../src/base/python/cache-home.ts';

/** What people run. */
const headgateProgram = fileURLToPath(new URL('../bin/headgate.js', import.meta.url));

/** One figure of the bench: what was measured, how it came out, and what it is compared with where a peer runs here. */
export type Figure = { what: string; value: string; beside: string };

/** The median of `runs` timings of an act, in milliseconds. One more run goes before, uncounted. */
export async function medianOf(runs: number, act: () => Promise<void> | void): Promise<number> {
  const times: number[] = [];
  for (let run = 0; run <= runs; run += 1) {
    const started = performance.now();
    await act();
    if (run > 0) times.push(performance.now() - started);
  }
  return times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)] ?? 0;
}

/** The median of `runs` timings of an act that does its work for the first time, each in a cache home of its own. */
export async function medianOfFirst(
  runs: number,
  act: (env: NodeJS.ProcessEnv) => Promise<void> | void,
): Promise<number> {
  const times: number[] = [];
  for (let run = 0; run < runs; run += 1) {
    const home = emptyCache();
    const started = performance.now();
    await act({ HEADGATE_CACHE: home });
    times.push(performance.now() - started);
    rmSync(home, { recursive: true, force: true });
  }
  return times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)] ?? 0;
}

/** A cache home in which nothing is known, and the runtimes of this machine are set up. Whoever asks for it removes it. */
export function emptyCache(): string {
  const home = mkdtempSync(join(tmpdir(), 'headgate-bench-cache-'));
  mkdirSync(join(cacheHome(), 'runtimes'), { recursive: true });
  symlinkSync(join(cacheHome(), 'runtimes'), join(home, 'runtimes'));
  return home;
}

/** Where a program is run, and which ends are no failure: 0 alone when absent. */
type Running = { cwd: string; env?: NodeJS.ProcessEnv; ends?: readonly number[] };

/** `headgate` as people run it, in this process's environment with `env` over it. */
export function runHeadgate(words: readonly string[], place: Running): string {
  const env = { ...process.env, HEADGATE_HELPER: 'off', ...place.env };
  return runProgram([process.execPath, headgateProgram, ...words], { ...place, env });
}

/** Runs a program to its end; throws with what it wrote when it fails. */
export function runProgram(argv: readonly string[], { ends = [0], ...options }: Running): string {
  const [program = '', ...rest] = argv;
  const ran = spawnSync(program, rest, { ...options, encoding: 'utf8', maxBuffer: 256 * 1024 * 1024 });
  if (!ends.includes(ran.status ?? -1))
    throw new Error(`${argv.join(' ')} ended ${ran.status}: ${ran.stderr.slice(-2000)}`);
  return ran.stdout;
}

export function milliseconds(value: number): string {
  return value >= 1000 ? `${(value / 1000).toFixed(2)} s` : `${value.toFixed(value < 10 ? 1 : 0)} ms`;
}

/** The machine that the figures belong to. */
export function machineLine(): string {
  const [first] = cpus();
  return `${cpus().length} cores (${first?.model.trim() ?? 'unknown'}), ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.versions.node}, load ${loadavg()[0]?.toFixed(1)} at the start`;
}
