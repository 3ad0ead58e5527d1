import assert from 'node:assert/strict';
import { test } from 'node:test';
import { textsAsFiles } from '../../../model/texts-as-files.ts';
import { findSuites } from './find-suites.ts';
import { judgeSuites } from './judge-suites.ts';

const OLD = `{
  "expectation_suite_name": "orders.warning",
  "expectations": [
    { "expectation_type": "expect_column_values_to_be_unique", "kwargs": { "column": "id", "batch_id": "x" } },
    { "expectation_type": "expect_table_row_count_to_be_between", "kwargs": { "min_value": 1 } }
  ]
}
`;
const NEW =
  '{"name": "else", "expectations": [{"type": "expect_x", "kwargs": {}}], "meta": {"headgate_data": "d/t.csv"}}';
const files = textsAsFiles({
  'gx/expectations/orders/warning.json': OLD,
  'gx/expectations/else.json': NEW,
  'gx/expectations/lost.json': NEW.replace('else', 'lost').replace('d/t.csv', 'gone.csv'),
  'gx/expectations/.ge_store_backend_id': 'x',
  'shop/source-data/raw/orders.csv': 'id\n1\n',
  'd/t.csv': 'id\n1\n',
});
const suites = findSuites(files);

test('suites of old and new versions are found, with the data that they name or that bears their name', () => {
  assert.deepEqual(
    suites.map(({ name, data, expectations }) => [name, data, expectations[0]]),
    [
      ['else', { path: 'd/t.csv', guessed: false }, { type: 'expect_x', kwargs: {} }],
      ['lost', null, { type: 'expect_x', kwargs: {} }],
      [
        'orders.warning',
        { path: 'shop/source-data/raw/orders.csv', guessed: true },
        { type: 'expect_column_values_to_be_unique', kwargs: { column: 'id' } },
      ],
    ],
  );
});

test('what does not hold is told at its line; a guess of the data makes it a warning', () => {
  const results = [
    { path: 'gx/expectations/orders/warning.json', index: 0, success: false, said: '2 of 3 rows are against it' },
    { path: 'gx/expectations/orders/warning.json', index: 1, success: true, said: '' },
    { path: 'gx/expectations/else.json', index: 0, success: false, said: 'observed 3' },
  ];
  assert.deepEqual(
    judgeSuites(suites, results, files.text).map(
      ({ path, line, status, severity, message }) => `${path}:${line} ${status} ${severity} ${message}`,
    ),
    [
      'gx/expectations/orders/warning.json:4 failed warning `expect_column_values_to_be_unique` on `id` does not hold on shop/source-data/raw/orders.csv: 2 of 3 rows are against it.',
      'gx/expectations/else.json:1 failed error `expect_x` does not hold on d/t.csv: observed 3.',
      'gx/expectations/lost.json:null skipped note The suite `lost` was not run, because no seed or source data here bears its name.',
    ],
  );
});
