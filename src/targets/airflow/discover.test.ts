import assert from 'node:assert/strict';
import { test } from 'node:test';
import { textsAsFiles } from '../../model/texts-as-files.ts';
import { discover } from './discover.ts';

async function read(texts: { [path: string]: string }) {
  return discover({ files: textsAsFiles(texts), part: { name: 'main', settings: { dags: 'dags' } } });
}

/** The DAG ids of one file after the usual imports. */
async function ids(code: string, more: { [path: string]: string } = {}) {
  const found = await read({
    'dags/a.py': `from airflow import DAG\nfrom airflow.decorators import dag, task, task_group\n${code}`,
    ...more,
  });
  return found.assets.filter((asset) => asset.kind === 'airflow:dag').map((asset) => asset.name);
}

async function tasksOf(code: string) {
  const found = await read({
    'dags/a.py': `from airflow import DAG\nfrom airflow.decorators import dag, task, task_group\nfrom airflow.operators.bash import BashOperator\nfrom airflow.utils.task_group import TaskGroup\nfrom airflow.models.baseoperator import chain\n${code}`,
  });
  const { tasks } = found.assets[0]?.facts ?? {};
  assert.ok(Array.isArray(tasks));
  return Object.fromEntries(
    tasks.map((one) =>
      one !== null && typeof one === 'object' && !Array.isArray(one) ? [String(one.id), one] : ['', {}],
    ),
  );
}

test('a DAG with its facts', async () => {
  const found = await read({
    'dags/a.py': `
from airflow import DAG
from datetime import datetime, timedelta
defaults = {"owner": "orders", "start_date": datetime(2024, 1, 2)}
with DAG("orders", schedule=timedelta(hours=6), default_args=defaults, tags=["b", "a"], catchup=False):
    pass
`,
  });
  const [asset] = found.assets;
  assert.deepEqual(
    [asset?.key, asset?.path, asset?.line, asset?.owner, asset?.part],
    ['airflow:dag/orders', 'dags/a.py', 5, 'orders', 'airflow/main'],
  );
  const { schedule, scheduleKind, tags, startDate, catchup, file, dagIds, graphDigest, runsUnknown } =
    asset?.facts ?? {};
  assert.deepEqual(
    { schedule, scheduleKind, tags, startDate, catchup, file, dagIds, graphDigest, runsUnknown },
    {
      schedule: '6:00:00',
      scheduleKind: 'interval',
      tags: ['a', 'b'],
      startDate: '2024-01-02',
      catchup: false,
      file: 'dags/a.py',
      dagIds: ['orders'],
      graphDigest: null,
      runsUnknown: false,
    },
  );
});

test('ids made in loops, comprehensions and factories are read', async () => {
  assert.deepEqual(await ids('for name in ["a", "b"]:\n    with DAG(f"load_{name}"):\n        pass\n'), [
    'load_a',
    'load_b',
  ]);
  assert.deepEqual(
    await ids(
      'def make(name, prefix="x"):\n    dag = DAG(dag_id="{}_{}".format(prefix, name))\n    return dag\nfor n in range(2):\n    globals()["d%d" % n] = make(n)\n',
    ),
    ['x_0', 'x_1'],
  );
  assert.deepEqual(
    await ids(
      'CONFIG = {"eu": {"cron": "@daily"}, "us": {"cron": None}}\nfor region, c in CONFIG.items():\n    @dag(dag_id=f"r_{region}", schedule=c["cron"])\n    def make():\n        pass\n    make()\n',
    ),
    ['r_eu', 'r_us'],
  );
  assert.deepEqual(
    await ids(
      'class Maker:\n    def __init__(self, name):\n        self.name = name\n    def build(self):\n        return DAG(self.name.upper())\nd = Maker("a").build()\n',
    ),
    ['A'],
  );
});

test('ids from other files of the project, code or YAML, are read', async () => {
  assert.deepEqual(
    await ids('from names import NAMES\nfor n in NAMES:\n    with DAG(n):\n        pass\n', {
      'dags/names.py': 'NAMES = ["one", "two"]\n',
    }),
    ['one', 'two'],
  );
  const code =
    'import yaml, os\nfrom pathlib import Path\nfor path in sorted((Path(__file__).parent / "config").glob("*.yaml")):\n    said = yaml.safe_load(open(path))\n    with DAG(said["id"]):\n        pass\n';
  assert.deepEqual(await ids(code, { 'dags/config/x.yaml': 'id: from_x', 'dags/config/y.yaml': 'id: from_y' }), [
    'from_x',
    'from_y',
  ]);
});

