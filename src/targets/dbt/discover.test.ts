import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { textsAsFiles } from '../../model/texts-as-files.ts';
import { discover } from './discover.ts';
import { scanJinja } from './jinja/scan.ts';
import { resolveRuns } from './resolve-runs.ts';

const project =
  'name: shop\nprofile: shop\nvars: { region: eu, wanted: false }\nmodels:\n  shop:\n    +tags: [all]\n    marts:\n      +materialized: table\n      +meta: { owner: finance }\n';

async function read(texts: { [path: string]: string }) {
  return discover({
    files: textsAsFiles({ 'p/dbt_project.yml': project, ...texts }),
    part: { name: 'shop', settings: { path: 'p' } },
  });
}

async function keys(texts: { [path: string]: string }) {
  return (await read(texts)).assets.map((asset) => asset.key);
}

/** What feeds the asset of this key, without the project's name. */
async function feeding(key: string, texts: { [path: string]: string }) {
  const found = await read(texts);
  return found.edges
    .filter((edge) => edge.kind === 'feeds' && edge.to === key)
    .map((edge) => edge.from.replace('shop.', ''));
}

test('models, seeds, snapshots, tests, sources, exposures and macros have their keys', async () => {
  const found = await keys({
    'p/models/marts/orders.sql': 'select 1',
    'p/models/py.py': 'def model(dbt, session):\n    return dbt.ref("orders")\n',
    'p/models/schema.yml':
      'sources:\n  - name: raw\n    schema: landing\n    tables: [{ name: o, identifier: orders }]\nmodels:\n  - name: orders\n    columns: [{ name: id, tests: [unique, { accepted_values: { values: [1, "a b"] } }, { relationships: { to: "ref(\'c\')", field: x } }] }]\nexposures:\n  - { name: board, depends_on: ["ref(\'orders\')"] }\n',
    'p/seeds/c.csv': 'a\n',
    'p/snapshots/s.sql': '{% snapshot old %}select 1{% endsnapshot %}',
    'p/tests/right.sql': 'select 1',
    'p/macros/m.sql': '{% macro cents(x) %}{% endmacro %}{% test positive(model) %}{% endtest %}',
  });
  assert.deepEqual(found.sort(), [
    'dbt:exposure/shop.board',
    'dbt:macro/shop.cents',
    'dbt:macro/shop.test_positive',
    'dbt:model/shop.orders',
    'dbt:model/shop.py',
    'dbt:seed/shop.c',
    'dbt:snapshot/shop.old',
    'dbt:source/shop.raw.o',
    'dbt:test/shop.accepted_values_orders_id__1__a_b',
    'dbt:test/shop.relationships_orders_id__x__ref_c_',
    'dbt:test/shop.right',
    'dbt:test/shop.unique_orders_id',
    'warehouse:table/landing.orders',
  ]);
});

test('configuration: the project file by folder, then properties, then the model itself', async () => {
  const found = await read({
    'p/models/marts/a.sql': "{{ config(materialized='incremental', tags='own') }} select 1",
    'p/models/marts/b.sql': 'select 1',
    'p/models/marts/b.yml': 'models:\n  - name: b\n    config: { tags: [yml], meta: { owner: "@b" } }\n',
  });
  const facts = Object.fromEntries(
    found.assets.map((one) => [one.name, [one.owner, one.facts.materialized, one.facts.tags]]),
  );
  assert.deepEqual(facts, { a: ['finance', 'incremental', ['all', 'own']], b: ['@b', 'table', ['all', 'yml']] });
});

test('a resource that is disabled, also by a variable, is none', async () => {
  const off = {
    'p/models/a.sql': '{{ config(enabled=false) }}',
    'p/models/b.sql': "{{ config(enabled=var('wanted', true)) }}",
    'p/models/c.sql': "{{ config({'enabled': false}) }}",
    'p/models/d.sql': "{{ config(enabled=target.name == 'x') }}",
  };
  assert.deepEqual(await keys(off), ['dbt:model/shop.d']);
});

