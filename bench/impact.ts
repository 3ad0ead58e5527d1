import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureRuntime } from '../src/base/python/ensure-runtime.ts';
import { answersOf } from './impact-answers.ts';
import { modelEdits } from './impact-edits.ts';
import { changeEstate, type EstateSize, tenThousand, writeEstate } from './impact-estate.ts';
import { sqlmeshFigures } from './impact-sqlmesh.ts';
import { meanCpu, type Usage, usageOf, usageText } from './impact-usage.ts';
import type { Figure } from './measure.ts';

/**
 * What impact costs on 10,000 mixed assets when one file differs, beside dbt's own selection of what a change reaches in the same
 * 5,000 models, and on 1,000 models beside SQLMesh.
 */
export async function impactFigures(size: EstateSize = tenThousand): Promise<Figure[]> {
  const home = mkdtempSync(join(tmpdir(), 'headgate-bench-'));
  try {
    return [...(await besideDbt(home, size)), ...(await sqlmeshFigures(home))];
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

/** dbt parses twice there: once for the state of the base, which is not counted, and once to select. */
async function besideDbt(home: string, size: EstateSize): Promise<Figure[]> {
  const estate = join(home, 'estate');
  mkdirSync(estate);
  const { python } = await ensureRuntime('dbt');
  writeEstate(estate, size);
  const dbt = (argv: string[]) =>
    usageOf(python, [python, '-m', 'dbt.cli.main', ...argv], {
      cwd: estate,
      env: { DBT_SEND_ANONYMOUS_USAGE_STATS: 'false' },
    });
  const peer = dbtSelection(home, estate, dbt);
  const edit = modelEdits(estate, size.models);
  const { first, later, warm } = await answersOf({ python, home, estate, base: 'HEAD~1', edit });
  const beside = (all: readonly Usage[]) =>
    `dbt ls -s state:modified+ ${peer.wall.toFixed(1)} s, ${peer.cpu.toFixed(1)} CPU-s (ratio ${(peer.cpu / meanCpu(all)).toFixed(0)} of CPU)`;
  return [
    { what: 'impact, new process, nothing kept yet', value: usageText(first), beside: beside(first) },
    { what: 'impact, new process, another file edited since', value: usageText(later), beside: beside(later) },
    { what: 'impact, process that stays, another file edited since', value: usageText(warm), beside: beside(warm) },
  ];
}

/** The base's manifest, then the selection on the changed files. What dbt writes lies outside of what impact reads. */
function dbtSelection(home: string, estate: string, dbt: (argv: string[]) => Usage): Usage {
  const project = ['--project-dir', 'dbt/shop', '--profiles-dir', 'dbt/shop', '--log-path', join(home, 'logs')];
  const state = join(home, 'state');
  dbt(['parse', '--no-partial-parse', ...project, '--target-path', state]);
  changeEstate(estate);
  const select = ['-s', 'state:modified+', '--state', state];
  return dbt(['ls', '--no-partial-parse', ...select, ...project, '--target-path', join(home, 'now')]);
}