test('an id that only a run can tell is a note, not a key', async () => {
  const found = await read({
    'dags/a.py': 'import os\nfrom airflow import DAG\nwith DAG(f"load_{os.environ[\'REGION\']}"):\n    pass\n',
  });
  assert.deepEqual(found.assets, []);
  assert.deepEqual(
    found.findings.map(({ check, line, severity, message }) => [check, line, severity, message]),
    [
      [
        'airflow-dynamic-dag',
        3,
        'note',
        'The id of a DAG made here is known only when the file runs (it looks like `load_*`).',
      ],
    ],
  );
});

test('a DAG that Airflow would not pick up is none', async () => {
  assert.deepEqual(
    await ids(
      'def make():\n    return DAG("lost")\nmake()\n@dag()\ndef never_called():\n    pass\nif __name__ == "__main__":\n    main = DAG("only_by_hand")\n',
    ),
    [],
  );
});

test('a broken file gives its line, and what stands before it', async () => {
  const found = await read({
    'dags/a.py': 'from airflow import DAG\nd = DAG("fine")\ndef broken(:\n    pass\n',
    'dags/b.py': '{% set x %} airflow dag\n{{ DAG }}',
  });
  assert.deepEqual(
    found.assets.map((asset) => asset.key),
    ['airflow:dag/fine'],
  );
  assert.deepEqual(
    found.findings.map(({ check, path, line }) => [check, path, line]),
    [
      ['airflow-syntax', 'dags/a.py', 3],
      ['airflow-syntax', 'dags/b.py', 1],
    ],
  );
});

test('files that .airflowignore names, or that do not speak of Airflow, are left out', async () => {
  const found = await read({
    'dags/.airflowignore': 'old_.*\n',
    'dags/old_x.py': 'from airflow import DAG\nd = DAG("old")',
    'dags/lib.py': 'dag = 1',
  });
  assert.deepEqual(found, { assets: [], edges: [], findings: [] });
});

test('tasks, groups and dependencies of each kind', async () => {
  const tasks = await tasksOf(`
with DAG("d"):
    a = BashOperator(task_id="a", bash_command="echo")
    with TaskGroup("g") as g:
        b = BashOperator(task_id="b", bash_command="echo")
        c = BashOperator(task_id="c", bash_command="echo")
        b >> c
    @task
    def e(x): pass
    last = BashOperator(task_id="last", bash_command="echo")
    a >> g >> [e(a.output), e.override(task_id="f")(1)]
    last.set_upstream(a)
    chain(c, last)
`);
  const links = Object.fromEntries(Object.entries(tasks).map(([id, one]) => [id, one.downstream]));
  assert.deepEqual(links, {
    a: ['e', 'g.b', 'last'],
    e: [],
    f: [],
    'g.b': ['g.c'],
    'g.c': ['e', 'f', 'last'],
    last: [],
  });
});

test('what a task runs', async () => {
  const tasks = await tasksOf(`
from airflow.operators.trigger_dagrun import TriggerDagRunOperator
from airflow.providers.apache.spark.operators.spark_submit import SparkSubmitOperator
HOME = "/opt/dbt"
with DAG("d"):
    BashOperator(task_id="dbt", bash_command=f"cd {HOME}/shop && dbt build --select tag:daily+ --vars '{{}}' --exclude old")
    BashOperator(task_id="ours", bash_command="headgate-run spark settle --day {{ ds }}")
    SparkSubmitOperator(task_id="submit", application="/jobs/a.py", application_args=["x"])
    TriggerDagRunOperator(task_id="next", trigger_dag_id="other")
    BashOperator(task_id="hidden", bash_command=unknown_name)
`);
  assert.deepEqual(Object.fromEntries(Object.entries(tasks).map(([id, one]) => [id, one.runs])), {
    dbt: [{ kind: 'dbt', ref: '/opt/dbt/shop', detail: 'build --select tag:daily+ --exclude old' }],
    hidden: [{ kind: 'bash', ref: '', detail: '*' }],
    next: [{ kind: 'dag', ref: 'other', detail: 'trigger' }],
    ours: [{ kind: 'spark', ref: 'settle', detail: '--day {{ ds }}' }],
    submit: [{ kind: 'spark', ref: '/jobs/a.py', detail: 'x' }],
  });
});

