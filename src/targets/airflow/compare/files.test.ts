import assert from 'node:assert/strict';
import { test } from 'node:test';
import { textsAsFiles } from '../../../model/texts-as-files.ts';
import type { PartRevision } from '../../contract.ts';
import { discover } from '../discover.ts';
import { compare } from './compare.ts';

type Texts = { [path: string]: string };

const part = { name: 'main', settings: { dags: 'dags' } };

async function revision(texts: Texts): Promise<PartRevision> {
  const files = textsAsFiles(texts);
  return { files, part, discovery: await discover({ files, part }), environments: [] };
}

/** What is said of the one DAG of a file that runs this. */
async function saidOf({ runs, base, head }: { runs: string; base: Texts; head: Texts }): Promise<string> {
  const file = { 'dags/daily.py': `from airflow import DAG\nwith DAG("daily"):\n    ${runs}\n` };
  const changes = await compare({
    base: await revision({ ...file, ...base }),
    head: await revision({ ...file, ...head }),
  });
  return changes.map(({ key, effect, because }) => `${key} ${effect}: ${because}`).join('\n') || 'nothing';
}

const bash = (command: string) => `BashOperator(task_id="a", bash_command="${command}")`;

const cases: readonly { title: string; runs: string; base: Texts; head: Texts; says: RegExp }[] = [
  {
    title: 'a text that a template includes',
    runs: 'SQLExecuteQueryOperator(task_id="a", sql="orders.sql")',
    base: { 'dags/orders.sql': '{% include "where.sql" %}', 'dags/where.sql': 'where a' },
    head: { 'dags/orders.sql': '{% include "where.sql" %}', 'dags/where.sql': 'where b' },
    says: /unknown: `dags\/where.sql`, which `dags\/orders.sql` names, changed/,
  },
  {
    title: 'a program that a script starts',
    runs: bash('run.sh '),
    base: { 'dags/run.sh': 'python -m team.load', 'dags/team/load.py': 'print(1)' },
    head: { 'dags/run.sh': 'python -m team.load', 'dags/team/load.py': 'print(2)' },
    says: /unknown: `dags\/team\/load.py`, which `dags\/run.sh` names, does something else/,
  },
  {
    title: 'a program elsewhere that is started by its place',
    runs: bash('python /srv/jobs/load.py'),
    base: { 'jobs/load.py': 'print(1)' },
    head: { 'jobs/load.py': 'print(2)' },
    says: /unknown: `jobs\/load.py`, which it seems to start, does something else/,
  },
  {
    title: 'a program elsewhere of the same name',
    runs: bash('python load.py'),
    base: { 'jobs/load.py': 'print(1)' },
    head: { 'jobs/load.py': 'print(2)' },
    says: /^nothing$/,
  },
  {
    title: 'a text whose name is put together',
    runs: 'SQLExecuteQueryOperator(task_id="a", sql=f"orders_{day}_all.sql")',
    base: { 'dags/orders_monday_all.sql': 'select 1' },
    head: { 'dags/orders_monday_all.sql': 'select 2' },
    says: /unknown: `dags\/orders_monday_all.sql` changed, and its code may read it/,
  },
  {
    title: 'a text beside the one that is named',
    runs: 'SQLExecuteQueryOperator(task_id="a", sql="orders.sql")',
    base: { 'dags/orders.sql': 'select 1', 'dags/items.sql': 'select 1' },
    head: { 'dags/orders.sql': 'select 1', 'dags/items.sql': 'select 2' },
    says: /^nothing$/,
  },
  {
    title: 'a Variable in the file that is loaded into Airflow, which the code asks for',
    runs: bash('echo {{ var.value.image }}'),
    base: { 'variables_prod.json': '{"image": "a", "size": 1}' },
    head: { 'variables_prod.json': '{"image": "b", "size": 1}' },
    says: /breaking: The variable `image` holds something else in variables_prod.json/,
  },
  {
    title: 'another Variable of that file',
    runs: `${bash('echo {{ var.value.image }}')}; open("dags/x")`,
    base: { 'variables_prod.json': '{"image": "a", "size": 1}' },
    head: { 'variables_prod.json': '{"image": "a", "size": 2}' },
    says: /^nothing$/,
  },
  {
    title: 'a variable of the environment that the code reads',
    runs: 'load(os.environ["SHOP_URL"])',
    base: { 'docker-compose.yml': 'environment:\n  SHOP_URL: a\n' },
    head: { 'docker-compose.yml': 'environment:\n  SHOP_URL: b\n' },
    says: /breaking: The environment variable `SHOP_URL` is another in docker-compose.yml/,
  },
  {
    title: 'a variable of the environment that the code does not read',
    runs: 'load(os.environ["SHOP_URL"])',
    base: { '.env': 'POSTGRES_PORT=1\nSHOP_URL=a' },
    head: { '.env': '# Ports\nPOSTGRES_PORT=2\nSHOP_URL=a' },
    says: /^nothing$/,
  },
  {
    title: 'a Variable of Airflow in the environment',
    runs: bash('echo {{ var.value.image }}'),
    base: { '.env': 'AIRFLOW_VAR_IMAGE=a' },
    head: { '.env': 'AIRFLOW_VAR_IMAGE=b' },
    says: /breaking: The variable `image` is another in .env/,
  },
  {
    title: "Airflow's own settings",
    runs: 'load()',
    base: { 'docker-compose.yml': 'AIRFLOW__CORE__DEFAULT_POOL_TASK_SLOT_COUNT: 1\nAIRFLOW__WEBSERVER__PORT: 1' },
    head: { 'docker-compose.yml': 'AIRFLOW__CORE__DEFAULT_POOL_TASK_SLOT_COUNT: 2\nAIRFLOW__WEBSERVER__PORT: 2' },
    says: /unknown: Airflow's own setting `AIRFLOW__CORE__DEFAULT_POOL_TASK_SLOT_COUNT` is another in docker-compose.yml.$/,
  },
  {
    title: 'a text in a folder that the code spells on the way to it',
    runs: 'load("/srv/queries/" + where)',
    base: { 'dags/queries/north/orders.sql': 'select 1' },
    head: { 'dags/queries/north/orders.sql': 'select 2' },
    says: /unknown: `dags\/queries\/north\/orders.sql` changed/,
  },
  {
    title: 'a text in another folder than the one that the code spells',
    runs: 'load("/srv/queries/south/" + where)',
    base: { 'dags/queries/north/orders.sql': 'select 1' },
    head: { 'dags/queries/north/orders.sql': 'select 2' },
    says: /^nothing$/,
  },
  {
    title: 'a text in a folder whose name is begun',
    runs: 'load("/srv/queries/no" + where)',
    base: { 'dags/queries/north/orders.sql': 'select 1' },
    head: { 'dags/queries/north/orders.sql': 'select 2' },
    says: /unknown: `dags\/queries\/north\/orders.sql` changed/,
  },
  {
    title: 'packages for those who work on the code',
    runs: 'open("dags/x")',
    base: { 'requirements.txt': 'pandas==2.1', 'requirements-dev.txt': 'pytest==8.0' },
    head: { 'requirements.txt': 'pandas==2.1', 'requirements-dev.txt': 'pytest==8.1' },
    says: /^nothing$/,
  },
  {
    title: 'packages that are listed in that file alone',
    runs: 'open("dags/x")',
    base: { 'requirements-dev.txt': 'pandas==2.1' },
    head: { 'requirements-dev.txt': 'pandas==2.2' },
    says: /unknown: The packages it runs on changed: pandas 2.1 -> 2.2/,
  },
  {
    title: 'a model of dbt beside code that opens files and does not speak of dbt',
    runs: 'load(open(where))',
    base: { 'dags/shop/dbt_project.yml': 'name: shop', 'dags/shop/models/orders.sql': 'select 1' },
    head: { 'dags/shop/dbt_project.yml': 'name: shop', 'dags/shop/models/orders.sql': 'select 2' },
    says: /^nothing$/,
  },
  {
    title: 'a model of dbt beside code that opens files of dbt',
    runs: 'load(open(dbt_folder))',
    base: { 'dags/shop/dbt_project.yml': 'name: shop', 'dags/shop/models/orders.sql': 'select 1' },
    head: { 'dags/shop/dbt_project.yml': 'name: shop', 'dags/shop/models/orders.sql': 'select 2' },
    says: /unknown: `dags\/shop\/models\/orders.sql` changed/,
  },
  {
    title: 'prose that the code opens',
    runs: 'ask(open("question.md").read())',
    base: { 'dags/question.md': 'Why?' },
    head: { 'dags/question.md': 'How?' },
    says: /unknown: `dags\/question.md` changed, and its code may read it/,
  },
  {
    title: 'prose that is there for people, beside code that opens files',
    runs: 'ask(open("question.txt").read())',
    base: { 'dags/README.md': 'Why?' },
    head: { 'dags/README.md': 'How?' },
    says: /^nothing$/,
  },
  {
    title: 'a notebook that is run',
    runs: 'PapermillOperator(task_id="a", input_nb="dags/load.ipynb")',
    base: { 'dags/load.ipynb': '{"cells": []}' },
    head: { 'dags/load.ipynb': '{"cells": [1]}' },
    says: /unknown: `dags\/load.ipynb`/,
  },
  {
    title: 'a table that is read by a name from elsewhere',
    runs: 'pd.read_csv(where)',
    base: { 'dags/names.csv': 'a' },
    head: { 'dags/names.csv': 'b' },
    says: /unknown: `dags\/names.csv` changed/,
  },
  {
    title: 'an empty line between entries of YAML',
    runs: 'yaml.safe_load(open("dags/daily.yaml"))',
    base: { 'dags/daily.yaml': 'a: 1\nb: 2\n' },
    head: { 'dags/daily.yaml': 'a: 1\n\n# two\nb: 2\n' },
    says: /^nothing$/,
  },
  {
    title: 'an empty line in a text of YAML',
    runs: 'yaml.safe_load(open("dags/daily.yaml"))',
    base: { 'dags/daily.yaml': 'a: one\n  two\n' },
    head: { 'dags/daily.yaml': 'a: one\n\n  two\n' },
    says: /breaking: `dags\/daily.yaml`, which it names, changed/,
  },
];

