import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { BridgeDag, BridgeDagFile, BridgeTask } from '../../src/base/bridge/shapes.ts';
import { type DagProject, dagFile, openDagProject } from './dag-project.ts';

const IMPORTS = `from datetime import datetime, timedelta
from airflow import DAG
from airflow.models import Variable
from airflow.hooks.base import BaseHook
from airflow.operators.bash import BashOperator
from airflow.operators.python import PythonOperator
from airflow.operators.trigger_dagrun import TriggerDagRunOperator
from airflow.sensors.external_task import ExternalTaskSensor
START = {"start_date": datetime(2024, 1, 1)}
`;

const FILES: Record<string, string> = {
  'dags/loop.py': `${IMPORTS}
for region in ["eu", "us"]:
    with DAG(f"load_{region}", schedule=timedelta(hours=1), **START):
        BashOperator(task_id="load", bash_command="echo")
`,
  'dags/factory.py': `import os, yaml
from airflow import DAG
from lib.make import make_dag
here = os.path.dirname(__file__)
for name in sorted(os.listdir(os.path.join(here, "configs"))):
    globals()[name] = make_dag(**yaml.safe_load(open(os.path.join(here, "configs", name))))
`,
  'dags/configs/one.yaml': 'dag_id: made_one\n',
  'dags/configs/two.yaml': 'dag_id: made_two\n',
  'dags/lib/__init__.py': '',
  'dags/lib/make.py': `${IMPORTS}
def make_dag(dag_id):
    dag = DAG(dag_id, schedule=None, **START)
    BashOperator(task_id="x", bash_command="echo", dag=dag)
    return dag
`,
  'dags/broken.py': `# airflow dag\nimport lib.nothing\n`,
  'dags/syntax.py': `# airflow dag\nx = 1\ndef broken(:\n`,
  'dags/elsewhere.py': `# airflow dag\nimport pricing\n`,
  'include/pricing/__init__.py': 'RATE = 1\n',
  'dags/problems.py': `${IMPORTS}
with DAG("bad_cron", schedule="61 * * * *", **START):
    BashOperator(task_id="x", bash_command="echo")
with DAG("cycle", schedule="@daily", **START):
    a = BashOperator(task_id="a", bash_command="echo")
    b = BashOperator(task_id="b", bash_command="echo")
    a >> b >> a
one = DAG("twice", schedule=None, **START)
two = DAG("twice", schedule=None, **START)
`,
  'dags/duplicate_task.py': `${IMPORTS}
with DAG("duplicate_task", schedule=None, **START):
    BashOperator(task_id="x", bash_command="echo")
    BashOperator(task_id="x", bash_command="echo")
`,
  'dags/asks.py': `${IMPORTS}
rate = Variable.get("rate")
limits = Variable.get("limits", deserialize_json=True)
conn = BaseHook.get_connection("warehouse")
with DAG(f"asks_{rate}_{limits['top']}", schedule=None, **START):
    BashOperator(task_id="x", bash_command="echo")
`,
  'dags/asks_unknown.py': `${IMPORTS}
rate = int(Variable.get("unknown_rate"))
with DAG("asks_unknown", schedule=None, **START):
    BashOperator(task_id="x", bash_command="echo")
`,
  'dags/runs.py': `${IMPORTS}
from airflow.datasets import Dataset
from airflow.providers.amazon.aws.operators.emr import EmrAddStepsOperator
from airflow.providers.apache.spark.operators.spark_submit import SparkSubmitOperator
from airflow.providers.common.sql.operators.sql import SQLExecuteQueryOperator
from cosmos import DbtTaskGroup, ProjectConfig, RenderConfig
import snowflake.connector
def settle(): pass
with DAG("runs", schedule=[Dataset("s3://lake/raw")], template_searchpath="/nowhere", **START) as dag:
    dbt = BashOperator(task_id="dbt", bash_command="cd dbt/shop && FOO=1 dbt --no-use-colors run -s stg+ tag:x --exclude y --target prod")
    ours = BashOperator(task_id="ours", bash_command="headgate-run dbt shop build --select fct\\nheadgate-run spark settle --day {{ ds }}")
    submit = SparkSubmitOperator(task_id="submit", application="jobs/settle.py", application_args=["--day", "1"], conn_id="spark", pool="small")
    emr = EmrAddStepsOperator(task_id="emr", job_flow_id=submit.output, steps=[{"HadoopJarStep": {"Args": ["spark-submit", "--master", "yarn", "s3://code/enrich.py", "--d", "1"]}}])
    sql = SQLExecuteQueryOperator(task_id="sql", conn_id="warehouse", sql="query.sql", outlets=[Dataset("postgres://warehouse/out")])
    go = TriggerDagRunOperator(task_id="go", trigger_dag_id="next")
    wait = ExternalTaskSensor(task_id="wait", external_dag_id="before", external_task_id="last")
    py = PythonOperator(task_id="py", python_callable=settle)
    models = DbtTaskGroup("models", project_config=ProjectConfig("dbt/shop"), render_config=RenderConfig(select=["tag:nightly"]))
    py >> models
`,
  'dags/query.sql': 'insert into out select * from raw.payments',
  'dags/sdk.py': `from datetime import datetime
from airflow.sdk import DAG, task, Asset
from airflow.providers.standard.operators.bash import BashOperator
with DAG("newer", schedule="@daily", start_date=datetime(2024, 1, 1)):
    BashOperator(task_id="x", bash_command="echo")
`,
  'dags/no_dag.py': `# airflow dag\nx = 1\n`,
  'dags/.airflowignore': 'ignored_.*\nconfigs/\n',
  'dags/ignored_one.py': dagFile('ignored_one'),
  'dags/notes.py': 'x = 1\n',
};

