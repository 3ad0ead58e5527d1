import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { BridgeDbtRehearsal, BridgeDbtResult } from '../../base/bridge/shapes.ts';
import type { Finding } from '../../model/finding.ts';
import { judgeBuild, judgeUnitTests } from './judge-rehearsal.ts';

const YAML = `unit_tests:
  - name: fee
    model: fees
  - { name: other, model: fees }
models:
  - name: fees
    columns:
      - name: id
        data_tests:
          - not_null
          - dbt_utils.at_least_one:
              config: { severity: warn }
          - unique
sources:
  - name: raw
    tables:
      - name: fees
        columns: [{ name: id, tests: [unique] }]
`;
const at = { folder: 'shop', text: (path: string) => (path === 'shop/models/m.yml' ? YAML : null) };

function rehearsal(more: Partial<BridgeDbtRehearsal>): BridgeDbtRehearsal {
  return { adapter: 'postgres', results: [], withoutData: [], errors: [], ...more };
}

function result(more: Partial<BridgeDbtResult>): BridgeDbtResult {
  const node = { uniqueId: 'x', resourceType: 'unit_test', name: 'fee', path: 'models/m.yml' };
  return { ...node, status: 'pass', message: '', failures: null, ...more };
}

const onId = { on: 'fees', column: 'id' };

const said = (findings: Finding[]) =>
  findings.map(({ path, line, status, severity, message }) => `${path}:${line} ${status} ${severity} ${message}`);

const DIFFERENCE = '\n\nactual differs from expected:\n\n@@,id,eur\r\n→ ,1 ,16→15\r\n\n';

test('a unit test that gives something else is a no with its line and the difference', () => {
  const results = [result({}), result({ name: 'other', status: 'fail', message: DIFFERENCE })];
  assert.deepEqual(said(judgeUnitTests(rehearsal({ results }), at)), [
    'shop/models/m.yml:4 failed error The unit test `other` does not give what it expects. ' +
      'Actual differs from expected: @@,id,eur → ,1 ,16→15',
  ]);
});

test('on another engine than the project is for, a no is a warning and an error is skipped', () => {
  const results = [
    result({ status: 'fail', message: DIFFERENCE }),
    result({ name: 'other', status: 'error', message: 'Runtime Error in x\n  Runtime Error\n    no FLATTEN' }),
  ];
  const findings = judgeUnitTests(rehearsal({ adapter: 'snowflake', results }), at);
  assert.deepEqual(
    findings.map(({ status, severity }) => `${status} ${severity}`),
    ['failed warning', 'skipped note'],
  );
  assert.match(
    findings[1]?.message ?? '',
    /could not be run on DuckDB, while the project is for snowflake: no FLATTEN$/,
  );
});

test('on DuckDB itself an error is a no', () => {
  const results = [result({ status: 'error', message: 'Catalog Error: no such function' })];
  assert.deepEqual(said(judgeUnitTests(rehearsal({ adapter: 'duckdb', results }), at)), [
    'shop/models/m.yml:2 failed error The unit test `fee` ends with an error: Catalog Error: no such function',
  ]);
});

test('a build tells failing data tests with their rows, and which sources have no data', () => {
  const results = [
    result({ resourceType: 'model', name: 'fees', path: 'models/fees.sql', status: 'success' }),
    result({
      resourceType: 'test',
      name: 'unique_fees_id',
      status: 'fail',
      failures: 2,
      test: { ...onId, name: 'unique' },
    }),
    result({
      resourceType: 'test',
      name: 'x',
      status: 'warn',
      failures: 1,
      test: { ...onId, name: 'dbt_utils.at_least_one' },
    }),
    result({
      resourceType: 'test',
      name: 'x',
      status: 'fail',
      failures: 1,
      test: { ...onId, on: 'raw_fees', name: 'unique' },
    }),
    result({ resourceType: 'test', name: 'unique_gone', status: 'fail', failures: 3 }),
    result({ resourceType: 'model', name: 'late', path: 'models/late.sql', status: 'skipped' }),
  ];
  assert.deepEqual(said(judgeBuild(rehearsal({ results, withoutData: ['raw.refunds'] }), at)), [
    'shop/models/m.yml:13 failed error The data test `unique` on `fees.id` fails on the data that is here: 2 rows against it.',
    'shop/models/m.yml:11 failed warning The data test `dbt_utils.at_least_one` on `fees.id` fails on the data that is here: 1 row against it.',
    'shop/models/m.yml:18 failed error The data test `unique` on `raw_fees.id` fails on the data that is here: 1 row against it.',
    'shop/models/m.yml:null failed error The data test `unique_gone` fails on the data that is here: 3 rows against it.',
    'null:null skipped note What reads these sources was not built, because there is no data for them here: raw.refunds.',
  ]);
});

test('a project that dbt cannot begin with is neither right nor wrong', () => {
  const errors = [{ message: 'Env var required but not provided', path: null, line: null }];
  for (const judge of [judgeUnitTests, judgeBuild]) {
    const findings = judge(rehearsal({ errors }), at);
    assert.deepEqual(
      findings.map(({ status, severity }) => `${status} ${severity}`),
      ['errored warning'],
    );
  }
});
