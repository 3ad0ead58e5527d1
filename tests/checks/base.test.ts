import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { ensureRuntime } from '../../src/base/python/ensure-runtime.ts';
import { checked, createProject, type Report } from './headgate.ts';

await ensureRuntime('dbt');

/** `late.sql` has a mistake from the beginning; it calls the macro of `cents.sql`, `other.sql` calls none. */
const BASE: { [path: string]: string } = {
  'headgate.yaml': 'version: 1\nproject: based\nparts:\n  dbt: [{ name: shop, path: shop }]\n',
  '.gitignore': 'profiles.yml\n',
  '.sqlfluff': '[sqlfluff]\ndialect = duckdb\nrules = CV05\n',
  'shop/dbt_project.yml': `name: shop\nprofile: shop\nversion: "1.0"\nvars: { run: "${randomUUID()}" }\n`,
  'shop/profiles.yml': 'shop:\n  target: dev\n  outputs:\n    dev: { type: duckdb, path: shop.duckdb, schema: main }\n',
  'shop/seeds/rates.csv': 'currency,rate\nEUR,1.0\nGBP,1.2\n',
  'shop/source-data/raw/orders.csv': 'id,amount,currency\n1,10,EUR\n2,20,GBP\n',
  'shop/macros/cents.sql': '{% macro cents(x) %}({{ x }} * 100){% endmacro %}\n',
  'shop/models/orders.sql': "select id, amount, currency from {{ source('raw', 'orders') }}\n",
  'shop/models/late.sql': "select {{ cents('amount') }} as cents from {{ ref('orders') }} where amount = null\n",
  'shop/models/other.sql': "select currency, rate from {{ ref('rates') }} where rate = null\n",
  'shop/models/m.yml': `version: 2
sources:
  - name: raw
    tables: [{ name: orders }]
models:
  - name: orders
    columns:
      - { name: id, data_tests: [unique] }
  - name: other
    columns:
      - { name: rate, data_tests: [not_null] }
`,
};

const only = ['--only', 'dbt-build-changed', '--only', 'sql-lint'];

function told({ findings }: Report): string[] {
  return findings.map(({ check, path, line, status }) => `${check} ${path}:${line} ${status}`).sort();
}

function sentence({ findings }: Report, check: string): string {
  return findings.find((one) => one.check === check && one.path === null)?.message ?? '';
}

test('with a base what changed is linted and built, and all of it comes to the same', async () => {
  const project = await createProject(BASE);
  after(() => project.remove());
  const git = (...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b.c', ...args], {
      cwd: project.folder,
      stdio: 'pipe',
    });
  git('init', '-q', '-b', 'main');
  git('add', '.');
  git('commit', '-q', '-m', 'first');
  await writeFile(join(project.folder, 'shop/macros/cents.sql'), '{% macro cents(x) %}({{ x }} * 10){% endmacro %}\n');
  await writeFile(join(project.folder, 'shop/source-data/raw/orders.csv'), 'id,amount,currency\n1,10,EUR\n1,20,GBP\n');
  const changed = await checked(project.folder, [...only, '--base', 'main']);
  assert.deepEqual(told(changed.report), [
    'dbt-build-changed null:null skipped',
    'dbt-build-changed shop/models/m.yml:8 failed',
    'sql-lint null:null skipped',
    'sql-lint shop/models/late.sql:1 failed',
  ]);
  assert.match(
    sentence(changed.report, 'dbt-build-changed'),
    /^3 of 6 models, seeds and tests were built, what changed and what reads it; the rest is as in the build of [0-9a-f]{10}\.$/,
  );
  assert.match(sentence(changed.report, 'sql-lint'), /^1 of 3 files were looked at: /);
  const all = await checked(project.folder, only);
  assert.deepEqual(told(all.report), [
    'dbt-build-changed null:null skipped',
    'dbt-build-changed shop/models/m.yml:8 failed',
    'sql-lint shop/models/late.sql:1 failed',
    'sql-lint shop/models/other.sql:1 failed',
  ]);
  assert.match(
    sentence(all.report, 'dbt-build-changed'),
    /^Everything was built, 6 .*: no base was named \(`--base`\)\.$/,
  );
  assert.equal(changed.status, all.status);
});
