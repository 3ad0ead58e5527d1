import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Finding } from '../../src/model/finding.ts';
import { createProject, headgate } from './headgate.ts';

const PROJECT = `version: 1
project: small
values: { rows: { type: integer }, lake: { type: string } }
parts:
  airflow: [{ name: main, dags: dags }]
`;
const TREE = {
  'headgate.yaml': PROJECT,
  'environments/dev.yaml': 'environment: dev\nvalues: { rows: 1, lake: s3 }\n',
  'dags/one.py': dagFile('one'),
};

type Case = {
  title: string;
  files: { [path: string]: string };
  check: string;
  at: string;
  message: RegExp;
  hint: RegExp;
  alone?: false;
};

const cases: readonly Case[] = [
  {
    title: 'broken YAML is told once, with its line, and what could not be read is not blamed on others',
    files: { 'headgate.yaml': `${PROJECT}secrets: [password\n` },
    check: 'project-yaml',
    at: 'headgate.yaml:7',
    message: /not valid YAML/,
    hint: /Put this line right/,
  },
  {
    title: 'an unknown key says what was meant',
    files: { 'headgate.yaml': PROJECT.replace('dags: dags', 'dags: dags, varibles: []') },
    check: 'project-unknown-key',
    at: 'headgate.yaml:5',
    message: /`parts\.airflow\[0\]\.varibles` means nothing here/,
    hint: /Did you mean `variables`\?/,
  },
  {
    title: 'a target that does not exist says what was meant',
    files: { 'headgate.yaml': `${PROJECT}  airflw: [{ name: x, dags: dags }]\n` },
    check: 'project-unknown-key',
    at: 'headgate.yaml:6',
    message: /airflw/,
    hint: /Did you mean `airflow`\?/,
  },
  {
    title: 'a type that does not exist is told at its place, and no value is called undeclared for it',
    files: { 'headgate.yaml': PROJECT.replace('type: integer', 'type: integr') },
    check: 'project-wrong-type',
    at: 'headgate.yaml:3',
    message: /`values\.rows\.type` is wrong/,
    hint: /Did you mean `integer`\?/,
  },
  {
    title: 'a value of the wrong type is told in the environment that gives it',
    files: { 'environments/dev.yaml': 'environment: dev\nvalues: { rows: many, lake: s3 }\n' },
    check: 'environment-values',
    at: 'environments/dev.yaml:2',
    message: /`rows` is a string in dev; its type is integer/,
    hint: /Give it an integer/,
  },
  {
    title: 'assets that depend on each other in a circle are named in their order',
    files: { 'dags/one.py': dagFile('one', 'two'), 'dags/two.py': dagFile('two', 'one') },
    check: 'asset-cycle',
    at: 'dags/one.py:4',
    message: /airflow:dag\/one -> airflow:dag\/two -> airflow:dag\/one/,
    hint: /Take one of these dependencies away/,
  },
  {
    title: 'two assets with one key name each other’s place',
    files: { 'dags/two.py': dagFile('one') },
    check: 'dag-duplicate-ids',
    at: 'dags/one.py:4',
    message: /"one" is defined here and also in dags\/two\.py:4/,
    hint: /another dag_id/,
    alone: false,
  },
  {
    title: 'a part whose folder is not there says which',
    files: { 'headgate.yaml': PROJECT.replace('dags: dags', 'dags: dag') },
    check: 'project-missing-folder',
    at: 'headgate.yaml:5',
    message: /names the folder `dag`, which is not there/,
    hint: /Correct the path/,
  },
];

describe('bad input of a project stops with the place, the reason and what to do', () => {
  for (const { title, files, check, at, message, hint, alone = true } of cases) {
    test(title, async () => {
      const project = await createProject({ ...TREE, ...files });
      try {
        const { status, out } = await headgate(project.folder, ['check', '--static', '--json']);
        const blocking = blockingOf(JSON.parse(out).findings);
        assert.equal(status, 1, JSON.stringify(blocking, null, 1));
        const found = blocking.find((one) => one.check === check && `${one.path}:${one.line}` === at);
        assert.ok(found, JSON.stringify(blocking, null, 1));
        assert.match(found.message, message);
        assert.match(found.hint ?? '', hint);
        if (alone)
          assert.deepEqual(
            blocking.map((one) => one.check),
            [check],
          );
        const bundle = await headgate(project.folder, ['bundle', '--static', '--json']);
        assert.equal(bundle.status, 1, bundle.out);
        assert.match(bundle.out, /"bundle-blocked"/);
      } finally {
        await project.remove();
      }
    });
  }
});

function blockingOf(findings: Finding[]): Finding[] {
  return findings.filter(({ status, severity }) => severity === 'error' && status !== 'passed' && status !== 'skipped');
}

function dagFile(id: string, triggers: string | null = null): string {
  const body = triggers === null ? 'pass' : `TriggerDagRunOperator(task_id="next", trigger_dag_id="${triggers}")`;
  return `import datetime
from airflow import DAG
from airflow.operators.trigger_dagrun import TriggerDagRunOperator  # noqa: F401
with DAG("${id}", start_date=datetime.datetime(2024, 1, 1), schedule=None, default_args={"owner": "data"}):
    ${body}
`;
}