test('references: in comments, loops, macros, calls and conditions', async () => {
  const models = Object.fromEntries(['a', 'b', 'c', 'd', 'e'].map((name) => [`p/models/${name}.sql`, 'select 1']));
  const sql = `-- {{ ref('a') }} {# {{ ref('e') }} #} {% raw %}{{ ref('e') }}{% endraw %}
    {% for x in ['b', 'c'] %} select * from {{ ref(x) }} {% endfor %} {% if execute %}{{ helper() }}{% endif %}`;
  assert.deepEqual(
    await feeding('dbt:model/shop.z', {
      ...models,
      'p/models/z.sql': sql,
      'p/macros/h.sql': "{% macro helper() %}{{ inner(ref('d')) }}{% endmacro %}",
    }),
    ['dbt:model/a', 'dbt:model/b', 'dbt:model/c', 'dbt:model/d'],
  );
});

test('a reference that only dbt can tell is a note, one to nothing a warning', async () => {
  const found = await read({ 'p/models/z.sql': "{{ ref(env_var('X')) }}\n{{ ref('nowhere') }}" });
  assert.deepEqual(
    found.findings.map(({ check, line, severity }) => [check, line, severity]),
    [
      ['dbt-ref-missing', 2, 'warning'],
      ['dbt-dynamic-ref', 1, 'note'],
    ],
  );
});

test('versions of a model: pinned and unpinned references', async () => {
  const texts = {
    'p/models/m_v1.sql': 'select 1',
    'p/models/second.sql': 'select 1',
    'p/models/m.yml': 'models:\n  - name: m\n    versions: [{ v: 1 }, { v: 2, defined_in: second }]\n',
    'p/models/z.sql': "{{ ref('m') }} {{ ref('m', v=1) }}",
  };
  assert.deepEqual(await feeding('dbt:model/shop.z', texts), ['dbt:model/m.v1', 'dbt:model/m.v2']);
});

test('a broken properties file is a finding with its line, and the models stay', async () => {
  const found = await read({ 'p/models/a.sql': 'select 1', 'p/models/bad.yml': 'models:\n  - name: a\n   bad: [\n' });
  assert.deepEqual(
    found.assets.map((asset) => asset.key),
    ['dbt:model/shop.a'],
  );
  assert.deepEqual(
    [...new Set(found.findings.map(({ check, path }) => `${check} ${path}`))],
    ['dbt-yaml p/models/bad.yml'],
  );
});

test('packages inside the project are not its own', async () => {
  assert.deepEqual(
    await keys({
      'p/models/a.sql': 'select 1',
      'p/models/inner/dbt_project.yml': 'name: inner',
      'p/models/inner/models/b.sql': 'select 1',
    }),
    ['dbt:model/shop.a'],
  );
});

test('no SQL makes the scanner fail', () => {
  const pieces = fc.array(
    fc.constantFrom(
      '{{',
      '}}',
      '{%',
      '%}',
      '{#',
      '#}',
      "ref('a')",
      'ref(',
      '"',
      "'",
      ' for x in ',
      'set y = ',
      '[',
      ')',
      '|',
      '~',
      'config(a=',
      '-',
      '\n',
      'macro m()',
    ),
    { maxLength: 40 },
  );
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        pieces.map((all) => all.join('')),
      ),
      (sql) => {
        assert.ok(Array.isArray(scanJinja(sql, new Map()).refs));
      },
    ),
    { numRuns: 1000 },
  );
});