const KNOWN = { variables: { rate: '7', limits: { top: 9 } }, connections: ['warehouse'] };
let project: DagProject;
let files: Map<string, BridgeDagFile>;

before(async () => {
  project = await openDagProject(FILES);
  zipDag(project.root);
  files = await project.read(KNOWN);
});

after(() => project.close());

function zipDag(root: string): void {
  const script =
    'import sys, zipfile\nwith zipfile.ZipFile(sys.argv[1], "w") as z: z.writestr("zipped.py", sys.argv[2]); z.writestr("inner/x.py", "")';
  execFileSync('python3', ['-c', script, join(root, 'dags/packed.zip'), dagFile('zipped')]);
}

function file(path: string): BridgeDagFile {
  const found = files.get(path);
  assert.ok(found, `${path} was not read`);
  return found;
}

function dag(path: string, id: string): BridgeDag {
  const found = file(path).dags.find((one) => one.dagId === id);
  assert.ok(found, `${path} has no ${id}: ${file(path).error?.message}`);
  return found;
}

function task(id: string): BridgeTask {
  const found = dag('dags/runs.py', 'runs').tasks.find((one) => one.taskId === id);
  assert.ok(found, `no task ${id}`);
  return found;
}

test('files are those that Airflow would read: by .airflowignore and by its heuristic', () => {
  const paths = [...files.keys()];
  assert.ok(!paths.includes('dags/ignored_one.py'));
  assert.ok(!paths.includes('dags/notes.py'));
  assert.ok(paths.includes('dags/packed.zip'));
  assert.deepEqual(
    dag('dags/packed.zip', 'zipped').tasks.map((one) => one.taskId),
    ['a', 'b'],
  );
});

test('.airflowignore may be written in globs too', async () => {
  const globs = await openDagProject({
    'dags/.airflowignore': '**/drafts/\n*_old.py\n',
    'dags/one.py': dagFile('one'),
    'dags/two_old.py': dagFile('two'),
    'dags/drafts/three.py': dagFile('three'),
  });
  const read = await globs.read();
  await globs.close();
  assert.deepEqual([...read.keys()], ['dags/one.py']);
});

