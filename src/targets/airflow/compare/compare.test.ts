import assert from 'node:assert/strict';
import { test } from 'node:test';
import { plainEnvironment } from '../../../model/environment.ts';
import { textsAsFiles } from '../../../model/texts-as-files.ts';
import type { PartRevision } from '../../contract.ts';
import { discover } from '../discover.ts';
import { compare } from './compare.ts';

const part = { name: 'main', settings: { dags: 'dags', paths: ['lib'], requirements: 'requirements.txt' } };

type Texts = { [path: string]: string };

const texts: Texts = {
  'requirements.txt': 'pandas==2.1.0\n',
  'dags/daily.py': `"""The day."""
import json
from datetime import datetime

from airflow import DAG
from airflow.operators.bash import BashOperator
from airflow.operators.python import PythonOperator

from shop.load import load_orders

with DAG("daily", schedule="0 3 * * *", start_date=datetime(2025, 1, 1), tags=["a"], doc_md=__doc__,
         default_args={"owner": "shop", "retries": 1}) as dag:
    load = PythonOperator(task_id="load", python_callable=load_orders)
    tell = BashOperator(task_id="tell", bash_command="tell.sh", pool="small")
    load >> tell
`,
  'dags/tell.sh': 'echo "{{ var.value.channel }}"\n',
  'dags/other.py': `from airflow import DAG
from shop.load import load_refunds

with DAG("other") as dag:
    load_refunds()
`,
  'lib/shop/__init__.py': '',
  'lib/shop/load.py': `from shop.names import ORDERS, REFUNDS

def load_orders():
    """Loads them."""
    return read(ORDERS)

def load_refunds():
    return read(REFUNDS)

def read(name):
    return open(name)
`,
  'lib/shop/names.py': 'ORDERS = "orders"\nREFUNDS = "refunds"\n',
};

async function revision(of: Texts, values: { [name: string]: string } = { channel: 'ops' }): Promise<PartRevision> {
  const files = textsAsFiles(of);
  return { files, part, discovery: await discover({ files, part }), environments: [plainEnvironment('prod', values)] };
}

async function effects(
  edit: (texts: Texts) => Texts,
  values?: { [name: string]: string },
): Promise<{ [dag: string]: string }> {
  const changes = await compare({ base: await revision(texts), head: await revision(edit(texts), values) });
  return Object.fromEntries(
    changes.map(({ key, effect, because }) => [key.replace('airflow:dag/', ''), `${effect}: ${because}`]),
  );
}

function replaced(path: string, from: string, to: string): (texts: Texts) => Texts {
  return (before) => {
    const text = before[path] ?? '';
    assert.ok(text.includes(from), `${path} holds ${from}`);
    return { ...before, [path]: text.replace(from, to) };
  };
}

