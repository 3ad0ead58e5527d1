import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { besideAirflow, type HeldCommit } from '../../bench/beside-airflow.ts';
import { runProgram } from '../../bench/measure.ts';
import { ensureRuntime } from '../../src/base/python/ensure-runtime.ts';
import { tellImpact } from '../../src/workflows/impact/tell-impact.ts';

const daily = `import json
import os
from datetime import datetime

from airflow import DAG
from airflow.operators.bash import BashOperator
from airflow.operators.python import PythonOperator

from shop.load import load_orders

with DAG("daily", schedule="0 3 * * *", start_date=datetime(2025, 1, 1), tags=["orders"],
         default_args={"owner": "shop", "retries": 1}) as dag:
    load = PythonOperator(task_id="load", python_callable=load_orders)
    tell = BashOperator(task_id="tell", bash_command="tell.sh ")
    load >> tell
`;
const load = `import os
from shop.names import ORDERS


def load_orders():
    return read(ORDERS)


def load_refunds():
    return read("refunds")


def read(name):
    return open(name).read()
`;

/** A small project's history: what each commit writes, by its title, and the DAGs whose tasks or code it changes. */
const history: { title: string; texts: { [path: string]: string }; differs: string[] }[] = [
  {
    title: 'start',
    texts: {
      'dags/daily.py': daily,
      'dags/tell.sh': 'echo done\n',
      'dags/shops.py': `import os
from datetime import datetime
from pathlib import Path
import yaml
from airflow import DAG
from airflow.operators.python import PythonOperator
from shop.load import load_refunds

for entry in os.scandir(Path(__file__).parent / "shops"):
    said = yaml.safe_load(Path(entry.path).read_text())
    with DAG(f"refunds_{said['name']}", schedule=said["schedule"], start_date=datetime(2025, 1, 1)) as dag:
        PythonOperator(task_id="load", python_callable=load_refunds)
    globals()[said["name"]] = dag
`,
      'dags/shops/north.yaml': 'name: north\nschedule: "0 1 * * *"\n',
      'dags/shop/__init__.py': '',
      'dags/shop/load.py': load,
      'dags/shop/names.py': 'ORDERS = "orders"\n',
    },
    differs: [],
  },
  {
    title: 'layout',
    texts: {
      'dags/daily.py': daily.replace('import json\nimport os\n', 'import os\nimport json\n').replaceAll('"', "'"),
      'dags/shop/load.py': load.replace('read(name):', 'read(name: str) -> str:\n    """Reads it."""'),
    },
    differs: [],
  },
  {
    title: 'a function that one of them runs',
    texts: { 'dags/shop/load.py': load.replace('read("refunds")', 'read("returns")') },
    differs: ['refunds_north'],
  },
  { title: 'a value', texts: { 'dags/shop/names.py': 'ORDERS = "sales"\n' }, differs: ['daily'] },
  {
    title: 'another shop, and another time',
    texts: {
      'dags/shops/north.yaml': 'name: north\nschedule: "0 2 * * *"\n',
      'dags/shops/south.yaml': 'name: south\nschedule: "0 2 * * *"\n',
    },
    differs: ['refunds_north', 'refunds_south'],
  },
  {
    title: 'a task',
    texts: {
      'dags/daily.py': daily.replace(
        '    load >> tell',
        '    load >> tell >> BashOperator(task_id="end", bash_command="true")',
      ),
    },
    differs: ['daily'],
  },
  { title: 'a DAG that is gone', texts: { 'dags/daily.py': '# Nothing of airflow, no dag.\n' }, differs: ['daily'] },
];

const estate = realpathSync(mkdtempSync(join(tmpdir(), 'headgate-history-')));
const titles = new Map<string, string>();
const git = (...argv: string[]) =>
  runProgram(['git', '-c', 'user.name=test', '-c', 'user.email=test@example.invalid', ...argv], { cwd: estate });

before(() => {
  git('init', '-q', '-b', 'main');
  for (const { title, texts } of history) {
    for (const [path, text] of Object.entries(texts)) {
      mkdirSync(dirname(join(estate, path)), { recursive: true });
      writeFileSync(join(estate, path), text);
    }
    git('add', '--all');
    git('commit', '-q', '-m', title);
    titles.set(git('rev-parse', 'HEAD').trim(), title);
  }
});
after(() => rmSync(estate, { recursive: true, force: true }));

test('commit by commit impact names every DAG that Airflow sees otherwise, or whose tasks run other code, and none where only the layout differs', async () => {
  const runtime = await ensureRuntime('airflow');
  const commits = [...titles.keys()].slice(1);
  const tell = async (commit: string) =>
    (await tellImpact(estate, { base: `${commit}~1..${commit}`, head: null })).impact;
  const told = new Map<string, HeldCommit>();
  for await (const held of besideAirflow(runtime, { repository: estate, commits }, tell))
    told.set(titles.get(held.commit) ?? '', held);
  const differing = (held: HeldCommit | undefined) =>
    (held?.dags ?? []).filter(({ weight }) => weight === 'essence' || weight === 'new').map(({ id }) => id);
  assert.deepEqual(
    history.slice(1).map(({ title }) => [title, differing(told.get(title))]),
    history.slice(1).map(({ title, differs }) => [title, differs]),
  );
  assert.deepEqual(
    [...told].flatMap(([title, { wrong }]) => wrong.map(({ id }) => `${title}: ${id}`)),
    [],
  );
  assert.deepEqual(
    told.get('layout')?.dags.filter(({ effect }) => effect !== 'none'),
    [],
  );
});
