import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import type { DbtParseParams } from '../../base/bridge/shapes.ts';
import type { Runtime } from '../../base/python/runtime.ts';
import { dbtState } from './kept-readings.ts';

test('each kind of input of dbt gives another key, and what dbt itself writes gives none', (t) => {
  const home = mkdtempSync(join(tmpdir(), 'headgate-dbt-state-'));
  t.after(() => rmSync(home, { recursive: true }));
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(home, path)), { recursive: true });
    writeFileSync(join(home, path), text);
  };
  write('shop/dbt_project.yml', 'name: shop\n');
  write('runtime/lib/python3.11/site-packages/dbt_core-1.10.23.dist-info/METADATA', '');
  const runtime: Runtime = {
    ...{ name: 'dbt', home: join(home, 'runtime'), python: join(home, 'runtime/bin/python') },
    ...{ pythonVersion: '3.11.7', lock: 'sha256:a' },
  };
  const params: DbtParseParams = { projectDir: join(home, 'shop'), profilesDir: null, vars: {}, env: {}, target: null };
  const keyNow = (more: Partial<DbtParseParams> = {}, other: Partial<Runtime> = {}) =>
    dbtState({ ...runtime, ...other }, { ...params, ...more }).key;
  const seen = new Set([keyNow()]);
  const isNew = (what: string, key = keyNow()) => {
    assert.ok(key !== null && !seen.has(key), what);
    seen.add(key);
  };
  const written: [string, string, string][] = [
    ['a model', 'shop/models/orders.sql', 'select 1'],
    ['the text of a model', 'shop/models/orders.sql', 'select 2'],
    ['a macro', 'shop/macros/cents.sql', '{% macro cents(x) %}{{ x }}{% endmacro %}'],
    ['properties', 'shop/models/orders.yml', 'models: []'],
    ['a seed', 'shop/seeds/rates.csv', 'a\n1\n'],
    ['project settings', 'shop/dbt_project.yml', 'name: shop\nvars: { a: 1 }\n'],
    ['the profile', 'shop/profiles.yml', 'shop: {}\n'],
    ['named packages', 'shop/packages.yml', 'packages: []\n'],
    ['a fetched package', 'shop/dbt_packages/dbt_utils/macros/star.sql', '{% macro star() %}*{% endmacro %}'],
    ['a package in the runtime', 'runtime/lib/python3.11/site-packages/dbt_duckdb-1.9.dist-info/METADATA', ''],
  ];
  for (const [what, path, text] of written) {
    write(path, text);
    isNew(what);
  }
  isNew('a variable of dbt', keyNow({ vars: { a: 1 } }));
  isNew('an environment variable that the part gives', keyNow({ env: { A: '1' } }));
  isNew('the target of the profile', keyNow({ target: 'prod' }));
  isNew('the runtime lock', keyNow({}, { lock: 'sha256:b' }));
  isNew('the version of Python', keyNow({}, { pythonVersion: '3.11.8' }));
  const before = keyNow();
  write('shop/target/manifest.json', '{}');
  write('shop/logs/dbt.log', 'x');
  assert.equal(keyNow(), before);
  write('shop/models/clock.sql', "select '{{ run_started_at }}'");
  assert.equal(keyNow(), null);
});

test('what changes while dbt reads is seen', (t) => {
  const home = mkdtempSync(join(tmpdir(), 'headgate-dbt-state-'));
  t.after(() => rmSync(home, { recursive: true }));
  writeFileSync(join(home, 'dbt_project.yml'), 'name: shop\n');
  const runtime: Runtime = { name: 'dbt', home, python: home, pythonVersion: '3.11.7', lock: 'a' };
  const params: DbtParseParams = { projectDir: home, profilesDir: null, vars: {}, env: {}, target: null };
  const state = dbtState(runtime, params);
  assert.equal(state.isStillSo(), true);
  writeFileSync(join(home, 'dbt_project.yml'), 'name: shop\n');
  assert.equal(state.isStillSo(), false);
  const other = dbtState(runtime, params);
  writeFileSync(join(home, 'more.sql'), '');
  assert.equal(other.isStillSo(), false);
});
