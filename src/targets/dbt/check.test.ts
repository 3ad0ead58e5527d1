import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { BridgeDbtManifest } from '../../base/bridge/shapes.ts';
import type { Finding } from '../../model/finding.ts';
import type { ProjectFiles } from '../../model/project-files.ts';
import { judgeCompiled, judgeManifest } from './check-manifest.ts';
import { judgeReferences } from './check-references.ts';
import { judgeDbtValues } from './check-values.ts';
import { dbtTexts } from './dbt-project-texts.ts';

function filesOf(texts: { [path: string]: string }): ProjectFiles {
  const entries = Object.keys(texts).map((path) => ({ path, size: 1, executable: false }));
  return { entries, text: (path) => texts[path] ?? null };
}

const said = (findings: Finding[]) =>
  findings.map(
    ({ path, line, status, severity, message, hint }) => `${path}:${line} ${status} ${severity} ${message} ${hint}`,
  );

const PROJECT = {
  'shop/dbt_project.yml': 'name: shop\nvars: { days: 7, shop: { limit: 3 } }\n',
  'shop/models/orders.sql': "select * from {{ source('raw', 'orders') }} join {{ ref('currencies') }}\n",
  'shop/models/sources.yml': 'sources:\n  - name: raw\n    tables: [{ name: orders }]\n',
  'shop/seeds/currencies.csv': 'code\n',
  'shop/snapshots/s.sql': "{% snapshot orders_history %} select * from {{ ref('orders') }} {% endsnapshot %}\n",
};

function references(more: { [path: string]: string }): string[] {
  const files = filesOf({ ...PROJECT, ...more });
  return said(judgeReferences(files, dbtTexts(files, 'shop')));
}

test('models, seeds, snapshots and sources of the project are found', () => {
  assert.deepEqual(
    references({ 'shop/models/a.sql': "{{ ref('orders_history') }} {{ ref('shop', 'orders') }} {# ref('no') #}" }),
    [],
  );
});

test('a missing model and a missing source are told with their lines and what was meant', () => {
  const text = "select 1\nfrom {{ ref('order') }}\nunion {{ source('raw', 'ordres') }}\nunion {{ ref('zzzzzzzzzz') }}";
  assert.deepEqual(references({ 'shop/models/a.sql': text }), [
    'shop/models/a.sql:2 failed error This refers to the model `order`, which the project does not have. Did you mean `orders`?',
    'shop/models/a.sql:4 failed error This refers to the model `zzzzzzzzzz`, which the project does not have. Add the model, or correct the name.',
    'shop/models/a.sql:3 failed error This refers to the source `raw.ordres`, which no YAML file declares. Did you mean `raw.orders`?',
  ]);
});

test('nothing is said of references where packages may hold what is referred to, or a YAML file is broken', () => {
  assert.deepEqual(references({ 'shop/packages.yml': 'packages: []', 'shop/models/a.sql': "{{ ref('x') }}" }), []);
  assert.deepEqual(references({ 'shop/models/b.yml': 'a: [', 'shop/models/a.sql': "{{ source('x', 'y') }}" }), []);
});

test('var() and env_var() without a default need somebody who gives them', () => {
  const files = filesOf({
    ...PROJECT,
    'shop/models/a.sql':
      "{{ var('days') }} {{ var('limit') }} {{ var('x', 1) }}\n{{ var('dayz') }} {{ env_var('DBT_X') }}",
    'shop/profiles.yml': "host: \"{{ env_var('HOST') }}\"\nport: \"{{ env_var('PORT', '1') }}\"\n",
  });
  const part = { path: 'shop', env: { HOSTS: 'x' } };
  assert.deepEqual(said(judgeDbtValues(files, dbtTexts(files, 'shop'), part)), [
    "shop/models/a.sql:2 failed error var('dayz') has no default, and nobody gives `dayz`. Did you mean `days`?",
    "shop/profiles.yml:1 failed error env_var('HOST') has no default, and nobody gives `HOST`. Did you mean `HOSTS`?",
  ]);
});

const MANIFEST: BridgeDbtManifest = {
  ...{ nodes: [], sources: [], exposures: [], errors: [], warnings: [], dbtVersion: '1.10', adapter: 'postgres' },
  profile: 'project',
};
const PLACE = { folder: 'shop', text: () => "select 1\nfrom {{ ref('gone') }}\n", missingPackages: false };

test('what dbt says is put on one line and placed by the name it gives', () => {
  const message =
    "Compilation Error\n  Model 'model.shop.a' (models/a.sql) depends on a node named 'gone' which was not found\n  > in macro x";
  assert.deepEqual(
    said(judgeManifest({ ...MANIFEST, errors: [{ message, path: 'models/a.sql', line: null }] }, PLACE)),
    [
      "shop/models/a.sql:2 failed error Model 'model.shop.a' (models/a.sql) depends on a node named 'gone' which was not found Add what it refers to, or correct the name.",
    ],
  );
});

test('what fails only because packages are not installed is skipped, in one finding', () => {
  const errors = [
    "'dbt_utils' is undefined",
    "Model 'model.shop.b' (models/b.sql) depends on a node named 'plans' in package or project 'billing' which was not found",
  ].map((message, index) => ({ message, path: `models/${index}.sql`, line: null }));
  assert.deepEqual(said(judgeManifest({ ...MANIFEST, errors }, { ...PLACE, missingPackages: true })), [
    'shop/packages.yml:null skipped note The packages of the project are not installed, so what uses them could not be told (2 files). Run `dbt deps` in the project, then check again.',
  ]);
  assert.equal(judgeManifest({ ...MANIFEST, errors }, PLACE).length, 2);
});

test('dbt that dies or is stopped could not be told', () => {
  const errors = [{ message: 'dbt ended without a result\nTraceback:\nMemoryError: out', path: null, line: null }];
  assert.deepEqual(said(judgeManifest({ ...MANIFEST, adapter: '', errors }, PLACE)), [
    'null:null errored error dbt ended before it could read the project: MemoryError: out. Nothing was changed. Run the check again; if it happens each time, run `dbt parse` in the project.',
  ]);
});

test('a model that asks the warehouse while it is compiled is skipped, one that is wrong fails', () => {
  const errors = [
    { message: 'Runtime Error\n  connection never acquired for thread', path: 'models/a.sql', line: null },
    { message: "Compilation Error\n  'macro_x' takes no keyword argument 'y'", path: 'models/b.sql', line: null },
  ];
  assert.deepEqual(said(judgeCompiled({ compiled: {}, errors }, MANIFEST, PLACE)), [
    "shop/models/b.sql:null failed error 'macro_x' takes no keyword argument 'y' Mend what dbt names; until then nothing of this project can be built.",
    'null:null skipped note 1 node could not be compiled without the warehouse (shop/models/a.sql): they ask the warehouse, or a package that is not installed, while they are compiled. The other nodes were compiled.',
  ]);
  const elsewhere = judgeCompiled({ compiled: {}, errors }, { ...MANIFEST, profile: 'throw-away' }, PLACE);
  assert.deepEqual(
    elsewhere.map(({ status }) => status),
    ['skipped'],
  );
});