const pairs: readonly { title: string; edit: (texts: Texts) => Texts; says: { [dag: string]: string } }[] = [
  { title: 'nothing', edit: (same) => ({ ...same }), says: {} },
  {
    title: 'a comment and other quotes',
    edit: replaced('dags/daily.py', '"tell.sh", ', "'tell.sh',  # by mail\n        "),
    says: { daily: 'none: Only the text differs: it does what it did.' },
  },
  {
    title: 'a schedule',
    edit: replaced('dags/daily.py', '0 3 * * *', '0 4 * * *'),
    says: { daily: 'breaking: Its schedule is `0 4 * * *` instead of `0 3 * * *`.' },
  },
  {
    title: 'a tag',
    edit: replaced('dags/daily.py', 'tags=["a"]', 'tags=["a", "b"]'),
    says: { daily: 'none: Only its tags differ; only what it says of itself differs.' },
  },
  {
    title: 'the docstring of the module',
    edit: replaced('dags/daily.py', 'The day.', 'A day.'),
    says: { daily: 'none: Only the text differs: it does what it did.' },
  },
  {
    title: 'an owner',
    edit: replaced('dags/daily.py', '"owner": "shop"', '"owner": "sales"'),
    says: {
      daily:
        'compatible: Its owner is `sales` instead of `shop`; `owner` of `default_args` is `sales` instead of `shop`.',
    },
  },
  {
    title: 'retries',
    edit: replaced('dags/daily.py', '"retries": 1', '"retries": 2'),
    says: { daily: 'breaking: `retries` of `default_args` is `2` instead of `1`.' },
  },
  {
    title: 'a task',
    edit: replaced('dags/daily.py', 'task_id="load"', 'task_id="fetch"'),
    says: { daily: 'breaking: The task `load` is called `fetch` now.' },
  },
  {
    title: 'an edge',
    edit: replaced('dags/daily.py', 'load >> tell', 'tell >> load'),
    says: { daily: 'breaking: Other tasks follow `load` than before; other tasks follow `tell` than before.' },
  },
  {
    title: 'a function of the library that one DAG uses',
    edit: replaced('lib/shop/load.py', 'return read(ORDERS)', 'return list(read(ORDERS))'),
    says: {
      daily: 'breaking: The function `load_orders` of `shop.load` changed.',
      other: 'none: Only the text differs: it does what it did.',
    },
  },
  {
    title: 'a value that such a function uses',
    edit: replaced('lib/shop/names.py', '"refunds"', '"returns"'),
    says: {
      daily: 'none: Only the text differs: it does what it did.',
      other: 'breaking: It says `returns` instead of `refunds` in the value `REFUNDS` of `shop.names`.',
    },
  },
  {
    title: 'what the library does when it is loaded',
    edit: replaced('lib/shop/names.py', 'ORDERS =', 'print()\nORDERS ='),
    says: {
      daily: 'breaking: What is done when it is loaded of `shop.names` is new.',
      other: 'breaking: What is done when it is loaded of `shop.names` is new.',
    },
  },
  {
    title: 'a template that a command names',
    edit: replaced('dags/tell.sh', 'echo', 'printf'),
    says: {
      daily: 'breaking: `dags/tell.sh`, which it names, changed.',
      other: 'unknown: `dags/tell.sh` changed, and its code may read it.',
    },
  },
  {
    title: 'files that steer other programs',
    edit: (before) => ({ ...before, 'dags/Makefile': 'run:\n', 'dags/.github/workflows/ci.yml': 'on: push\n' }),
    says: {},
  },
  {
    title: 'a package',
    edit: replaced('requirements.txt', '2.1.0', '2.2.0'),
    says: {
      daily: 'unknown: The packages it runs on changed: pandas 2.1.0 -> 2.2.0.',
      other: 'unknown: The packages it runs on changed: pandas 2.1.0 -> 2.2.0.',
    },
  },
  {
    title: 'a file that has moved',
    edit: ({ 'dags/other.py': moved = '', ...rest }) => ({ ...rest, 'dags/team/other.py': moved }),
    says: { other: 'none: It moved to `dags/team/other.py` and does what it did.' },
  },
  {
    title: 'a new DAG',
    edit: (before) => ({ ...before, 'dags/third.py': 'from airflow import DAG\nwith DAG("third"):\n    pass\n' }),
    says: { third: 'compatible: It is new.' },
  },
  {
    title: 'a DAG that is gone',
    edit: ({ 'dags/other.py': _, ...rest }) => rest,
    says: { other: 'breaking: It is gone.' },
  },
];

for (const { title, edit, says } of pairs) {
  test(`what is said of ${title}`, async () => {
    assert.deepEqual(await effects(edit), says);
  });
}

const two = {
  ...texts,
  'dags/other.py': `from airflow import DAG
from airflow.decorators import dag, task
from airflow.models import Variable
from airflow.operators.bash import BashOperator

with DAG("first", schedule="0 1 * * *") as first:
    BashOperator(task_id="a", bash_command="echo {{ var.value.channel }}")

with DAG("second", schedule="0 2 * * *") as second:
    BashOperator(task_id="b", bash_command="echo b", trigger_rule="all_done")

@dag(schedule="0 3 * * *")
def third():
    BashOperator(task_id="c", bash_command="python /opt/airflow/dags/scripts/run.py")

third()
`,
  'dags/scripts/run.py': 'import shop.names\nprint(shop.names.ORDERS)\n',
};

