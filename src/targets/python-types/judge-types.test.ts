import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TypeProblem } from '../../base/python/run-mypy.ts';
import { textsAsFiles } from '../../model/texts-as-files.ts';
import { judgeTypes, mypySettings } from './judge-types.ts';

const problem = (more: Partial<TypeProblem>): TypeProblem => ({
  ...{ file: 'dags/a.py', line: 3, message: 'Incompatible return value type', code: 'return-value', severity: 'error' },
  ...more,
});

test('what cannot run is an error, other mistakes are warnings, notes are none', () => {
  const findings = judgeTypes([
    problem({}),
    problem({ line: 4, message: 'Name "x" is not defined', code: 'name-defined' }),
    problem({ severity: 'note', code: null }),
  ]);
  assert.deepEqual(
    findings.map(({ line, severity, message }) => `${line} ${severity} ${message}`),
    ['3 warning Incompatible return value type (return-value).', '4 error Name "x" is not defined (name-defined).'],
  );
});

test('packages without types here are one note', () => {
  const missing = (name: string) =>
    problem({ code: 'import-not-found', message: `Cannot find module named "${name}"` });
  const [note, ...more] = judgeTypes([missing('boto3'), missing('moto'), missing('boto3')]);
  assert.deepEqual(more, []);
  assert.equal(note?.status, 'skipped');
  assert.match(note?.message ?? '', /^The types of boto3, moto are not known here/);
});

test('the nearest settings count, and files that say nothing to mypy do not', () => {
  const files = textsAsFiles({
    'pyproject.toml': '[tool.mypy]\n',
    'dags/setup.cfg': '[flake8]\n',
    'jobs/mypy.ini': '',
  });
  assert.equal(mypySettings(files, 'dags/daily'), 'pyproject.toml');
  assert.equal(mypySettings(files, 'jobs'), 'jobs/mypy.ini');
  assert.equal(mypySettings(textsAsFiles({ 'setup.cfg': '[flake8]\n' }), 'dags'), null);
});
