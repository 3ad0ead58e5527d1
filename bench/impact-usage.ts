import { readFileSync } from 'node:fs';
import { milliseconds, runProgram } from './measure.ts';

/** Seconds on the clock and of processor, and the most memory in MB, of one run of a program with all that it starts. */
export type Usage = { wall: number; cpu: number; memory: number };

const measured = [
  'import json, resource, subprocess, sys, time',
  'start = time.time()',
  'subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL)',
  'wall = time.time() - start',
  'used = resource.getrusage(resource.RUSAGE_CHILDREN)',
  'print(json.dumps([wall, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024]))',
].join('\n');

/** Runs a program to its end under a Python that counts. */
export function usageOf(python: string, argv: string[], place: { cwd: string; env: NodeJS.ProcessEnv }): Usage {
  const out = runProgram([python, '-c', measured, ...argv], { cwd: place.cwd, env: { ...process.env, ...place.env } });
  const said: unknown = JSON.parse(out);
  const [wall = 0, cpu = 0, memory = 0] = Array.isArray(said) ? said.map(Number) : [];
  return { wall, cpu, memory };
}

/** What an act in this process takes, and what it starts with it. */
export async function usageHere(act: () => Promise<void>): Promise<Usage> {
  const [before, started] = [processorSeconds(), performance.now()];
  await act();
  const wall = (performance.now() - started) / 1000;
  return { wall, cpu: processorSeconds() - before, memory: process.memoryUsage.rss() / 2 ** 20 };
}

/** Of this process and of those that it started and that have ended, in steps of a hundredth of a second for those. */
function processorSeconds(): number {
  const { user, system } = process.cpuUsage();
  const fields = readFileSync('/proc/self/stat', 'utf8')
    .replace(/^.*\) /, '')
    .split(' ');
  const [ofChildren = '0', bySystem = '0'] = fields.slice(13);
  return (user + system) / 1e6 + (Number(ofChildren) + Number(bySystem)) / 100;
}

/** `p50 x, p95 y, n CPU-s, m MB`: of the clock its middle and its worse end, of the processor the mean, of memory the most. */
export function usageText(all: readonly Usage[]): string {
  const wall = all.map((one) => one.wall * 1000);
  const memory = Math.round(Math.max(...all.map((one) => one.memory)));
  return `p50 ${milliseconds(at(wall, 0.5))}, p95 ${milliseconds(at(wall, 0.95))}, ${meanCpu(all).toFixed(2)} CPU-s, ${memory} MB`;
}

export function meanCpu(all: readonly Usage[]): number {
  return all.reduce((sum, one) => sum + one.cpu, 0) / all.length;
}

function at(values: readonly number[], share: number): number {
  return values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))] ?? 0;
}