const neighbours: typeof pairs = [
  {
    title: 'the schedule of one of three DAGs in a file',
    edit: replaced('dags/other.py', '0 1 * * *', '0 5 * * *'),
    says: {
      first: 'breaking: Its schedule is `0 5 * * *` instead of `0 1 * * *`.',
      second: 'none: Only another DAG of its file changed.',
      third: 'none: Only another DAG of its file changed.',
    },
  },
  {
    title: 'a schedule that Airflow does not take, in one of three DAGs',
    edit: replaced('dags/other.py', '0 1 * * *', '0 25 * * *'),
    says: {
      first: 'breaking: Its schedule is `0 25 * * *` instead of `0 1 * * *`.',
      second: 'unknown: Another DAG of its file changed, and the file must load for either.',
      third: 'unknown: Another DAG of its file changed, and the file must load for either.',
    },
  },
  {
    title: 'what a script that a command names uses',
    edit: replaced('lib/shop/names.py', '"orders"', '"sales"'),
    says: {
      daily: 'breaking: It says `sales` instead of `orders` in the value `ORDERS` of `shop.names`.',
      third: 'breaking: `dags/scripts/run.py`, which it names, does something else.',
    },
  },
  {
    title: 'code of a library that nothing uses and Python refuses',
    edit: replaced('lib/shop/load.py', 'def read(name):', 'def unused(a, a):\n    pass\n\ndef read(name):'),
    says: { daily: 'unknown: `lib/shop/load.py` differs and cannot be read as Python.' },
  },
  {
    title: 'code of a library that nothing uses',
    edit: replaced('lib/shop/load.py', 'def read(name):', 'def unused(a, b):\n    pass\n\ndef read(name):'),
    says: { daily: 'none: Only the text differs: it does what it did.' },
  },
];

for (const { title, edit, says } of neighbours) {
  test(`what is said of ${title}`, async () => {
    const changes = await compare({ base: await revision(two), head: await revision(edit(two)) });
    const said = changes.map(({ key, effect, because }) => [key.replace('airflow:dag/', ''), `${effect}: ${because}`]);
    assert.deepEqual(Object.fromEntries(said), says);
  });
}

test('a value of an environment reaches the DAGs that mention it, in their templates too', async () => {
  const changes = await compare({ base: await revision(two), head: await revision(two, { channel: 'dev' }) });
  const said = changes.map(({ key, effect, because }) => `${key} ${effect}: ${because}`);
  assert.deepEqual(said, [
    'airflow:dag/daily breaking: The variable `channel` holds something else in prod.',
    'airflow:dag/first breaking: The variable `channel` holds something else in prod.',
  ]);
});

test('all that is found while the code runs may be reached', async () => {
  const dynamic = {
    ...texts,
    'dags/other.py': `${texts['dags/other.py']}\nimport importlib\nimportlib.import_module(name)\n`,
  };
  const head = replaced('lib/shop/names.py', 'ORDERS =', 'UNUSED = 1\nORDERS =')(dynamic);
  const files = { ...head, 'lib/shop/far.py': 'x = 2\n' };
  const changes = await compare({
    base: await revision({ ...dynamic, 'lib/shop/far.py': 'x = 1\n' }),
    head: await revision(files),
  });
  assert.deepEqual(
    changes.map(({ key, effect }) => `${key} ${effect}`),
    ['airflow:dag/daily none', 'airflow:dag/other unknown'],
  );
});

test('a library in a folder that nobody declared is found by its name', async () => {
  const elsewhere = { ...texts, 'vendor/tools/mail.py': 'def send():\n    return 1\n' };
  const using = { ...elsewhere, 'dags/other.py': `${texts['dags/other.py']}\nimport tools.mail\ntools.mail.send()\n` };
  const edit = replaced('vendor/tools/mail.py', 'return 1', 'return 2');
  const changes = await compare({ base: await revision(using), head: await revision(edit(using)) });
  assert.deepEqual(
    changes.map(({ key, because }) => `${key}: ${because}`),
    ['airflow:dag/other: It says `2` instead of `1` in the function `send` of `tools.mail`.'],
  );
});
