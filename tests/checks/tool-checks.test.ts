import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { ensureRuntime } from '../../src/base/python/ensure-runtime.ts';
import { terraformTool } from '../../src/targets/terraform/terraform-tool.ts';
import { checked, createProject, type Report } from './headgate.ts';

for (const name of ['airflow', 'dbt', 'spark'] as const) await ensureRuntime(name);

const CHECKS = [
  ...['dbt-unit-tests', 'dbt-build-changed', 'pytest', 'spark-tests', 'sql-lint', 'python-types', 'terraform-format'],
  ...[
    'terraform-validate',
    'terraform-policy',
    'schema-valid',
    'contract-valid',
    'contract-columns',
    'secrets-in-change',
    'great-expectations',
  ],
].flatMap((name) => ['--only', name]);

/** A small estate in which all is well. Each fault below is one of these files with a word changed. */
const RIGHT: { [path: string]: string } = {
  'headgate.yaml': `version: 1
project: tools
parts:
  airflow: [{ name: main, dags: dags, paths: [include] }]
  spark: [{ name: sums, path: jobs, main: sums.py }]
  dbt: [{ name: shop, path: shop }]
  kafka: [{ name: events, path: kafka }]
  contracts: [{ name: all, path: contracts }]
  terraform: [{ name: lake, path: lake, plan: lake/plan.json }]
`,
  'dags/daily.py': `from datetime import datetime
from airflow import DAG
from airflow.operators.bash import BashOperator
from fees import rounded

with DAG("daily", start_date=datetime(2025, 1, 1), schedule=None, default_args={"owner": "team"}) as dag:
    BashOperator(task_id="a", bash_command=f"echo {rounded(1)}")
`,
  'include/fees.py': 'def rounded(amount: int) -> int:\n    return (amount + 5) // 10\n',
  'mypy.ini': '[mypy]\n',
  'tests/test_fees.py': `from airflow.models import DagBag
from fees import rounded


def test_half_is_rounded_up():
    assert rounded(15) == 2


def test_the_dag_runs_as_it_would_in_airflow():
    dag = DagBag("dags", include_examples=False).dags["daily"]
    assert str(dag.test().state) == "success"
`,
  'jobs/sums.py': 'def sums(frame):\n    return frame.groupBy("k").sum("v")\n',
  'jobs/tests/test_sums.py': `from pyspark.sql import SparkSession
from sums import sums


def test_values_are_added_by_key():
    spark = SparkSession.builder.master("local[1]").config("spark.ui.enabled", "false").getOrCreate()
    rows = sums(spark.createDataFrame([("a", 1), ("a", 2)], "k string, v long")).collect()
    assert [tuple(row) for row in rows] == [("a", 3)]
`,
  'shop/dbt_project.yml': 'name: shop\nprofile: shop\nversion: "1.0"\n',
  'shop/profiles.yml': 'shop:\n  target: dev\n  outputs:\n    dev: { type: duckdb, path: shop.duckdb, schema: main }\n',
  'shop/seeds/rates.csv': 'currency,rate\nEUR,1.0\nGBP,1.2\n',
  'shop/source-data/raw/orders.csv': 'id,amount,currency\n1,10,EUR\n2,20,GBP\n',
  'shop/models/orders.sql': `select o.id, o.amount * r.rate as eur
from {{ source('raw', 'orders') }} as o
inner join {{ ref('rates') }} as r on o.currency = r.currency
where o.id is not null
`,
  'shop/models/orders.yml': `version: 2
sources:
  - name: raw
    tables: [{ name: orders }]
models:
  - name: orders
    config: { contract: { enforced: true } }
    columns:
      - { name: id, data_type: bigint, data_tests: [unique] }
      - { name: eur, data_type: double }
unit_tests:
  - name: amounts_are_in_euro
    model: orders
    given:
      - input: source('raw', 'orders')
        rows: [{ id: 1, amount: 10, currency: GBP }]
      - input: ref('rates')
        rows: [{ currency: GBP, rate: 1.5 }]
    expect: { rows: [{ id: 1, eur: 15 }] }
`,
  'gx/expectations/orders.json': `{
  "name": "orders",
  "expectations": [
    { "type": "expect_column_values_to_be_unique", "kwargs": { "column": "id" } }
  ],
  "meta": { "headgate_data": "shop/source-data/raw/orders.csv" }
}
`,
  'kafka/orders-value.avsc': '{"type": "record", "name": "Order", "fields": [{"name": "id", "type": "long"}]}\n',
  'contracts/orders.yaml': `apiVersion: v3.1.0
kind: DataContract
id: orders
version: 1.0.0
status: active
servers: [{ server: w, type: duckdb, database: shop.duckdb, schema: main }]
schema:
  - name: orders
    properties:
      - { name: id, logicalType: integer }
      - { name: eur, logicalType: number }
`,
  'lake/main.tf': `resource "terraform_data" "x" {
  input = 1
}

resource "terraform_data" "y" {
  input = terraform_data.x.output
}
`,
  'lake/plan.json': '{"format_version": "1.2", "resource_changes": []}\n',
};