test('selections of a task mean the models that dbt would take', async () => {
  const found = await read({
    'p/models/staging/a.sql': "{{ config(tags=['daily']) }} select * from {{ source('raw', 'o') }}",
    'p/models/marts/b.sql': "select * from {{ ref('a') }}",
    'p/models/marts/c.sql': "select * from {{ ref('b') }}",
    'p/models/s.yml':
      'sources: [{ name: raw, tables: [{ name: o }] }]\nmodels: [{ name: b, columns: [{ name: id, tests: [unique] }] }]\n',
    'p/seeds/d.csv': '',
  });
  const ask = resolveRuns({
    assets: found.assets,
    edges: found.edges,
    parts: [{ target: 'dbt', part: { name: 'shop', settings: { path: 'p' } } }],
  });
  const [from] = found.assets;
  assert.ok(from);
  const means = (detail: string, ref = 'shop') => {
    const edges = ask(from.key, { kind: 'dbt', ref, detail });
    return Array.isArray(edges)
      ? edges
          .map((edge) => edge.to.replace(/^dbt:\w+\/shop\./, ''))
          .sort()
          .join(' ')
      : edges;
  };
  assert.equal(means('build'), 'a b c d');
  assert.equal(means('run --select tag:daily'), 'a');
  assert.equal(means('run --select a+ --exclude c'), 'a b');
  assert.equal(means('run --select 1+c'), 'b c');
  assert.equal(means('run --select marts,b+'), 'b c');
  assert.equal(means('run --select path:models/marts'), 'b c');
  assert.equal(means('run --select source:raw+'), 'a b c');
  assert.equal(means('test --select b'), 'unique_b_id');
  assert.equal(means('run --select {{ params.what }}'), 'a b c');
  assert.equal(means('run --select state:modified'), 'a b c');
  assert.equal(means('docs generate'), '');
  assert.equal(means('run', '/opt/airflow/p'), 'a b c');
});

test('a test of the project reads the models that its arguments name', async () => {
  const found = await feeding('dbt:test/shop.covers_orders_id__user_id__users', {
    'p/models/orders.sql': 'select 1',
    'p/models/users.sql': 'select 1',
    'p/models/id.yml':
      'models:\n  - name: orders\n    columns: [{ name: user_id, tests: [{ covers: { parent: users, column: id } }] }]\n',
  });
  assert.deepEqual(found.sort(), ['dbt:model/orders', 'dbt:model/users']);
});

test('macros and variables are told of who renders with them, through other macros too', async () => {
  const found = await discover({
    files: textsAsFiles({
      'p/dbt_project.yml': 'name: shop\n',
      'p/models/z.sql': "select {{ late() }}, {{ var('own') }}",
      'p/macros/m.sql':
        '{% macro late() %}{{ days() }}{% endmacro %}{% macro days() %}{{ var("late_days", 3) }}{% endmacro %}',
    }),
    part: { name: 'x', settings: { path: 'p' } },
  });
  assert.deepEqual(
    found.edges.map(({ from, to, kind }) => `${from} ${kind} ${to}`),
    ['dbt:macro/shop.late configures dbt:model/shop.z', 'dbt:macro/shop.days configures dbt:macro/shop.late'],
  );
  const read = found.assets.map(({ name, facts }) => [name, facts.variables ?? null]);
  assert.deepEqual(read, [
    ['z', ['own']],
    ['late', null],
    ['days', ['late_days']],
  ]);
});

test('a macro that refers to what it is given is followed to all that it is given by name', async () => {
  const found = await feeding('dbt:model/shop.z', {
    'p/models/z.sql': "select * from ({{ latest('orders', of='raw', tables=['lines']) }})",
    'p/models/orders.sql': 'select 1',
    'p/models/other.sql': 'select 1',
    'p/models/s.yml': 'sources: [{ name: raw, tables: [{ name: lines }, { name: more }] }]\n',
    'p/macros/m.sql':
      '{% macro latest(model, of, tables) %}select * from {{ ref(model) }} join {{ source(of, tables[0]) }}{% endmacro %}',
  });
  assert.deepEqual(found.sort(), ['dbt:model/orders', 'dbt:source/raw.lines']);
  const chosen = await feeding('dbt:model/shop.z', {
    'p/models/z.sql': "{% set name = 'orders' if target.name == 'prod' else 'sample' %}select * from {{ ref(name) }}",
    'p/models/orders.sql': 'select 1',
    'p/models/sample.sql': 'select 1',
    'p/models/prod.sql': 'select 1',
    'p/models/other.sql': 'select 1',
  });
  assert.deepEqual(chosen.filter((key) => key !== 'dbt:model/prod').sort(), ['dbt:model/orders', 'dbt:model/sample']);
});
