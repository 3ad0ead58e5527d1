import { appendFileSync, cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openBridge } from '../src/base/bridge/open-bridge.ts';
import { ensureRuntime } from '../src/base/python/ensure-runtime.ts';
import { dagFile } from '../tests/bridge/dag-project.ts';
import { type Figure, medianOf, medianOfFirst, milliseconds, runHeadgate, runProgram } from './measure.ts';
import { helperOf } from './warm-helper.ts';

const example = fileURLToPath(new URL('../examples/payments/', import.meta.url));
const count = 250;
const edits = 7;

/**
 * What kept answers are worth: the example checked for the first time, again, and with one DAG edited; and one edited DAG of 250 read
 * exactly, beside `airflow dags reserialize`. Each run is a new process of the command line; runtimes are there.
 */
export async function checkFigures(): Promise<Figure[]> {
  await ensureRuntime('dbt');
  const home = realpathSync(mkdtempSync(join(tmpdir(), 'headgate-bench-')));
  try {
    return [...(await ofExample(home)), ...(await ofManyDags(home))];
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

async function ofExample(home: string): Promise<Figure[]> {
  const folder = join(home, 'payments');
  cpSync(example, folder, { recursive: true, filter: (path) => !path.includes('/changes') });
  const first = await medianOfFirst(1, (env) => check(folder, [], env));
  const again = await medianOf(3, () => check(folder, []));
  const edited = await medianOf(3, () => {
    appendFileSync(join(folder, 'airflow/dags/intake.py'), '# edited\n');
    check(folder, []);
  });
  const beside = (value: number) => `first run ${milliseconds(first)} (${(first / value).toFixed(0)} times)`;
  return [
    { what: 'example checked, nothing known yet', value: milliseconds(first), beside: '' },
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
  const peer = await reserialize(home, join(folder, 'dags'));
  const edited = async (helper: string) =>
    medianOf(edits, () => {
      appendFileSync(join(folder, 'dags/d7.py'), '# edited\n');
      check(folder, ['--only', 'dag-*'], { HEADGATE_HELPER: helper });
    });
  const alone = await edited('off');
  check(folder, ['--only', 'dag-*'], { HEADGATE_HELPER: 'on' });
  await helperOf(folder);
  const warm = await edited('on');
  const bridge = await byBridge(folder);
  const figure = (what: string, value: number): Figure => ({
    what: `one edited DAG of ${count}, ${what}`,
    value: milliseconds(value),
    beside: `airflow dags reserialize ${milliseconds(peer)} (${(peer / value).toFixed(1)} times)`,
  });
  return [
    figure('`headgate check --only dag-*`, a new process', alone),
    figure('`headgate check --only dag-*`, with the warm helper', warm),
    figure('read by a bridge that is open', bridge),
  ];
}

/** The whole of Airflow's command, as it has no way to take in one file alone. */
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
  return medianOf(2, () => {
    appendFileSync(join(dags, 'd7.py'), '# edited\n');
    run('dags', 'reserialize');
  });
}

async function byBridge(root: string): Promise<number> {
  const bridge = openBridge({ runtime: await ensureRuntime('airflow') });
  const read = async (files: string[] | null) => {
    for await (const { status } of bridge.parseAirflow({ root, dagsFolder: 'dags', files, trace: true }))
      if (status !== 'ok') throw new Error(`a DAG file is ${status}`);
  };
  try {
    await read(null);
    return await medianOf(edits, async () => {
      appendFileSync(join(root, 'dags/d7.py'), '# edited\n');
      await read(['dags/d7.py']);
    });
  } finally {
    await bridge.close();
  }
}

/** A check that says no is not what is measured here. */
function check(folder: string, words: readonly string[], env: NodeJS.ProcessEnv = {}): void {
  const told = runHeadgate(['check', folder, ...words, '--json'], { cwd: folder, env });
  if (!told.includes('"blocking": 0')) throw new Error(`the bench's project does not pass: ${told.slice(0, 2000)}`);
}
