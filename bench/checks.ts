import { appendFileSync, cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureRuntime } from '../src/base/python/ensure-runtime.ts';
import { dagFile } from '../tests/bridge/dag-project.ts';
import { type Figure, medianOf, milliseconds, runProgram } from './measure.ts';

const program = fileURLToPath(new URL('../src/cli/main.ts', import.meta.url));
const example = fileURLToPath(new URL('../examples/payments/', import.meta.url));
const count = 250;

/**
 * What kept answers are worth: the example checked for the first time, again, and with one DAG edited; one edited DAG of 250
 * read exactly, beside `airflow dags reserialize`. Each run is a new process of the command line; runtimes are there.
 */
export async function checkFigures(): Promise<Figure[]> {
  await ensureRuntime('dbt');
  const home = mkdtempSync(join(tmpdir(), 'headgate-bench-'));
  try {
    return [...(await ofExample(home)), ...(await ofManyDags(home))];
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

async function ofExample(home: string): Promise<Figure[]> {
  const folder = join(home, 'payments');
  cpSync(example, folder, { recursive: true, filter: (path) => !path.includes('/changes') });
  const check = (...more: string[]) => headgate(['check', folder, '--json', ...more]);
  const first = await medianOf(1, () => check('--no-cache'));
  check();
  const again = await medianOf(3, () => check());
  const edited = await medianOf(3, () => {
    appendFileSync(join(folder, 'airflow/dags/intake.py'), '# edited\n');
    check();
  });
  const beside = (value: number) => `first run ${milliseconds(first)} (${(first / value).toFixed(0)} times)`;
  return [
    { what: 'example checked, everything carried out', value: milliseconds(first), beside: '' },
    { what: 'example checked again, nothing changed', value: milliseconds(again), beside: beside(again) },
    { what: 'example checked, one DAG edited', value: milliseconds(edited), beside: beside(edited) },
  ];
}

async function ofManyDags(home: string): Promise<Figure[]> {
  const folder = join(home, 'many');
  mkdirSync(join(folder, 'dags'), { recursive: true });
  for (let index = 0; index < count; index += 1)
    writeFileSync(join(folder, 'dags', `d${index}.py`), dagFile(`dag_${index}`));
  writeFileSync(
    join(folder, 'headgate.yaml'),
    'version: 1\nproject: many\nparts: { airflow: [{ name: main, dags: dags }] }\n',
  );
  const read = () => headgate(['check', folder, '--only', 'dag-*', '--json']);
  read();
  const edited = await medianOf(3, () => {
    appendFileSync(join(folder, 'dags/d7.py'), '# edited\n');
    read();
  });
  const peer = await reserialize(home, join(folder, 'dags'));
  return [
    {
      what: `one edited DAG of ${count} checked exactly, a new process`,
      value: milliseconds(edited),
      beside: `airflow dags reserialize ${milliseconds(peer)} (${(peer / edited).toFixed(1)} times)`,
    },
  ];
}

async function reserialize(home: string, dags: string): Promise<number> {
  const { python } = await ensureRuntime('airflow');
  const airflow = join(home, 'airflow');
  const env = {
    ...process.env,
    ...{ AIRFLOW_HOME: airflow, AIRFLOW__CORE__DAGS_FOLDER: dags, AIRFLOW__CORE__LOAD_EXAMPLES: 'False' },
    AIRFLOW__DATABASE__SQL_ALCHEMY_CONN: `sqlite:///${airflow}/airflow.db`,
  };
  const run = (...words: string[]) => runProgram([python, '-m', 'airflow', ...words], { cwd: home, env });
  run('db', 'migrate');
  return medianOf(1, () => void run('dags', 'reserialize'));
}

/** A check that says no is not what is measured here. */
function headgate(args: string[]): void {
  const told = runProgram([process.execPath, program, ...args], { cwd: tmpdir() });
  if (!told.includes('"blocking": 0')) throw new Error(`the bench's project does not pass: ${told.slice(0, 2000)}`);
}
