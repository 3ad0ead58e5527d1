import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ProjectFiles } from '../../../model/project-files.ts';
import { lintChoice, lintFinding } from './lint-rules.ts';
import { configurationFor, ruffConfigurations } from './ruff-configuration.ts';

function filesOf(texts: { [path: string]: string }): ProjectFiles {
  const entries = Object.keys(texts).map((path) => ({ path, size: 1, executable: false }));
  return { entries, text: (path) => texts[path] ?? null };
}

test('the nearest ruff settings count, ruff.toml before pyproject.toml in one folder', () => {
  const read = ruffConfigurations(
    filesOf({
      'pyproject.toml': '[project]\nrequires-python = ">=3.11"\n[tool.ruff.lint]\nselect = ["E"]\nignore = ["E501"]\n',
      'jobs/ruff.toml': 'extend = "../pyproject.toml"\nline-length = 100\nlint.extend-select = ["B"]\n',
      'jobs/pyproject.toml': '[tool.ruff]\nselect = ["X"]\n',
      'dbt/pyproject.toml': '[tool.black]\nx = 1\n',
    }),
  );
  assert.deepEqual(read.findings, []);
  assert.deepEqual(configurationFor('dbt/models/a.py', read)?.file, 'pyproject.toml');
  const jobs = configurationFor('jobs/settle/main.py', read);
  assert.deepEqual(jobs && { ...jobs, options: { ...jobs.options } }, {
    file: 'jobs/ruff.toml',
    folder: 'jobs',
    select: ['E'],
    extendSelect: ['B'],
    ignore: ['E501'],
    perFileIgnores: [],
    exclude: [],
    options: { 'line-length': 100, 'target-version': 'py311', lint: {} },
  });
});

test('files that the repository excludes are not looked at, and ignores of a file count', () => {
  const read = ruffConfigurations(
    filesOf({
      'ruff.toml':
        'extend-exclude = ["legacy"]\n[lint]\nselect = ["F"]\n[lint.per-file-ignores]\n"tests/*" = ["F401"]\n"!src/**" = ["F811"]\n',
    }),
  );
  const choice = (path: string) => lintChoice(path, '', configurationFor(path, read));
  assert.equal(choice('legacy/a.py'), null);
  assert.deepEqual(choice('tests/a.py')?.ignore, ['F401', 'F811']);
  assert.deepEqual(choice('src/a.py')?.ignore, []);
});

test('broken settings are told with their line and do not stop the reading', () => {
  const read = ruffConfigurations(filesOf({ 'pyproject.toml': '[tool.ruff]\nselect = [\n' }));
  assert.deepEqual(
    read.findings.map(({ path, line, severity }) => ({ path, line, severity })),
    [{ path: 'pyproject.toml', line: 3, severity: 'warning' }],
  );
});

test('a notebook of Databricks knows its names', () => {
  assert.deepEqual(
    lintChoice('a.py', '# Databricks notebook source\n', null)?.options.builtins?.toString().includes('dbutils'),
    true,
  );
  assert.deepEqual(lintChoice('a.py', 'x = 1\n', null)?.options.builtins, []);
});

test('code that does not run is an error where it is delivered, else a warning; style is a note', () => {
  const severity = (code: string | null, delivered: boolean) =>
    lintFinding('a.py', { code, message: 'm', line: 1 }, delivered).severity;
  assert.equal(severity('invalid-syntax', true), 'error');
  assert.equal(severity('F821', true), 'error');
  assert.equal(severity('F821', false), 'warning');
  assert.equal(severity('F401', true), 'warning');
  assert.equal(severity('E501', true), 'note');
});

test('syntax that is newer than the Python of the ruff settings stops nothing: the file may run on a newer one', () => {
  const message = 'Cannot use `match` statement on Python 3.8 (syntax was added in Python 3.10)';
  const { severity, hint } = lintFinding('dags/a.py', { code: null, message, line: 1 }, true);
  assert.equal(severity, 'warning');
  assert.match(hint ?? '', /target-version/);
});
