import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { ensureRuntime } from '../../src/base/python/ensure-runtime.ts';
import { type Digest, digestOf, hexOf, partKey, unitKey } from '../../src/model/identifiers.ts';
import { renderStub } from '../../src/targets/airflow/stub.ts';

const run = promisify(execFile);
let [folder, python] = ['', ''];
const [one, two] = [digestOf('one'), digestOf('two')] as [Digest, Digest];

before(async () => {
  python = (await ensureRuntime('airflow')).python;
  folder = await mkdtemp(join(tmpdir(), 'headgate-stub-test-'));
  for (const [part, release] of [
    [one, 'one'],
    [two, 'two'],
  ] as const) {
    const files = {
      'dags/orders.py': `from airflow import DAG\nimport word\ndag = DAG('orders', description=word.RELEASE)\n`,
      'dags/other.py': `from airflow import DAG\nimport word\ndag = DAG('other', description=word.RELEASE)\n`,
      'dags/word.py': `RELEASE = '${release}'\n`,
    };
    for (const [path, text] of Object.entries(files)) await write(`_headgate/parts/${hexOf(part)}/${path}`, text);
    const bytes = Object.values(files).reduce((sum, text) => sum + text.length, 0);
    await write(`_headgate/parts/${hexOf(part)}.json`, JSON.stringify({ version: 1, files: 3, bytes }));
  }
  await write('orders.py', stub('orders', two, { orders: { pinned: [one, one] } }));
  await write('other.py', stub('other', one, {}));
});
after(() => rm(folder, { recursive: true, force: true }));

async function write(path: string, text: string): Promise<void> {
  await mkdir(dirname(join(folder, path)), { recursive: true });
  await writeFile(join(folder, path), text);
}

function stub(dagId: string, live: Digest, pins: { [dag: string]: { [run: string]: [Digest, Digest] } }): string {
  return renderStub({
    unit: unitKey(partKey('airflow', 'main'), `${dagId}.py`),
    live: { bundle: live, part: live, fingerprint: live },
    source: `dags/${dagId}.py`,
    home: '_headgate',
    paths: { [one]: ['dags'], [two]: ['dags'] },
    dagIds: [dagId],
    draining: false,
    pins,
    serial: 0,
  });
}

/** Runs `body` in Airflow's Python with the context of a task, and gives what it prints. */
async function inAirflow(body: string, context: { dagId: string | null; argv: string[] }): Promise<string> {
  const program = `
import importlib.util, os, sys
def read(name):
    spec = importlib.util.spec_from_file_location('stub_' + name, os.path.join('${folder}', name + '.py'))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.headgate_dag_0
${body}
`;
  const env = {
    PATH: process.env.PATH ?? '',
    AIRFLOW_HOME: join(folder, 'airflow'),
    ...(context.dagId === null ? {} : { _AIRFLOW_PARSING_CONTEXT_DAG_ID: context.dagId }),
  };
  const { stdout } = await run(python, ['-c', program, ...context.argv], { env });
  return stdout.trim();
}

const ASK = "print(read('orders').description, os.environ.get('HEADGATE_RELEASE', 'none')[:15])";
const argv = (runId: string) => ['tasks', 'run', 'orders', 't', runId, '--raw'];

test('a process that was started for the task finds its run in its arguments', async () => {
  assert.equal(await inAirflow(ASK, { dagId: 'orders', argv: argv('pinned') }), `one ${one.slice(0, 15)}`);
  assert.equal(await inAirflow(ASK, { dagId: 'orders', argv: argv('new') }), `two ${two.slice(0, 15)}`);
  assert.equal(await inAirflow(ASK, { dagId: null, argv: argv('pinned') }), `one ${one.slice(0, 15)}`);
});

test('a forked process finds it in its title, or, where that was cut short, in the call that reads the file', async () => {
  const titled = (title: string) => `import setproctitle\nsetproctitle.setproctitle(${JSON.stringify(title)})\n`;
  const whole = "airflow task supervisor: ['airflow', 'tasks', 'run', 'orders', 't', 'pinned', '--local']";
  assert.match(await inAirflow(titled(whole) + ASK, { dagId: 'orders', argv: [] }), /^one /);
  const called = `
class args: dag_id, execution_date_or_run_id = 'orders', 'pinned'
def task_run(args):
    ${ASK}
task_run(args)`;
  assert.match(await inAirflow(titled(whole.slice(0, 60)) + called, { dagId: 'orders', argv: [] }), /^one /);
});

test('a task whose run cannot be told is refused while other runs are pinned', async () => {
  await assert.rejects(
    inAirflow(ASK, { dagId: 'orders', argv: [] }),
    /the run that this task of orders belongs to cannot be told/,
  );
});

test('reading only leaves nothing behind, so the next release is read as itself', async () => {
  const body = `
before = list(sys.path)
print(read('orders').description, read('other').description, read('orders').description)
print(sys.path == before, 'word' in sys.modules, 'HEADGATE_RELEASE' in os.environ)`;
  assert.equal(await inAirflow(body, { dagId: null, argv: [] }), 'two one two\nTrue False False');
});

test('a task keeps its own release importable, also after it has read the file of another DAG', async () => {
  const body = `
own = read('orders')
print(own.description, read('other').description)
import word
print(word.RELEASE, os.environ['HEADGATE_RELEASE'] == '${two}')`;
  assert.equal(await inAirflow(body, { dagId: 'orders', argv: argv('new') }), 'two one\ntwo True');
});

test('the DAG is tagged, and finds templates beside its real file', async () => {
  const body = `dag = read('orders')\nprint(dag.tags, dag.template_searchpath)`;
  const places = join(folder, '_headgate', 'parts', hexOf(two), 'dags');
  assert.equal(
    await inAirflow(body, { dagId: null, argv: [] }),
    `['headgate:${hexOf(two).slice(0, 12)}'] ['${places}']`,
  );
});
