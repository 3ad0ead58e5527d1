import assert from 'node:assert/strict';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { hexOf } from '../../src/model/identifiers.ts';
import { parseStub } from '../../src/targets/airflow/stub.ts';
import { type Project, pointerOf, type Release, releaseOf } from './estate.ts';
import { type Rig, startRig } from './rig.ts';

/** HEADGATE_SWITCHES=100 is the whole experiment (about ten minutes); 12 is what every test run does. */
const SWITCHES = Number(process.env.HEADGATE_SWITCHES ?? '12');
const TASKS = 3;
/** Runs that are kept under way all the time: enough to span switches, few enough for two cores. */
const RUNS_AT_ONCE = 4;
const PLACES = ['fast.py', 'team/slow.py'];

let rig: Rig;
before(async () => {
  rig = await startRig();
});
after(() => rig?.stop());

/** Two DAGs whose tasks log the release that each of their modules came from, imported at the top and late. */
function project(release: number): Project {
  const dagFile = (dagId: string, seconds: number) => `
import datetime, os, time
from airflow import DAG
from airflow.operators.bash import BashOperator
from airflow.operators.python import PythonOperator
import shared.word

def log(*words):
    with open(os.environ['HEADGATE_TEST_LOG'], 'a') as file:
        file.write(' '.join(words) + '\\n')

def work(run_name, task_name):
    import shared.late
    time.sleep(${seconds})
    log('${dagId}', run_name, task_name, '${release}', shared.word.RELEASE, shared.late.RELEASE, os.environ['HEADGATE_RELEASE'])

with DAG('${dagId}', start_date=datetime.datetime(2024, 1, 1), schedule=None, max_active_runs=16):
    tasks = [PythonOperator(task_id=f't{i}', python_callable=work, op_args=['{{ run_id }}', f't{i}']) for i in range(${TASKS - 1})]
    tasks.append(BashOperator(task_id='bash', bash_command='${dagId}.sh'))
    for one, next in zip(tasks, tasks[1:]):
        one >> next
`;
  const script = (dagId: string) =>
    `echo "${dagId} {{ run_id }} bash ${release} ${release} ${release} $HEADGATE_RELEASE" >> "$HEADGATE_TEST_LOG"\n`;
  return {
    files: {
      'airflow/dags/fast.py': dagFile('fast', 0.2),
      'airflow/dags/fast.sh': script('fast'),
      'airflow/dags/team/slow.py': dagFile('slow', 2),
      'airflow/dags/team/slow.sh': script('slow'),
      'airflow/dags/shared/word.py': `RELEASE = '${release}'\n`,
      'airflow/dags/shared/late.py': `RELEASE = '${release}'\n`,
    },
    dags: { 'airflow/dags/fast.py': { fast: 'same' }, 'airflow/dags/team/slow.py': { slow: 'same' } },
  };
}

/** A part that is still on its way: some files there, no record. Nothing may ever load it. */
async function halfUpload(release: Release): Promise<void> {
  const { pointer } = pointerOf(release, 'fast.py');
  const folder = join(rig.stack.home, 'parts', hexOf(pointer.part), 'airflow', 'dags', 'shared');
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'word.py'), "RELEASE = 'half'\n");
}

test(`no run mixes two releases over ${SWITCHES} switches under running DAGs and half-made uploads`, async (context) => {
  const first = releaseOf(project(0));
  rig.releases.push(first);
  await rig.carryOut(rig.steps(null, first, PLACES));

  let going = true;
  let triggered = 0;
  const triggering = (async () => {
    while (going) {
      const under = await rig.client.runsUnderWay(['fast', 'slow']);
      if (under.length < RUNS_AT_ONCE) {
        const dagId = under.filter((run) => run.dagId === 'slow').length < 2 ? 'slow' : 'fast';
        await rig.rest('POST', `/dags/${dagId}/dagRuns`, { dag_run_id: `run-${triggered}` });
        triggered += 1;
      }
      await sleep(700);
    }
  })();

  let live = first;
  let pinned = 0;
  const times: number[] = [];
  for (let number = 1; number <= SWITCHES; number++) {
    const next = releaseOf(project(number));
    rig.releases.push(next);
    await halfUpload(releaseOf(project(1000 + number)));
    await halfUpload(next);
    const begun = Date.now();
    await rig.carryOut(rig.steps(live, next, PLACES));
    times.push(Date.now() - begun);
    live = next;
    pinned += await pinnedRuns();
    await aTaskRunsOn(number);
  }
  going = false;
  await triggering;
  await allEnded();

  const states = await runStates();
  assert.deepEqual(states, { success: triggered });
  const lines = (await readFile(join(rig.folder, 'log'), 'utf8'))
    .trim()
    .split('\n')
    .map((line) => line.split(' '));
  const runs = Map.groupBy(lines, ([dagId, runId]) => `${dagId} ${runId}`);
  const mixed = [...runs].filter(([, tasks]) => new Set(tasks.flatMap((words) => words.slice(3))).size !== 2);
  const releases = new Set(lines.map((words) => words[3]));
  const spanning = [...runs.values()].filter((tasks) => tasks.length === TASKS).length;
  times.sort((a, b) => a - b);
  context.diagnostic(
    `${SWITCHES} switches of 2 DAGs (median ${times[times.length >> 1]} ms, worst ${times.at(-1)} ms), ` +
      `${runs.size} runs, ${lines.length} tasks, ${pinned} pins, ${releases.size} releases seen, ${mixed.length} runs mixed`,
  );
  assert.deepEqual(mixed, []);
  assert.equal(spanning, triggered);
  assert.equal(lines.length, triggered * TASKS);
  assert.ok(releases.size > SWITCHES / 4, `only ${releases.size} releases ran a task`);
  assert.ok(pinned >= SWITCHES, `only ${pinned} runs were under way at a switch`);
});

/** Switches without a pause between them would leave the DAGs paused nearly all the time: the release runs a task first. */
async function aTaskRunsOn(release: number): Promise<void> {
  const deadline = Date.now() + 5000;
  while (Date.now() < deadline) {
    const log = await readFile(join(rig.folder, 'log'), 'utf8').catch(() => '');
    if (log.split('\n').some((line) => line.split(' ')[3] === String(release))) return;
    await sleep(100);
  }
}

/** How many runs under way the stubs keep on an earlier release now. */
async function pinnedRuns(): Promise<number> {
  const stubs = await Promise.all(PLACES.map((place) => readFile(join(rig.stack.dags, place), 'utf8')));
  return stubs
    .flatMap((text) => Object.values(parseStub(text)?.pins ?? {}))
    .reduce((sum, runs) => sum + Object.keys(runs).length, 0);
}

type Runs = { dag_runs: { state: string; dag_run_id: string }[]; total_entries: number };

async function runStates(): Promise<{ [state: string]: number }> {
  const states: { [state: string]: number } = {};
  for (const dagId of ['fast', 'slow']) {
    const { dag_runs } = (await rig.rest('GET', `/dags/${dagId}/dagRuns?limit=1000`)) as Runs;
    for (const { state } of dag_runs) states[state] = (states[state] ?? 0) + 1;
  }
  return states;
}

async function allEnded(): Promise<void> {
  const deadline = Date.now() + 300_000;
  for (;;) {
    const states = await runStates();
    if (states.running === undefined && states.queued === undefined) return;
    assert.ok(Date.now() < deadline, `runs do not end: ${JSON.stringify(states)}`);
    await sleep(1000);
  }
}
