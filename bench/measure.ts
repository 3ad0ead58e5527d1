import { spawnSync } from 'node:child_process';
import { cpus, totalmem } from 'node:os';

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

/** Runs a program to its end; throws with what it wrote when it fails. */
export function runProgram(argv: readonly string[], options: { cwd: string; env?: NodeJS.ProcessEnv }): string {
  const [program = '', ...rest] = argv;
  const ran = spawnSync(program, rest, { ...options, encoding: 'utf8', maxBuffer: 256 * 1024 * 1024 });
  if (ran.status !== 0) throw new Error(`${argv.join(' ')} ended ${ran.status}: ${ran.stderr.slice(-2000)}`);
  return ran.stdout;
}

export function milliseconds(value: number): string {
  return value >= 1000 ? `${(value / 1000).toFixed(2)} s` : `${value.toFixed(value < 10 ? 1 : 0)} ms`;
}

/** The machine that the figures belong to. */
export function machineLine(): string {
  const [first] = cpus();
  return `${cpus().length} cores (${first?.model.trim() ?? 'unknown'}), ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.versions.node}`;
}
