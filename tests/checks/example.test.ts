import assert from 'node:assert/strict';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { ensureRuntime } from '../../src/base/python/ensure-runtime.ts';
import { blocking, checked } from './headgate.ts';

const example = fileURLToPath(new URL('../../examples/payments/', import.meta.url));
const home = await mkdtemp(join(tmpdir(), 'headgate-example-'));
after(() => rm(home, { recursive: true, force: true }));
await ensureRuntime('airflow');
await ensureRuntime('dbt');

async function estate(name: string, change: string | null): Promise<string> {
  const folder = join(home, name);
  await cp(example, folder, { recursive: true, filter: (path) => !/\/changes(\/|$)|__pycache__/.test(path) });
  if (change !== null) await cp(join(example, 'changes', change, 'files'), folder, { recursive: true });
  return folder;
}

test('the example has nothing that stops a release, and every check has been carried out', async () => {
  const { status, report } = await checked(await estate('clean', null));
  assert.deepEqual(blocking(report), []);
  assert.equal(status, 0);
  const untold = report.findings.filter((finding) => finding.status === 'errored' || finding.status === 'skipped');
  // This copy is in no repository and has neither settings of mypy nor events of OpenLineage; its jobs have no tests that start no Spark.
  assert.deepEqual(
    [...new Set(untold.map(({ check, status }) => `${check} ${status}`))]
      .filter((one) => !/^terraform-format/.test(one))
      .sort(),
    ['lineage-fresh skipped', 'pytest skipped', 'python-types skipped', 'secrets-in-change skipped'],
  );
  const passed = new Set(report.findings.filter((finding) => finding.status === 'passed').map(({ check }) => check));
  for (const check of [
    'dag-imports',
    'dag-cycles',
    'dag-environment',
    'dbt-parse',
    'dbt-compile',
    'dbt-unit-tests',
    'pytest',
    'sql-lint',
    'schema-valid',
    'contract-valid',
    'contract-columns',
    'terraform-policy',
    'no-secrets',
    'python-lint',
    'runtime-lock',
  ]) {
    assert.ok(passed.has(check), check);
  }
});

test('a broken change is stopped by what it breaks, each with file and line', async () => {
  const { status, report } = await checked(await estate('broken', 'broken'));
  assert.equal(status, 1);
  assert.deepEqual(blocking(report), [
    'airflow/dags/merchant_monitor.py:7 dag-duplicate-ids: The DAG id "merchant_rollup_daily" is defined here and also in airflow/dags/merchant_rollup_daily.py:9; Airflow would run only one of them.',
    'airflow/dags/merchant_rollup_daily.py:9 dag-duplicate-ids: The DAG id "merchant_rollup_daily" is defined here and also in airflow/dags/merchant_monitor.py:7; Airflow would run only one of them.',
    "airflow/dags/refunds_hourly.py:7 dag-imports: Airflow cannot import this file: ModuleNotFoundError: No module named 'payments.refund_limits'.",
    'dbt/shop/models/marts/chargeback_rate.sql:12 dbt-parse: This refers to the model `int_disputes_by_merchant`, which the project does not have.',
  ]);
});

test('the good change, and the one that only fails when it runs, get through', async () => {
  for (const change of ['good', 'fails-at-run']) {
    const { report } = await checked(await estate(change, change));
    assert.deepEqual(blocking(report), [], change);
  }
});
