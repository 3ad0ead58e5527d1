import { appendFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureRuntime } from '../src/base/python/ensure-runtime.ts';
import { warmImpact } from '../src/workflows/impact/warm-impact.ts';
import { changeEstate, type EstateSize, tenThousand, writeEstate } from './impact-estate.ts';
import { type Figure, milliseconds, runProgram } from './measure.ts';

const main = fileURLToPath(new URL('../src/cli/main.ts', import.meta.url));
const coldRuns = 20;
const warmRuns = 40;

/** Seconds on the clock and of processor, and the most memory in MB, of one run of a program. */
type Usage = { wall: number; cpu: number; memory: number };

/**
 * What impact costs on 10,000 mixed assets when one file differs, beside dbt's own selection of what a change reaches in the same
 * 5,000 models. dbt parses twice there: once for the state of the base, which is not counted, and once to select.
 */
export async function impactFigures(size: EstateSize = tenThousand): Promise<Figure[]> {
  const home = mkdtempSync(join(tmpdir(), 'headgate-bench-'));
  const estate = join(home, 'estate');
  mkdirSync(estate);
  try {
    const { python } = await ensureRuntime('dbt');
    const usage = (argv: string[], env: NodeJS.ProcessEnv = {}) => usageOf(python, argv, { cwd: estate, env });
    writeEstate(estate, size);
    const peer = dbtSelection(estate, (argv) =>
      usage([python, '-m', 'dbt.cli.main', ...argv], { DBT_SEND_ANONYMOUS_USAGE_STATS: 'false' }),
    );
    const impact = (cache: string) =>
      usage([process.execPath, main, 'impact', '--base', 'HEAD~1', '--json'], { HEADGATE_CACHE: join(home, cache) });
    const first = [0, 1, 2].map((run) => impact(`cache-${run}`));
    const later = Array.from({ length: coldRuns }, (_, run) => {
      touch(estate, run);
      return impact('cache-0');
    });
    const warm = await warmTimes(estate);
    const cpu = at(
      later.map((one) => one.cpu),
      0.5,
    );
    return [
      figure(
        'impact, new process, nothing kept yet',
        first,
        peerLine(
          peer,
          at(
            first.map((one) => one.cpu),
            0.5,
          ),
        ),
      ),
      figure('impact, new process, another file edited since', later, peerLine(peer, cpu)),
      {
        what: 'impact, process that stays, another file edited since',
        value: `p50 ${milliseconds(at(warm, 0.5))}, p95 ${milliseconds(at(warm, 0.95))}`,
        beside: '',
      },
    ];
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

function figure(what: string, all: readonly Usage[], beside: string): Figure {
  const wall = all.map((one) => one.wall * 1000);
  const memory = Math.max(...all.map((one) => one.memory));
  const cpu = at(
    all.map((one) => one.cpu),
    0.5,
  ).toFixed(2);
  const value = `p50 ${milliseconds(at(wall, 0.5))}, p95 ${milliseconds(at(wall, 0.95))}, ${cpu} CPU-s, ${Math.round(memory)} MB`;
  return { what, value, beside };
}

function peerLine(peer: Usage, cpu: number): string {
  return `dbt ls -s state:modified+ ${peer.cpu.toFixed(1)} CPU-s (ratio ${(peer.cpu / cpu).toFixed(0)})`;
}

/** The base's manifest, then the selection on the changed files. */
function dbtSelection(estate: string, dbt: (argv: string[]) => Usage): Usage {
  const project = ['--project-dir', 'dbt/shop', '--profiles-dir', 'dbt/shop'];
  dbt(['parse', '--no-partial-parse', ...project, '--target-path', 'state']);
  changeEstate(estate);
  return dbt([
    'ls',
    '--no-partial-parse',
    '-s',
    'state:modified+',
    '--state',
    'state',
    ...project,
    '--target-path',
    'now',
  ]);
}

async function warmTimes(estate: string): Promise<number[]> {
  const answers = warmImpact(null);
  const times: number[] = [];
  for (let run = -2; run < warmRuns; run += 1) {
    touch(estate, 100 + run);
    const started = performance.now();
    const { impact } = await answers.tell(estate, { base: 'HEAD~1', head: null });
    if (impact.changed.length === 0) throw new Error('no change was seen');
    if (run >= 0) times.push(performance.now() - started);
  }
  return times;
}

function touch(estate: string, run: number): void {
  appendFileSync(join(estate, `dbt/shop/models/area_${run % 50}/model_${(run % 50) * 50 + 1}.sql`), '-- seen\n');
}

const measured = [
  'import json, resource, subprocess, sys, time',
  'start = time.time()',
  'subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL)',
  'wall = time.time() - start',
  'used = resource.getrusage(resource.RUSAGE_CHILDREN)',
  'print(json.dumps([wall, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024]))',
].join('\n');

function usageOf(python: string, argv: string[], place: { cwd: string; env: NodeJS.ProcessEnv }): Usage {
  const out = runProgram([python, '-c', measured, ...argv], { cwd: place.cwd, env: { ...process.env, ...place.env } });
  const said: unknown = JSON.parse(out);
  const [wall = 0, cpu = 0, memory = 0] = Array.isArray(said) ? said.map(Number) : [];
  return { wall, cpu, memory };
}

function at(values: readonly number[], share: number): number {
  return values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))] ?? 0;
}
