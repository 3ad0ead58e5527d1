import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { bridgeFolder } from '../../src/base/python/bridge-folder.ts';
import { ensureRuntime } from '../../src/base/python/ensure-runtime.ts';
import { type ReleaseHome, writeReleaseHome } from './release-home.ts';

const DBT_FILES = {
  'dbt/shop/dbt_project.yml': 'name: shop\nversion: "1.0"\nprofile: shop\n',
  'dbt/shop/profiles.yml': `shop:
  target: dev
  outputs:
    dev: { type: duckdb, path: "{{ env_var('SHOP_DB') }}", schema: main }
`,
  'dbt/shop/models/orders.sql':
    "{{ config(materialized='table') }} select {{ var('rate') }} as rate, '{{ var('day', 'none') }}' as day, '{{ env_var('SHOP_KEY') }}' as key",
  'dbt/shop/models/schema.yml': 'models: [{ name: orders, columns: [{ name: rate, data_tests: [not_null] }] }]\n',
  'dbt/shop/models/broken.sql': 'select no_such_column from {{ ref("orders") }}',
};

const SPARK_FILES = {
  'spark/settle/settle.py': `import os, sys
from pyspark.sql import SparkSession
from rates import RATE
spark = SparkSession.builder.getOrCreate()
rows = spark.range(10).selectExpr(f"sum(id) * {RATE} as total").collect()
print("total", rows[0].total, "partitions", spark.conf.get("spark.sql.shuffle.partitions"), sys.argv[1:], os.environ["LAKE_KEY"])
sys.exit(int(sys.argv[-1]))
`,
  'spark/settle/rates.py': 'RATE = 2\n',
};

const value = (name: string) => `\${values.${name}}`;
const secret = (name: string) => `\${secrets.${name}}`;

let home: ReleaseHome;
let scratch: string;

before(() => {
  scratch = mkdtempSync(join(tmpdir(), 'headgate-run-test-'));
  home = writeReleaseHome({
    values: { db: join(scratch, 'shop.duckdb'), rate: 7, partitions: 3, lake: 's3://lake' },
    secrets: { key: 'env:TEST_SHOP_KEY' },
    parts: {
      'dbt/shop': {
        files: DBT_FILES,
        settings: {
          path: 'dbt/shop',
          vars: { rate: value('rate') },
          env: { SHOP_DB: value('db'), SHOP_KEY: secret('key') },
        },
      },
      'spark/settle': {
        files: SPARK_FILES,
        settings: {
          path: 'spark/settle',
          main: 'settle.py',
          args: ['--lake', value('lake')],
          conf: {
            'spark.master': 'local[1]',
            'spark.sql.shuffle.partitions': value('partitions'),
            'spark.ui.enabled': 'false',
          },
          packages: [],
          env: { LAKE_KEY: secret('key') },
        },
      },
    },
  });
});

after(() => {
  home.close();
  rmSync(scratch, { recursive: true, force: true });
});

async function headgateRun(args: string[], env: Record<string, string | undefined> = {}) {
  const [airflow, dbt, spark] = await Promise.all([
    ensureRuntime('airflow'),
    ensureRuntime('dbt'),
    ensureRuntime('spark'),
  ]);
  const done = spawnSync(airflow.python, [join(bridgeFolder, 'bin/headgate-run'), ...args], {
    encoding: 'utf8',
    env: {
      PATH: process.env.PATH,
      HOME: scratch,
      HEADGATE_HOME: home.folder,
      HEADGATE_DBT_PYTHON: dbt.python,
      HEADGATE_SPARK_PYTHON: spark.python,
      TEST_SHOP_KEY: 'open sesame',
      ...env,
    },
  });
  const last = done.stderr.trim().split('\n').at(-1) ?? '';
  return { status: done.status, stdout: done.stdout, stderr: done.stderr, report: JSON.parse(last)['headgate-run'] };
}

/** Every path below the released parts, to show that a run leaves nothing there. */
function released(): string[] {
  return readdirSync(join(home.folder, 'parts'), { recursive: true, encoding: 'utf8' }).sort();
}

test('dbt builds the released project with the values and secrets of the environment, and leaves it untouched', async () => {
  const before = released();
  const run = await headgateRun(['dbt', 'shop', 'build', '--select', 'orders', '--vars', '{day: "2024-01-01"}']);
  assert.equal(run.status, 0, run.stdout + run.stderr);
  assert.match(run.stdout, /PASS=2 WARN=0 ERROR=0/);
  assert.deepEqual(
    [run.report.kind, run.report.name, run.report.bundle, run.report.exit],
    ['dbt', 'shop', home.bundle, 0],
  );
  const shown = await headgateRun(['dbt', 'shop', 'show', '--inline', "select * from {{ ref('orders') }}"]);
  assert.match(shown.stdout, /7 \| 2024-01-01 \| open sesame/);
  assert.deepEqual(released(), before);
});

test('a model that fails is exit 1, a project that cannot be parsed is exit 2', async () => {
  assert.equal((await headgateRun(['dbt', 'shop', 'run'])).status, 1);
  assert.equal((await headgateRun(['dbt', 'shop', 'build', '--select', 'orders', '--no-such-option'])).status, 2);
});

test('spark-submit runs the released job; its exit status is the answer', async () => {
  const before = released();
  const run = await headgateRun(['spark', 'settle', '--exit', '0']);
  assert.equal(run.status, 0, run.stderr.slice(-3000));
  assert.match(run.stdout, /total 90 partitions 3 \['--lake', 's3:\/\/lake', '--exit', '0'\] open sesame/);
  assert.equal((await headgateRun(['spark', 'settle', '--exit', '4'])).status, 4);
  assert.deepEqual(released(), before);
});

test('what cannot be told starts nothing and says why', async () => {
  const unset = await headgateRun(['dbt', 'shop', 'build'], { TEST_SHOP_KEY: undefined });
  assert.equal(unset.status, 3);
  assert.match(unset.stderr, /the secret key \(env:TEST_SHOP_KEY\) is not set here/);
  const unknown = await headgateRun(['dbt', 'other', 'build']);
  assert.equal(unknown.status, 3);
  assert.match(unknown.stderr, /dbt\/other has not been released here/);
});

test('the source of the job is what was released', () => {
  const files = released().filter((path) => path.endsWith('settle.py'));
  assert.equal(files.length, 1);
  assert.equal(readFileSync(join(home.folder, 'parts', files[0] ?? ''), 'utf8'), SPARK_FILES['spark/settle/settle.py']);
});

test('--headgate-check resolves everything, shows names only, and starts nothing', async () => {
  const run = await headgateRun(['spark', 'settle', '--headgate-check']);
  assert.equal(run.status, 0, run.stderr);
  const shown = JSON.parse(run.stdout);
  assert.equal(shown.bundle, home.bundle);
  assert.deepEqual(shown.argv.slice(-2), ['--lake', 's3://lake']);
  assert.ok(shown.env.includes('LAKE_KEY'));
  assert.ok(!run.stdout.includes('open sesame'));
});