test('DAGs made in a loop or by a factory are found, with the files and folders they come from', () => {
  assert.deepEqual(
    file('dags/loop.py').dags.map((one) => [one.dagId, one.line, one.schedule]),
    [
      ['load_eu', 12, '1:00:00'],
      ['load_us', 12, '1:00:00'],
    ],
  );
  const made = file('dags/factory.py');
  assert.deepEqual(
    made.dags.map((one) => [one.dagId, one.line, one.scheduleKind]),
    [
      ['made_one', 6, 'none'],
      ['made_two', 6, 'none'],
    ],
  );
  assert.deepEqual(made.imports, [
    'dags/configs/one.yaml',
    'dags/configs/two.yaml',
    'dags/factory.py',
    'dags/lib/__init__.py',
    'dags/lib/make.py',
  ]);
  assert.deepEqual(made.lists, ['dags/configs']);
});

test('an import that fails is an error of the file, with its line', () => {
  const { status, error } = file('dags/broken.py');
  assert.deepEqual(
    [status, error?.type, error?.line, error?.message],
    ['import-error', 'ModuleNotFoundError', 2, "No module named 'lib.nothing'"],
  );
  assert.deepEqual([file('dags/syntax.py').error?.type, file('dags/syntax.py').error?.line], ['SyntaxError', 3]);
});

test('a module of the project that is not importable is not stood in for; the error says where it is', () => {
  assert.match(file('dags/elsewhere.py').error?.message ?? '', /pricing is in the project, in include,/);
});

test('it is importable once its folder is given', async () => {
  const again = await project.read({
    ...KNOWN,
    files: ['dags/elsewhere.py'],
    sysPath: [join(project.root, 'include')],
  });
  assert.deepEqual(again.get('dags/elsewhere.py')?.status, 'no-dags');
});

test('what Airflow would refuse is a problem of the DAG', () => {
  const kinds = file('dags/problems.py').dags.map((one) => [one.dagId, one.problems.map((problem) => problem.kind)]);
  assert.deepEqual(kinds, [
    ['bad_cron', ['bad-schedule']],
    ['cycle', ['cycle']],
    ['twice', ['duplicate-dag']],
    ['twice', ['duplicate-dag']],
  ]);
  assert.equal(file('dags/duplicate_task.py').error?.type, 'DuplicateTaskIdFound');
  assert.equal(file('dags/no_dag.py').status, 'no-dags');
});

test('Variables and Connections read at the top level are answered and reported', () => {
  const asks = file('dags/asks.py');
  assert.deepEqual(
    asks.dags.map((one) => one.dagId),
    ['asks_7_9'],
  );
  assert.deepEqual([asks.variables, asks.connections], [['limits', 'rate'], ['warehouse']]);
  assert.deepEqual(
    asks.topLevel.map((one) => [one.kind, one.detail, one.line]),
    [
      ['variable', 'rate', 11],
      ['variable', 'limits', 12],
      ['connection', 'warehouse', 13],
    ],
  );
});

test('a Variable that the environment does not have fails the file as in Airflow, or is assumed when asked to', async () => {
  assert.equal(file('dags/asks_unknown.py').error?.message, "'Variable unknown_rate does not exist'");
  const assumed = (await project.read({ files: ['dags/asks_unknown.py'], assumeMissing: true })).get(
    'dags/asks_unknown.py',
  );
  assert.deepEqual([assumed?.status, assumed?.assumed], ['ok', ['variable:unknown_rate']]);
});

test('each task says what it runs', () => {
  const runs = (id: string) => task(id).runs.map((run) => [run.kind, run.ref, run.detail]);
  assert.deepEqual(runs('dbt'), [['dbt', 'dbt/shop', 'run --select stg+ tag:x --exclude y']]);
  assert.deepEqual(runs('ours'), [
    ['dbt', 'shop', 'build --select fct'],
    ['spark', 'settle', '--day {{ds}}'],
  ]);
  assert.deepEqual(runs('submit'), [['spark', 'jobs/settle.py', '--day 1']]);
  assert.deepEqual(runs('emr'), [['spark', 's3://code/enrich.py', '--d 1']]);
  assert.deepEqual(runs('sql'), [['sql', 'warehouse', FILES['dags/query.sql']]]);
  assert.deepEqual(runs('go'), [['dag', 'next', 'trigger']]);
  assert.deepEqual(runs('wait'), [['dag', 'before', 'wait:last']]);
  assert.deepEqual(runs('py'), [['python', 'runs.settle', 'dags/runs.py:17']]);
  assert.deepEqual(runs('models.assumed'), [['dbt', 'dbt/shop', 'build --select tag:nightly']]);
});