for (const { title, says, ...change } of cases) {
  test(`what is said of ${title}`, async () => {
    assert.match(await saidOf(change), says);
  });
}

test('DAGs whose ids cannot be told are unknown where what is behind them differs', async () => {
  const make = (name: string, made = name) =>
    `import os\nfrom airflow import DAG\nfrom team.made import tasks\nglobals()["x"] = DAG(${made})\ntasks()\n`;
  const base = {
    'dags/some.py': make('f"orders_{os.environ[\'SHOP\']}"'),
    'dags/team/made.py': 'def tasks(): return 1',
  };
  const told = async (head: Texts) => {
    const changes = await compare({ base: await revision(base), head: await revision(head) });
    return changes.map(({ key, effect, because }) => `${key} ${effect}: ${because}`);
  };
  assert.deepEqual(await told({ ...base, 'dags/some.py': `${base['dags/some.py']}# The end.\n` }), []);
  assert.deepEqual(await told({ ...base, 'dags/team/made.py': 'def tasks(): return 2' }), [
    'airflow:dag/orders_* unknown: The file `dags/some.py`, which makes DAGs whose ids are known only when it runs, may do something else: it says `2` instead of `1` in the function `tasks` of `team.made`.',
  ]);
  const [named] = await told({ ...base, 'dags/some.py': make('"orders_north"') });
  assert.equal(named, 'airflow:dag/orders_north unknown: Its file made DAGs before whose ids could not be told.');
});
