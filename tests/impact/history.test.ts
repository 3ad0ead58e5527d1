import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { besideDbt, type Held } from '../../bench/beside-dbt.ts';
import { runProgram } from '../../bench/measure.ts';
import { ensureRuntime } from '../../src/base/python/ensure-runtime.ts';
import { tellImpact } from '../../src/workflows/impact/tell-impact.ts';

/** A small project's history: what each commit writes, by its title. */
const history: { [title: string]: { [path: string]: string } } = {
  start: {
    'dbt_project.yml': 'name: shop\nversion: "1.0"\nprofile: shop\nmodels: { shop: { +materialized: view } }\n',
    'macros/net.sql': '{% macro net(column) %}{{ column }} / 1.2{% endmacro %}',
    'seeds/countries.csv': 'code,name\nfr,France\n',
    'models/stg_orders.sql': 'select id, country, amount from {{ source("raw", "orders") }}',
    'models/orders.sql':
      'select o.id, c.name, {{ net("o.amount") }} as net from {{ ref("stg_orders") }} o\njoin {{ ref("countries") }} c on c.code = o.country',
    'models/totals.sql': 'select name, sum(net) as net from {{ ref("orders") }} group by name',
    'models/schema.yml': `
sources: [{ name: raw, tables: [{ name: orders }] }]
models:
  - name: stg_orders
    columns: [{ name: country, data_tests: [{ accepted_values: { values: [fr] } }] }]
  - name: orders
    columns: [{ name: id, data_tests: [not_null] }]
exposures: [{ name: board, type: dashboard, owner: { name: sales, email: sales@example.invalid }, depends_on: [ref('totals')] }]
`,
    'tests/positive.sql': 'select * from {{ ref("orders") }} where net < 0',
  },
  layout: {
    'models/stg_orders.sql':
      '-- All orders.\nselect\n    id,\n    country,\n    amount\nfrom {{ source("raw", "orders") }}\n',
    'macros/net.sql': '{# Without tax. #}\n{% macro net(column) %}{{ column }} / 1.2{% endmacro %}',
  },
  'a macro': { 'macros/net.sql': '{% macro net(column) %}{{ column }} / 1.25{% endmacro %}' },
  'a seed': { 'seeds/countries.csv': 'code,name\nfr,France\nde,Germany\n' },
  'a column': {
    'models/stg_orders.sql': 'select id, country, amount, placed_at from {{ source("raw", "orders") }}',
  },
  'folder settings': {
    'dbt_project.yml': 'name: shop\nversion: "1.0"\nprofile: shop\nmodels: { shop: { +materialized: table } }\n',
  },
  'a test and a new model': {
    'tests/positive.sql': 'select * from {{ ref("orders") }} where net <= 0',
    'models/large.sql': 'select * from {{ ref("orders") }} where net > 100',
  },
};

const estate = realpathSync(mkdtempSync(join(tmpdir(), 'headgate-history-')));
const commits: string[] = [];
const git = (...argv: string[]) =>
  runProgram(['git', '-c', 'user.name=test', '-c', 'user.email=test@example.invalid', ...argv], { cwd: estate });

before(() => {
  git('init', '-q', '-b', 'main');
  for (const [title, texts] of Object.entries(history)) {
    for (const [path, text] of Object.entries(texts)) {
      mkdirSync(dirname(join(estate, path)), { recursive: true });
      writeFileSync(join(estate, path), text);
    }
    git('add', '--all');
    git('commit', '-q', '-m', title);
    commits.push(git('rev-parse', 'HEAD').trim());
  }
});
after(() => rmSync(estate, { recursive: true, force: true }));

test('commit by commit impact names all that state:modified+ of dbt selects, and nothing where only the layout differs', async () => {
  const { python } = await ensureRuntime('dbt');
  const told: { [title: string]: Held } = {};
  const tell = async (commit: string) =>
    (await tellImpact(estate, { base: `${commit}~1..${commit}`, head: null })).impact;
  for await (const held of besideDbt(python, { repository: estate, folder: '', commits, packages: null }, tell)) {
    assert.ok(!('error' in held), JSON.stringify(held));
    told[git('show', '-s', '--format=%s', held.commit).trim()] = held;
  }
  assert.deepEqual(Object.keys(told), Object.keys(history).slice(1));
  assert.deepEqual(
    Object.entries(told).flatMap(([title, { lost }]) => lost.map((id) => `${title}: ${id}`)),
    [],
  );
  assert.ok((told.layout?.selected.length ?? 0) > 5, 'dbt selects what is laid out otherwise');
  assert.deepEqual(told.layout?.named, []);
  assert.ok((told['a macro']?.named.length ?? 0) >= 5);
});
