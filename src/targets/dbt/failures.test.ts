import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dbtFailure } from './failures.ts';

const one = { code: 1, because: 'exit 1' };

const says: [string, string, boolean][] = [
  [
    'Database Error\n  connection to server at "127.0.0.1", port 1 failed: Connection refused',
    'warehouse-unreachable',
    true,
  ],
  ['FATAL:  password authentication failed for user "x"', 'warehouse-refused-login', false],
  ['Database Error in model a\n  permission denied for schema raw', 'warehouse-permission', false],
  ['Database Error in model a\n  deadlock detected', 'warehouse-busy', true],
  ['IO Error: Could not set lock on file "x.duckdb"', 'warehouse-busy', true],
  ["Parsing Error\n  Env var required but not provided: 'WAREHOUSE_HOST'", 'value-missing', false],
  [
    "Compilation Error\n  Model 'model.shop.a' depends on a node named 'b' which was not found",
    'dbt-compilation',
    false,
  ],
  [
    'Failure in test not_null_orders_id (models/orders.yml)\n  Got 3 results, configured to fail if != 0',
    'tests-failed',
    false,
  ],
  ['Database Error in model a\n  relation "raw.orders" does not exist', 'relation-missing', false],
  ['Database Error in model a\n  syntax error at or near "form"', 'sql-failed', false],
  ['dbt found 1 package(s) specified in packages.yml, but only 0 package(s) installed', 'dbt-packages-missing', false],
  ['headgate-run: dbt/shop is disabled in this environment; nothing was run.', 'disabled', false],
  ['headgate-run: release sha256:1 does not hold dbt/shop', 'release-not-usable', false],
  ['something nobody has seen', 'dbt-failed', false],
];

for (const [output, cause, again] of says) {
  test(`${cause}: ${output.split('\n').at(-1)}`, () => {
    const failure = dbtFailure(`12:00:00  \u001b[31m${output}\u001b[0m\n`, one);
    assert.deepEqual([failure.cause, failure.again], [cause, again]);
    assert.ok(failure.message.includes(output.split('\n')[0] ?? ''), failure.message);
    assert.ok(!failure.message.includes('\u001b') && !failure.message.includes('12:00:00'), failure.message);
  });
}

test('a run that was stopped may be run again, whatever it printed', () => {
  const failure = dbtFailure('Failure in test x', { code: null, because: 'stopped by SIGKILL' });
  assert.deepEqual([failure.cause, failure.again], ['dbt-stopped', true]);
});

test('a Python that is not there is a clear no', () => {
  const failure = dbtFailure('', { code: null, because: 'spawn /no/python ENOENT' });
  assert.deepEqual([failure.cause, failure.again], ['dbt-not-started', false]);
});
