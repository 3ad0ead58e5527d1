import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ProjectFiles } from '../../model/project-files.ts';
import { ownModules } from './own-modules.ts';

function filesOf(texts: { [path: string]: string }): ProjectFiles {
  const entries = Object.keys(texts).map((path) => ({ path, size: 1, executable: false }));
  return { entries, text: (path) => texts[path] ?? null };
}

test('a module is the own of a project where some folder gives it as a first name', () => {
  const isOwn = ownModules(
    filesOf({
      'dags/shared/__init__.py': '',
      'dags/shared/neo4j.py': '',
      'plugins/refunds.py': '',
      'dags/loose/limits.py': '',
    }),
  );
  assert.deepEqual(['shared', 'refunds', 'limits', 'loose'].map(isOwn), [true, true, true, true]);
  assert.equal(isOwn('neo4j'), false, 'it is called shared.neo4j');
  assert.equal(isOwn('pymongo'), false);
});

test('what a file of requirements names is a package to be installed, whatever modules are called alike', () => {
  const isOwn = ownModules(
    filesOf({
      'requirements.txt': 'apache-airflow==2.10.5\nneo4j>=5.14.1, <6.0.0\nmy-lib\n',
      'neo4j.py': '',
      'airflow.py': '',
      'my_lib.py': '',
    }),
  );
  assert.deepEqual(['neo4j', 'my_lib', 'airflow'].map(isOwn), [false, false, true]);
});