test('modules that are not installed are stood in for, named, and keep the graph', () => {
  const read = file('dags/runs.py');
  assert.deepEqual(read.assumed, ['airflow.providers.amazon', 'airflow.providers.apache', 'cosmos', 'snowflake']);
  assert.deepEqual(task('submit').downstream, ['emr']);
  assert.deepEqual(task('py').downstream, ['models.assumed']);
  assert.deepEqual([task('submit').pool, task('submit').connections], ['small', ['spark']]);
  assert.deepEqual(dag('dags/runs.py', 'runs').datasets, ['s3://lake/raw']);
  assert.deepEqual(task('sql').outlets, ['postgres://warehouse/out']);
});

test('a file written for a newer Airflow is still described', () => {
  const { dags, assumed } = file('dags/sdk.py');
  assert.deepEqual([dags.map((one) => one.dagId), assumed], [['newer'], ['airflow.providers.standard', 'airflow.sdk']]);
});

test('the graph digest follows the graph, not the code', async () => {
  const path = join(project.root, 'dags/loop.py');
  const source = readFileSync(path, 'utf8');
  const digestOf = async (text: string) => {
    writeFileSync(path, text);
    return (await project.read({ files: ['dags/loop.py'] })).get('dags/loop.py')?.dags[0]?.graphDigest;
  };
  const before = dag('dags/loop.py', 'load_eu').graphDigest;
  assert.equal(await digestOf(source.replace('bash_command="echo"', 'bash_command="echo changed", retries=3')), before);
  assert.notEqual(await digestOf(source.replace('task_id="load"', 'task_id="load", trigger_rule="all_done"')), before);
  assert.notEqual(await digestOf(source.replace('task_id="load"', 'task_id="renamed"')), before);
  writeFileSync(path, source);
});

test('a file that is not there is a result too', async () => {
  rmSync(join(project.root, 'dags/notes.py'));
  const read = await project.read({ files: ['dags/notes.py'] });
  assert.equal(read.get('dags/notes.py')?.error?.type, 'FileNotFoundError');
});

test('when asked to assume, a file goes on over settings that nobody has given', async () => {
  writeFileSync(
    join(project.root, 'dags/unknown_settings.py'),
    `import json, os
${IMPORTS}
from airflow.providers.http.operators.http import SimpleHttpOperator
settings = json.loads(Variable.get("settings"))
conn = BaseHook.get_connection("unknown")
with DAG(f"unknown_{os.environ['STAGE']}", schedule=settings["cron"], max_active_runs=settings["runs"], default_args={"retry_delay": timedelta(minutes=settings["delay"])}, **START):
    SimpleHttpOperator(task_id="x", http_conn_id=conn.extra_dejson["other"], endpoint=settings["path"])
`,
  );
  const files = ['dags/unknown_settings.py'];
  const strict = (await project.read({ files })).get('dags/unknown_settings.py');
  assert.deepEqual([strict?.status, strict?.error?.line], ['import-error', 12]);
  const assumed = (await project.read({ files, assumeMissing: true })).get('dags/unknown_settings.py');
  assert.equal(assumed?.error, null);
  assert.deepEqual(
    assumed?.dags.map((one) => [one.dagId, one.problems, one.tasks.map((each) => each.taskId)]),
    [['unknown_STAGE', [], ['x']]],
  );
  assert.deepEqual(assumed?.assumed, [
    'airflow.providers.http.operators.http.SimpleHttpOperator',
    'connection:unknown',
    'environment:STAGE',
    'variable:settings',
  ]);
});
