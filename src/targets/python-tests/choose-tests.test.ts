import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ProjectFiles } from '../../model/project-files.ts';
import { chooseTests, type TestedPart, visibleTo } from './choose-tests.ts';

function filesOf(texts: { [path: string]: string }): ProjectFiles {
  const entries = Object.keys(texts).map((path) => ({ path, size: 1, executable: false }));
  return { entries, text: (path) => texts[path] ?? null };
}

const FILES = filesOf({
  'spark/jobs/settle/settle.py': 'from settlement import settle\n',
  'spark/jobs/settle/settlement.py': 'from pyspark.sql import functions\n',
  'spark/jobs/settle/test_names.py': 'import settlement_names\n',
  'spark/jobs/rollup/rollup.py': '',
  'spark/tests/session.py': 'from pyspark.sql import SparkSession\n',
  'spark/tests/test_settlement.py': 'from session import local_spark\nfrom settlement import settle\n',
  'spark/tests/test_rollup.py': 'import os, rollup\n',
  'spark/tests/test_both.py': 'import settlement, settle, rollup\n',
  'spark/tests/test_none.py': 'from pyspark.sql import Row\n',
  'tests/test_web.py': 'import flask\n',
  'web/app.py': '',
});
const parts: TestedPart[] = [
  { name: 'settle', folders: ['spark/jobs/settle'], tests: null },
  { name: 'rollup', folders: ['spark/jobs/rollup'], tests: null },
];
const choice = { files: FILES, package: 'pyspark', parts };
const chosen = (part: string) => chooseTests(part, choice).map(({ path, direct }) => `${path} ${direct}`);

test('a test belongs to the part whose modules it imports, and to no two', () => {
  assert.deepEqual(chosen('settle'), [
    'spark/jobs/settle/test_names.py false',
    'spark/tests/test_settlement.py true',
    'spark/tests/test_both.py false',
  ]);
  assert.deepEqual(chosen('rollup'), ['spark/tests/test_rollup.py false', 'spark/tests/test_none.py true']);
});

test('where the settings name folders, no others are looked at', () => {
  const named = [{ name: 'settle', folders: ['spark/jobs/settle'], tests: ['tests'] }];
  assert.deepEqual(
    chooseTests('settle', { ...choice, parts: named }).map(({ path }) => path),
    ['tests/test_web.py'],
  );
});

test('tests see the folders of their code and those that they name, and the files in the root', () => {
  const tests = chooseTests('settle', choice);
  const sees = visibleTo(tests, ['spark/jobs/settle'], FILES);
  assert.deepEqual(['spark/jobs/rollup/rollup.py', 'pyproject.toml', 'web/app.py', 'tests/test_web.py'].map(sees), [
    true,
    true,
    false,
    false,
  ]);
});
