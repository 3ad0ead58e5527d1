import assert from 'node:assert/strict';
import { test } from 'node:test';
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
  const gates = {
    ...{ approvals: 0, approverRoles: [], separateAuthor: true, requiredChecks: [] },
    approvalValidSeconds: 0,
    requireLockedRuntime: false,
  };
  const environment = {
    name: 'prod',
    after: null,
    promote: 'manual' as const,
    gates,
    targets: {},
    values,
    secrets: {},
  };
  return { files, part, discovery: await discover({ files, part }), environments: [environment] };
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
      daily: 'compatible: Its owner is `sales` instead of `shop`; only its owner, or whom it writes to, differs.',
    },
  },
  {
    title: 'retries',
    edit: replaced('dags/daily.py', '"retries": 1', '"retries": 2'),
    says: { daily: 'breaking: What is done when it is loaded changed.' },
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
      other: 'breaking: The value `REFUNDS` of `shop.names` changed.',
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
