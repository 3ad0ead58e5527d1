import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openBridge } from '../src/base/bridge/open-bridge.ts';
import { ensureRuntime } from '../src/base/python/ensure-runtime.ts';
import { dagFile } from '../tests/bridge/dag-project.ts';
import { type Figure, medianOf, milliseconds, runProgram } from './measure.ts';

const count = 250;
const runs = 5;

/**
 * 250 DAG files read for real: in confined forks that a hanging or hostile file cannot leave, with their imports, tasks and what they
 * run, and serialised. Beside Airflow's own DagBag in the same runtime, which reads them all in one process without limits and
 * serialises none. Each run is a new process that finds the files as a fresh checkout has them, without compiled ones.
 */
export async function dagParsing(): Promise<Figure[]> {
  const root = mkdtempSync(join(tmpdir(), 'headgate-bench-'));
  try {
    mkdirSync(join(root, 'dags'));
    for (let index = 0; index < count; index += 1) {
      writeFileSync(join(root, 'dags', `d${index}.py`), dagFile(`dag_${index}`));
    }
    const cold = await medianOf(runs, () => readAll(root));
    const peer = await medianOf(runs, () => dagBag(root));
    return [
      {
        what: `${count} DAG files read exactly, cold start included`,
        value: milliseconds(cold),
        beside: `Airflow's DagBag ${milliseconds(peer)} (ratio ${(cold / peer).toFixed(2)})`,
      },
    ];
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

async function readAll(root: string): Promise<void> {
  const bridge = openBridge({ runtime: await ensureRuntime('airflow') });
  let dags = 0;
  for await (const file of bridge.parseAirflow({ root, dagsFolder: 'dags', files: null })) dags += file.dags.length;
  await bridge.close();
  if (dags !== count) throw new Error(`${dags} DAGs were read`);
}

async function dagBag(root: string): Promise<void> {
  const { python } = await ensureRuntime('airflow');
  const program = [
    'from airflow.models.dagbag import DagBag',
    `bag = DagBag(${JSON.stringify(join(root, 'dags'))}, include_examples=False, read_dags_from_db=False)`,
    `assert len(bag.dags) == ${count}, len(bag.dags)`,
  ].join('\n');
  const env = {
    ...process.env,
    AIRFLOW_HOME: join(root, 'home'),
    AIRFLOW__DATABASE__SQL_ALCHEMY_CONN: `sqlite:///${root}/airflow.db`,
    PYTHONDONTWRITEBYTECODE: '1',
  };
  runProgram([python, '-c', program], { cwd: root, env });
}