test('datasets are edges on both sides', async () => {
  const found = await read({
    'dags/a.py':
      'from airflow import DAG, Dataset\nfrom airflow.operators.bash import BashOperator\nX = Dataset("s3://x")\nwith DAG("w"):\n    BashOperator(task_id="t", bash_command="echo", outlets=[X])\nwith DAG("r", schedule=[X]):\n    pass\n',
  });
  assert.deepEqual(found.edges, [
    { from: 'airflow:dag/w', to: 'airflow:dataset/s3://x', kind: 'feeds' },
    { from: 'airflow:dataset/s3://x', to: 'airflow:dag/r', kind: 'triggers' },
  ]);
});

test('endless and huge code ends with a note and what came before', async () => {
  const found = await read({
    'dags/a.py':
      'from airflow import DAG\nfirst = DAG("first")\ndef again(n):\n    for i in range(1000):\n        again(n + 1)\nagain(0)\n',
    'dags/b.py': `from airflow import DAG\nx = ${'('.repeat(5000)}DAG("deep")${')'.repeat(5000)}\n`,
  });
  assert.deepEqual(
    found.assets.map((asset) => asset.name),
    ['first'],
  );
  assert.ok(found.findings.some(({ check, path }) => check === 'airflow-static-limit' && path === 'dags/a.py'));
});

test('a DAG has the Variables that it and the modules that it loads read', async () => {
  const found = await discover({
    files: textsAsFiles({
      'dags/a.py':
        'from airflow import DAG\nfrom lib.read import root\nwith DAG("a", schedule=None):\n    x = "{{ var.value.days }}"\n',
      'dags/b.py': 'from airflow import DAG\nwith DAG("b", schedule=None):\n    pass\n',
      'include/lib/read.py': 'from airflow.models import Variable\ndef root():\n    return Variable.get("root")\n',
    }),
    part: { name: 'x', settings: { dags: 'dags', paths: ['include'] } },
  });
  assert.deepEqual(
    found.assets.map(({ name, facts }) => [name, facts.variables ?? null]),
    [
      ['a', ['days', 'root']],
      ['b', null],
    ],
  );
});

test('files that os.scandir and os.walk find are followed', async () => {
  const more = {
    'dags/shops/north.json': '{"name": "north"}',
    'dags/shops/far/south.json': '{"name": "south"}',
    'dags/shops/readme.txt': 'none',
  };
  const make = 'DAG(json.load(open(path))["name"])';
  const scanned = `import json, os
from pathlib import Path
for entry in os.scandir(Path(__file__).parent / "shops"):
    if not entry.name.endswith(".json"):
        continue
    path = entry.path
    globals()[path] = ${make}
`;
  assert.deepEqual(await ids(scanned, more), ['north']);
  const walked = `import json, os
for folder, folders, files in os.walk(os.path.join(os.path.dirname(__file__), "shops")):
    for name in files:
        if name.endswith(".json"):
            path = os.path.join(folder, name)
            globals()[path] = ${make}
`;
  assert.deepEqual((await ids(walked, more)).sort(), ['north', 'south']);
});

test('the tables that literal SQL of tasks names feed the DAG and are fed by it', async () => {
  const found = await discover({
    files: textsAsFiles({
      'dags/a.py': `from airflow import DAG
from airflow.providers.common.sql.operators.sql import SQLExecuteQueryOperator
with DAG("a", schedule=None):
    SQLExecuteQueryOperator(task_id="x", conn_id="w", sql="insert into Marts.Sales select * from raw.orders o join tmp t on o.id = t.id")
    SQLExecuteQueryOperator(task_id="y", conn_id="w", sql="sql/load.sql")
`,
    }),
    part: { name: 'x', settings: { dags: 'dags' } },
  });
  assert.deepEqual(found.edges, [
    { from: 'warehouse:table/raw.orders', to: 'airflow:dag/a', kind: 'feeds' },
    { from: 'airflow:dag/a', to: 'warehouse:table/marts.sales', kind: 'feeds' },
  ]);
});
