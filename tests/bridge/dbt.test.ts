import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { type Bridge, openBridge } from '../../src/base/bridge/open-bridge.ts';
import type { BridgeDbtManifest } from '../../src/base/bridge/shapes.ts';
import { ensureRuntime } from '../../src/base/python/ensure-runtime.ts';

const PROJECT = {
  'dbt_project.yml': 'name: shop\nversion: "1.0"\nprofile: shop\nmodels: { shop: { +tags: [nightly] } }\n',
  'profiles.yml': 'shop: { target: dev, outputs: { dev: { type: duckdb, path: ":memory:", schema: main } } }\n',
  'macros/cents.sql': '{% macro cents(x) %} ({{ x }} / 100) {% endmacro %}\n',
  'models/stg_orders.sql': "select id, {{ cents('amount') }} as amount from {{ source('raw', 'orders') }}\n",
  'models/orders.sql': `{{ config(materialized='incremental', alias='orders_v1', contract={'enforced': true}, on_schema_change='fail') }}
select id from {{ ref('stg_orders') }} where {{ var('limit', 1) }} = 1
`,
  'models/schema.yml': `sources: [{ name: raw, schema: landing, tables: [{ name: orders, identifier: t_orders }] }]
models:
  - name: orders
    config: { meta: { owner: payments } }
    columns: [{ name: id, data_type: integer, data_tests: [not_null] }]
exposures:
  - { name: board, type: dashboard, owner: { name: finance, email: f@example.com }, depends_on: [ref('orders')] }
`,
};

let bridge: Bridge;
const folders: string[] = [];

before(async () => {
  bridge = openBridge({ runtime: await ensureRuntime('dbt') });
});

after(async () => {
  await bridge.close();
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

function write(files: Record<string, string>): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'headgate-dbt-test-')));
  folders.push(folder);
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  return folder;
}

async function parse(files: Record<string, string>): Promise<BridgeDbtManifest> {
  return bridge.parseDbt({ projectDir: write(files), profilesDir: null, vars: {}, env: {}, target: null });
}

function names(manifest: BridgeDbtManifest): string[] {
  return manifest.nodes.filter((node) => node.resourceType === 'model').map((node) => node.name);
}

test('a project is parsed into its nodes, with what decides each', async () => {
  const manifest = await parse(PROJECT);
  assert.deepEqual([manifest.errors, manifest.adapter, manifest.profile], [[], 'duckdb', 'project']);
  const orders = manifest.nodes.find((node) => node.uniqueId === 'model.shop.orders');
  assert.deepEqual(
    { ...orders, checksum: null },
    {
      uniqueId: 'model.shop.orders',
      resourceType: 'model',
      package: 'shop',
      name: 'orders',
      path: 'models/orders.sql',
      dependsOn: ['model.shop.stg_orders'],
      materialized: 'incremental',
      schema: 'main',
      alias: 'orders_v1',
      relation: '"memory"."main"."orders_v1"',
      tags: ['nightly'],
      owner: 'payments',
      columns: { id: 'integer' },
      contract: true,
      checksum: null,
      identifier: 'orders_v1',
      files: ['models/orders.sql', 'models/schema.yml'],
    },
  );
  const staging = manifest.nodes.find((node) => node.name === 'stg_orders');
  assert.deepEqual(staging?.files, ['macros/cents.sql', 'models/stg_orders.sql']);
  assert.deepEqual(
    manifest.sources.map((source) => [source.uniqueId, source.schema, source.identifier]),
    [['source.shop.raw.orders', 'landing', 't_orders']],
  );
  assert.deepEqual(
    manifest.exposures.map((one) => [one.name, one.owner, one.dependsOn]),
    [['board', 'finance', ['model.shop.orders']]],
  );
});

test('parsing leaves nothing behind in the project', async () => {
  const folder = write(PROJECT);
  await bridge.parseDbt({ projectDir: folder, profilesDir: null, vars: {}, env: {}, target: null });
  const left = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) => path.includes('.'));
  assert.deepEqual(left.sort(), Object.keys(PROJECT).sort());
});

const PROFILES: Record<string, string> = {
  'of an adapter that is not installed':
    'shop: { target: prod, outputs: { prod: { type: snowflake, account: x, database: ANALYTICS, schema: core } } }',
  'that needs environment variables':
    'shop: { target: prod, outputs: { prod: { type: postgres, host: "{{ env_var(\'NOT_SET\') }}", user: u, password: p, port: 1, dbname: ANALYTICS, schema: core } } }',
  'that is not there': 'other: {}',
};

