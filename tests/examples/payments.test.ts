import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { parse } from 'yaml';
import { z } from 'zod';
import { openBridge } from '../../src/base/bridge/open-bridge.ts';
import type { BridgeDagFile } from '../../src/base/bridge/shapes.ts';
import { ensureRuntime } from '../../src/base/python/ensure-runtime.ts';
import { createPaymentsEstate, type Ended, example, type PaymentsEstate } from './payments-estate.ts';

const Change = z.object({ title: z.string(), expect: z.string(), files: z.array(z.string()) });

let estate: PaymentsEstate;
before(async () => {
  estate = await createPaymentsEstate();
});
after(() => estate.remove());

function succeeded(ended: Ended): void {
  assert.equal(ended.status, 0, ended.said.slice(-4000));
}

/** What `payments_daily` does after the landing is there. Gives how the reconciliation ended. */
async function runDay(): Promise<Ended> {
  succeeded(await estate.warehouse('raw'));
  succeeded(await estate.dbtBuild('tag:daily'));
  succeeded(await estate.sparkJob('settle'));
  succeeded(await estate.warehouse('settlements'));
  return estate.warehouse('reconcile');
}

async function graphOf(dagId: string): Promise<string | undefined> {
  const dags = (await loadDags()).flatMap((file) => file.dags);
  return dags.find((dag) => dag.dagId === dagId)?.graphDigest;
}

async function loadDags(): Promise<BridgeDagFile[]> {
  const bridge = openBridge({ runtime: await ensureRuntime('airflow') });
  const files: BridgeDagFile[] = [];
  try {
    for await (const file of bridge.parseAirflow({
      root: estate.folder,
      dagsFolder: 'airflow/dags',
      files: null,
      sysPath: [join(estate.folder, 'airflow/include')],
    })) {
      files.push(file);
    }
  } finally {
    await bridge.close();
  }
  return files;
}

test('every DAG of the estate loads on a real Airflow, has an owner and does no work while it loads', async () => {
  const files = await loadDags();
  const dags = files.flatMap((file) => file.dags);
  assert.deepEqual(dags.map((dag) => dag.dagId).sort(), [
    'chargebacks_daily',
    'data_quality_daily',
    'finance_month_end',
    'fraud_features_hourly',
    'fx_rates_daily',
    'intake_bank_transfer',
    'intake_cards_eu',
    'intake_cards_uk',
    'intake_pay_later',
    'intake_wallets',
    'lake_retention_daily',
    'ledger_close_daily',
    'legacy_payout_file',
    'merchant_rollup_daily',
    'payments_backfill',
    'payments_daily',
    'refunds_hourly',
    'regulatory_report_monthly',
    'risk_score_refresh',
    'settle_hourly',
    'warehouse_maintenance_weekly',
  ]);
  assert.deepEqual(
    new Set(dags.map((dag) => dag.owner)),
    new Set(['payments', 'ledger', 'risk', 'finance', 'data-platform']),
  );
  const wrong = files.filter((file) => file.status !== 'ok' || file.topLevel.length > 0);
  assert.deepEqual(wrong, []);
  // The legacy file tries cPickle first, as code from Python 2 does.
  const missing = files.flatMap((file) => file.assumed).filter((name) => name !== 'cPickle');
  assert.deepEqual(missing, []);
});

test('a day of payments reconciles, again with the good change, and not with the one that fails when it runs', async () => {
  succeeded(await estate.land(600));
  const first = await runDay();
  assert.deepEqual(first, { status: 0, said: '{"compared": 140}\n' });
  succeeded(await estate.dbtBuild('tag:hourly'));

  const graph = await graphOf('payments_daily');
  await estate.apply('good');
  assert.equal(await graphOf('payments_daily'), graph, 'the good change leaves the task graph as it is');
  assert.deepEqual(await runDay(), first);

  await estate.apply('fails-at-run');
  const last = await runDay();
  assert.equal(last.status, 1);
  assert.match(last.said, /^\d+ totals differ\.\n2025-06-01 EUR fee_minor: expected \d+, settled 0\n/);
});

test('the other Spark jobs run over the same landing, and the transforms of all four are right', async () => {
  succeeded(await estate.land(600));
  for (const job of ['fx_convert', 'merchant_rollup', 'fraud_features']) {
    succeeded(await estate.sparkJob(job));
  }
  const tests = await estate.sparkTests();
  succeeded(tests);
  assert.match(tests.said, /Ran 4 tests/);
});

test('each example change names exactly the files that it brings', async () => {
  const names = await readdir(join(example, 'changes'));
  assert.deepEqual(names.sort(), ['broken', 'fails-at-run', 'good']);
  for (const name of names) {
    const folder = join(example, 'changes', name);
    const change = Change.parse(parse(await readFile(join(folder, 'change.yaml'), 'utf8')));
    const found = await readdir(join(folder, 'files'), { recursive: true, withFileTypes: true });
    const paths = found.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
    assert.deepEqual(paths.map((path) => path.slice(join(folder, 'files/').length)).sort(), change.files.toSorted());
  }
});

test('the broken change does not load: an import that is missing and an id that is taken', async () => {
  await estate.apply('broken');
  const files = await loadDags();
  const failed = files.filter((file) => file.status === 'import-error').map((file) => [file.path, file.error?.message]);
  assert.deepEqual(failed, [['airflow/dags/refunds_hourly.py', "No module named 'payments.refund_limits'"]]);
  const holders = files.filter((file) => file.dags.some((dag) => dag.dagId === 'merchant_rollup_daily'));
  assert.deepEqual(holders.map((file) => file.path).sort(), [
    'airflow/dags/merchant_monitor.py',
    'airflow/dags/merchant_rollup_daily.py',
  ]);
  const built = await estate.dbtBuild('tag:daily');
  assert.equal(built.status, 2);
  assert.match(built.said, /depends on a node named 'int_disputes_by_merchant' which was not found/);
});
