import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SqlProblem } from '../../base/python/run-sqlfluff.ts';
import type { ProjectFiles } from '../../model/project-files.ts';
import { judgeSql } from './judge-sql.ts';
import { macroReach } from './reached-macros.ts';
import { sqlfluffSettings } from './sqlfluff-settings.ts';

function filesOf(texts: { [path: string]: string }): ProjectFiles {
  const entries = Object.keys(texts).map((path) => ({ path, size: 1, executable: false }));
  return { entries, text: (path) => texts[path] ?? null };
}

const problem = (code: string, description: string): SqlProblem => ({ code, description, start_line_no: 3 });
const NULLS = problem('CV05', 'Comparisons with NULL should use "IS" or "IS NOT".');
const LAYOUT = problem('LT09', 'Select targets should be on a new line.');

function told(configured: boolean, problems: { [path: string]: SqlProblem[] }): string[] {
  const findings = judgeSql({ problems: new Map(Object.entries(problems)), ignored: [], unread: [] }, configured);
  return findings.map(
    ({ path, line, status, severity, message }) => `${path}:${line} ${status} ${severity} ${message}`,
  );
}

test('without settings only likely mistakes are told; with settings the rest as notes', () => {
  const mistake = 'a.sql:3 failed warning Comparisons with NULL should use "IS" or "IS NOT" (CV05).';
  assert.deepEqual(told(false, { 'a.sql': [NULLS, LAYOUT] }), [mistake]);
  assert.deepEqual(told(true, { 'a.sql': [NULLS, LAYOUT] }), [
    mistake,
    'a.sql:3 failed note Select targets should be on a new line (LT09).',
  ]);
});

test('templates that cannot be filled in are one note for all files', () => {
  const macro = problem('TMP', "Undefined jinja template variable: 'dbt_utils'");
  const [finding, ...more] = told(false, { 'a.sql': [macro], 'b.sql': [macro] });
  assert.match(finding ?? '', /^null:null skipped note 2 files use templates .*: a\.sql, b\.sql\.$/);
  assert.deepEqual(more, []);
});

test('a tool that ends with an error could not tell', () => {
  const unread = [{ path: 'a.sql', because: 'User Error: no such rule' }];
  const findings = judgeSql({ problems: new Map(), ignored: [], unread }, true);
  assert.deepEqual(
    findings.map(({ status, message }) => `${status} ${message}`),
    ['errored sqlfluff could not look at 1 file: User Error: no such rule'],
  );
});

test('a file rests on the macros that its words could call, and on what these call; whole files taken in are all', () => {
  const files = [
    { path: 'm/a.sql', text: '{% macro a(x) %}{{ b(x) }}{% endmacro %}' },
    { path: 'm/b.sql', text: '{%- macro b(x) -%}1{%- endmacro -%}' },
    { path: 'm/c.sql', text: '{% macro c() %}{% endmacro %}' },
  ];
  const reached = (text: string) => macroReach(files)(text).map(({ path }) => path);
  assert.deepEqual(reached('select {{ a(1) }}'), ['m/a.sql', 'm/b.sql']);
  assert.deepEqual(reached('select {% set f = c %}{{ f() }}'), ['m/c.sql']);
  assert.deepEqual(reached('select 1'), []);
  assert.deepEqual(reached("{% include 'x' %}").length, 3);
});

test('settings count when they speak to sqlfluff; the nearest dialect wins', () => {
  const files = filesOf({
    '.sqlfluff': '[sqlfluff]\ndialect = snowflake\n',
    'dbt/pyproject.toml': '[tool.sqlfluff.core]\ndialect = "postgres"\n',
    'other/.sqlfluff': '[sqlfluff]\ndialect = duckdb\n',
    'setup.cfg': '[flake8]\n',
  });
  assert.equal(sqlfluffSettings(files, 'dbt/shop')?.dialect, 'postgres');
  assert.equal(sqlfluffSettings(files, 'jobs')?.dialect, 'snowflake');
  assert.equal(sqlfluffSettings(filesOf({ 'setup.cfg': '[flake8]\n' }), ''), null);
});