for (const [what, profiles] of Object.entries(PROFILES)) {
  test(`a profile ${what} does not stop parsing`, async () => {
    const manifest = await parse({ ...PROJECT, 'profiles.yml': profiles });
    assert.deepEqual(
      [manifest.errors, manifest.profile, names(manifest)],
      [[], 'throw-away', ['orders', 'stg_orders']],
    );
    assert.match(manifest.warnings[0]?.message ?? '', /^the profile was replaced/);
  });
}

test('packages that nobody fetched are a warning; the own nodes are still found', async () => {
  const manifest = await parse({
    ...PROJECT,
    'packages.yml': 'packages: [{ package: dbt-labs/dbt_utils, version: 1.3.0 }]\n',
    'macros/key.sql': "{% macro key(x) %} {{ dbt_utils.generate_surrogate_key([x]) + 'x' }} {% endmacro %}\n",
    'models/keys.sql': "select {{ dbt_utils.star(ref('orders')) }}, {{ key('id') }} from {{ ref('orders') }}\n",
  });
  assert.deepEqual([manifest.errors, names(manifest)], [[], ['keys', 'orders', 'stg_orders']]);
  assert.match(manifest.warnings[0]?.message ?? '', /1 of 1 packages are not installed/);
});

const BROKEN: [string, Record<string, string>, string, number | null, RegExp][] = [
  ['Jinja', { 'models/bad.sql': 'select 1\n{{ ref( }}\n' }, 'models/bad.sql', 2, /Compilation Error in model bad/],
  ['YAML', { 'models/bad.yml': 'models:\n - name: [\n' }, 'models/bad.yml', 3, /Syntax error near line 3/],
  [
    'a ref',
    { 'models/bad.sql': "select * from {{ ref('nothing') }}" },
    'models/bad.sql',
    null,
    /'nothing' which was not found/,
  ],
  [
    'a test',
    { 'models/bad.yml': 'models: [{ name: orders, columns: 7 }]\n' },
    'models/bad.yml',
    null,
    /orders|bad\.yml/,
  ],
];

for (const [what, files, path, line, message] of BROKEN) {
  test(`${what} that is broken is an error of that file; the others are still parsed`, async () => {
    const manifest = await parse({ ...PROJECT, ...files });
    assert.deepEqual(
      manifest.errors.map((error) => [error.path, error.line]),
      [[path, line]],
      JSON.stringify(manifest.errors),
    );
    assert.match(manifest.errors[0]?.message ?? '', message);
    assert.ok(names(manifest).includes('stg_orders'), `only ${names(manifest).join()}`);
  });
}

test('what refers to a broken file is left out with a warning, not blamed', async () => {
  const manifest = await parse({ ...PROJECT, 'models/stg_orders.sql': 'select {{ ref( }}' });
  assert.deepEqual(
    manifest.errors.map((error) => error.path),
    ['models/stg_orders.sql'],
  );
  assert.ok(manifest.warnings.some((warning) => /orders.*depends on a node named 'stg_orders'/s.test(warning.message)));
});

test('a project file that cannot be read is an error, and so is a folder without one', async () => {
  const broken = await parse({ ...PROJECT, 'dbt_project.yml': 'name: [\n' });
  assert.equal(broken.errors[0]?.path, 'dbt_project.yml');
  assert.match((await parse({ 'x.txt': '' })).errors[0]?.message ?? '', /No dbt_project.yml/);
});

test('a project that takes too long is stopped, and the next request is answered', async () => {
  const projectDir = write({ ...PROJECT, 'models/slow.sql': '{% for i in range(10**9) %}{% endfor %} select 1' });
  const slow = await bridge.parseDbt({
    projectDir,
    profilesDir: null,
    vars: {},
    env: {},
    target: null,
    limits: { seconds: 8 },
  });
  assert.match(slow.errors[0]?.message ?? '', /did not finish within 8 s|Range too big/);
  assert.deepEqual((await parse(PROJECT)).errors, []);
});

test('chosen models are compiled without a database', async () => {
  const projectDir = write(PROJECT);
  const params = { projectDir, profilesDir: null, vars: { limit: 9 }, env: {}, target: null };
  const { compiled, errors } = await bridge.compileDbt({ ...params, select: ['orders'] });
  assert.deepEqual(errors, []);
  assert.deepEqual(
    Object.keys(compiled).map((id) => id.split('.').slice(0, 3).join('.')),
    ['model.shop.orders', 'test.shop.not_null_orders_id'],
  );
  assert.match(compiled['model.shop.orders'] ?? '', /from "memory"."main"."stg_orders" where 9 = 1/);
});