const SECRET = ['AKIA', 'Z3MSVQ6YD5LXT2RB'].join('');
const FAULTS: { [path: string]: [right: string, wrong: string] } = {
  'include/fees.py': ['(amount + 5) // 10', '"0" if amount < 0 else amount // 10'],
  'jobs/sums.py': ['.sum("v")', '.max("v")'],
  'shop/source-data/raw/orders.csv': ['2,20,GBP', '1,20,GBP'],
  'shop/models/orders.sql': ['amount * r.rate as eur', 'amount / r.rate as eur'],
  'kafka/orders-value.avsc': ['"long"', '"lnog"'],
  'contracts/orders.yaml': ['name: eur, logicalType', 'name: euro, logicalTyp'],
  'lake/main.tf': ['input = 1', 'inptu = 1\n  x=2'],
  'lake/plan.json': [
    '[]',
    '[{"address": "aws_s3_bucket.old", "mode": "managed", "type": "aws_s3_bucket", "name": "old", "change": {"actions": ["delete"]}}]',
  ],
};

/** A project in a repository: first all well on main, then `texts` on a branch, which had a secret for one commit. */
async function estate(faults: boolean): Promise<string> {
  const project = await createProject(RIGHT);
  after(() => project.remove());
  const git = (...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b.c', ...args], {
      cwd: project.folder,
      stdio: 'pipe',
    });
  git('init', '-q', '-b', 'main');
  git('add', '.');
  git('commit', '-q', '-m', 'first');
  git('checkout', '-q', '-b', 'change');
  if (!faults) return project.folder;
  await writeFile(join(project.folder, 'include/keys.py'), `KEY = "${SECRET}"\n`);
  git('add', '.');
  git('commit', '-q', '-m', 'second');
  await writeFile(join(project.folder, 'include/keys.py'), '');
  for (const [path, [right, wrong]] of Object.entries(FAULTS)) {
    const text = RIGHT[path]?.replace(right, wrong);
    assert.notEqual(text, RIGHT[path], path);
    await writeFile(join(project.folder, path), text ?? '');
  }
  const sql = RIGHT['shop/models/orders.sql']
    ?.replace('is not null', 'is not null or o.id = null')
    .replace('amount * r.rate as eur', 'amount / r.rate as eur');
  await writeFile(join(project.folder, 'shop/models/orders.sql'), sql ?? '');
  git('commit', '-q', '-a', '-m', 'third');
  return project.folder;
}

function wrong({ findings }: Report): string[] {
  return findings
    .filter(({ status }) => status === 'failed' || status === 'errored')
    .map(({ check, path, line, status, severity }) => `${check} ${path}:${line} ${status} ${severity}`)
    .sort();
}

test('where all is well no tool finds anything, and each was really asked', async () => {
  const { status, report } = await checked(await estate(false), CHECKS);
  assert.deepEqual(wrong(report), []);
  assert.equal(status, 0);
  const terraform = terraformTool() === null ? ['terraform-format', 'terraform-validate'] : [];
  const skipped = report.findings.filter((finding) => finding.status === 'skipped').map(({ check }) => check);
  // The job has no tests without Spark, and its branch no commits.
  assert.deepEqual([...new Set(skipped)].sort(), ['pytest', 'secrets-in-change', ...terraform].sort());
});

test('each planted fault is found by the tool that is about it, at its place', async () => {
  const { status, report } = await checked(await estate(true), CHECKS);
  assert.equal(status, 1);
  const terraform =
    terraformTool() === null
      ? []
      : [
          'terraform-format lake/main.tf:3 failed note',
          'terraform-validate lake/main.tf:2 failed error',
          'terraform-validate lake/main.tf:3 failed error',
        ];
  assert.deepEqual(
    wrong(report),
    [
      'contract-columns contracts/orders.yaml:11 failed error',
      'contract-valid contracts/orders.yaml:11 failed error',
      'dbt-build-changed shop/models/orders.yml:9 failed error',
      'dbt-unit-tests shop/models/orders.yml:12 failed error',
      'great-expectations gx/expectations/orders.json:4 failed error',
      'pytest tests/test_fees.py:6 failed error',
      'python-types include/fees.py:2 failed warning',
      'schema-valid kafka/orders-value.avsc:null failed error',
      'secrets-in-change include/keys.py:1 failed error',
      'spark-tests jobs/tests/test_sums.py:8 failed error',
      'sql-lint shop/models/orders.sql:4 failed warning',
      'terraform-policy null:null failed error',
      ...terraform,
    ].sort(),
  );
  assert.ok(!JSON.stringify(report).includes(SECRET.slice(4)));
});
