import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureAt, ensureRuntime } from '../src/base/python/ensure-runtime.ts';
import { placeOfLock } from '../src/base/python/runtime.ts';
import { terraformTool } from '../src/targets/terraform/terraform-tool.ts';
import { changeEstate, type EstateSize, tenThousand, writeEstate } from './impact-estate.ts';
import { emptyCache, type Figure, milliseconds, runHeadgate, runProgram } from './measure.ts';

const ruffLock = fileURLToPath(new URL('peers/ruff.txt', import.meta.url));
const changed = 'dbt/shop/models/area_50/model_2500.sql';

/**
 * The whole answer to a pull request as CI asks for it (docs/ci.md): impact, checks and the comment, on 250 pipelines and 5,000 models of
 * which one was edited. Beside it the tools that the checks stand for, one after another, each as its own documentation starts it.
 */
export async function pullRequestFigures(size: EstateSize = tenThousand): Promise<Figure[]> {
  const home = mkdtempSync(join(tmpdir(), 'headgate-bench-'));
  const cache = emptyCache();
  try {
    const estate = join(home, 'estate');
    mkdirSync(estate);
    writeEstate(estate, size);
    runProgram(['git', 'switch', '-q', '-c', 'change'], { cwd: estate });
    changeEstate(estate);
    const cold = timed(() => answer(estate, cache));
    const warm = [0, 1, 2].map(() => timed(() => answer(estate, cache))).toSorted((a, b) => a - b)[1] ?? 0;
    const tools = await toolTimes(estate, home);
    const sum = tools.reduce((all, { took }) => all + took, 0);
    const each = tools.map(({ name, took }) => `${name} ${milliseconds(took)}`).join(', ');
    const what = `pull-request answer, ${size.dags} pipelines and ${size.models} models`;
    return [
      {
        what: `${what}, nothing known yet`,
        value: milliseconds(cold),
        beside: `tools one after another ${milliseconds(sum)} (${(sum / cold).toFixed(1)} times): ${each}`,
      },
      { what: `${what}, again`, value: milliseconds(warm), beside: `${(sum / warm).toFixed(0)} times` },
    ];
  } finally {
    rmSync(home, { recursive: true, force: true });
    rmSync(cache, { recursive: true, force: true });
  }
}

function timed(act: () => void): number {
  const started = performance.now();
  act();
  return performance.now() - started;
}

/** What the action carries out, in its order. */
function answer(estate: string, cache: string): void {
  const env = { HEADGATE_CACHE: cache, CI: 'true' };
  // What is found in the estate may stop a release.
  const headgate = (...words: string[]) => runHeadgate(words, { cwd: estate, env, ends: [0, 1] });
  const [impact, check] = [join(estate, '../impact.json'), join(estate, '../check.json')];
  writeFileSync(impact, headgate('impact', '--base', 'main', '--json'));
  writeFileSync(check, headgate('check', '--base', 'main', '--json'));
  headgate('report', '--impact', impact, '--check', check, '--output', join(estate, '../comment.md'));
}

type ToolTime = { name: string; took: number };

async function toolTimes(estate: string, home: string): Promise<ToolTime[]> {
  const pythons = {
    ruff: (await ensureAt(placeOfLock('ruff', ruffLock))).python,
    airflow: (await ensureRuntime('airflow')).python,
    dbt: (await ensureRuntime('dbt')).python,
    sqlfluff: (await ensureRuntime('sqlfluff')).python,
  };
  const project = ['--project-dir', 'dbt/shop', '--profiles-dir', 'dbt/shop', '--target-path', join(home, 'target')];
  const dbt = (...words: string[]) => [pythons.dbt, '-m', 'dbt.cli.main', ...words, ...project];
  const terraform = terraformTool();
  const tools: [name: string, argv: string[]][] = [
    ['ruff check', [pythons.ruff, '-m', 'ruff', 'check', '--no-cache', '.']],
    ['DagBag', [pythons.airflow, '-c', dagBag(join(estate, 'airflow/dags'))]],
    ['dbt parse', dbt('parse')],
    ['dbt compile', dbt('compile')],
    ['sqlfluff lint of what changed', [pythons.sqlfluff, '-m', 'sqlfluff', 'lint', '--dialect', 'duckdb', changed]],
    ...(terraform === null
      ? []
      : [['terraform fmt', [terraform, 'fmt', '-check', '-recursive']] satisfies [string, string[]]]),
  ];
  const env = {
    ...process.env,
    ...{ DBT_SEND_ANONYMOUS_USAGE_STATS: 'false', AIRFLOW_HOME: join(home, 'airflow') },
    ...{ AIRFLOW__CORE__LOAD_EXAMPLES: 'False', PYTHONDONTWRITEBYTECODE: '1' },
  };
  // What a linter finds makes it end with 1, terraform fmt with 3.
  const run = (argv: string[]) => timed(() => void runProgram(argv, { cwd: estate, env, ends: [0, 1, 3] }));
  return tools.map(([name, argv]) => ({ name, took: run(argv) }));
}

function dagBag(dags: string): string {
  return [
    'from airflow.models.dagbag import DagBag',
    `bag = DagBag(${JSON.stringify(dags)}, include_examples=False, read_dags_from_db=False)`,
    'assert bag.dags and not bag.import_errors',
  ].join('\n');
}
