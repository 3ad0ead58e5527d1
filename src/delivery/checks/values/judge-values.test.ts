import assert from 'node:assert/strict';
import { test } from 'node:test';
import { z } from 'zod';
import { readYaml } from '../../../base/yaml/yaml-document.ts';
import type { ProjectFiles } from '../../../model/project-files.ts';
import { readEnvironment } from '../../project/parse-environment.ts';
import { parseProject } from '../../project/parse-project.ts';
import { judgeValues } from './judge-values.ts';

const DECLARATION = `version: 1
project: shop
values:
  lake_root: { type: string }
  port: { type: integer, default: 5432 }
secrets: [password]
parts:
  spark:
    - { name: settle, args: ["\${values.lake_root}", "\${values.port}", "\${secrets.password}"] }
`;
const GOOD = 'environment: prod\nvalues: { lake_root: s3 }\nsecrets: { password: env:P }\n';

/** What is said of a declaration and one environment file, as `file:line severity message`. */
function judged(declaration: string, environment: string, mentioned: string[] = []): string[] {
  const texts: { [path: string]: string } = { 'headgate.yaml': declaration, 'environments/prod.yaml': environment };
  const files: ProjectFiles = {
    entries: Object.keys(texts).map((path) => ({ path, size: 1, executable: false })),
    text: (path) => texts[path] ?? null,
  };
  const schemas = { spark: z.strictObject({ args: z.array(z.string()) }) };
  const { project } = parseProject({ files, schemas, folderName: 'x' });
  const { found } = readEnvironment('environments/prod.yaml', environment);
  return judgeValues({
    project,
    declaration: { file: 'headgate.yaml', yaml: readYaml(declaration), at: [] },
    environments: found === null ? [] : [found],
    isMentioned: (word) => mentioned.includes(word),
  }).map(({ path, line, severity, message, hint }) => `${path}:${line} ${severity} ${message} ${hint}`);
}

test('a complete environment has no finding', () => {
  assert.deepEqual(judged(DECLARATION, GOOD), []);
});

test('a missing value and a missing secret are named with the file to mend', () => {
  assert.deepEqual(judged(DECLARATION, 'environment: prod\nvalues: {}\n'), [
    'environments/prod.yaml:2 error prod gives no value to `lake_root` (string). Add it under `values:` in environments/prod.yaml, or give it a default in headgate.yaml.',
    'environments/prod.yaml:1 error prod does not say where the secret `password` is. Add it under `secrets:` in environments/prod.yaml, for example password: env:PROD_PASSWORD.',
  ]);
});

test('a value of the wrong type says how to write it', () => {
  const wrong = GOOD.replace('lake_root: s3', 'lake_root: 7, port: "5432"');
  assert.deepEqual(judged(DECLARATION, wrong), [
    'environments/prod.yaml:2 error `lake_root` is an integer in prod; its type is string. Put it in quotes: lake_root: "7".',
    'environments/prod.yaml:2 error `port` is a string in prod; its type is integer. Take the quotes away: port: 5432.',
  ]);
});

test('a default of the wrong type is told where it stands', () => {
  const wrong = DECLARATION.replace('default: 5432', 'default: [1]');
  assert.deepEqual(judged(wrong, GOOD), [
    'headgate.yaml:5 error The default of `port` is a list; its type is integer. Give it an integer, or change its type under `values:` in headgate.yaml.',
  ]);
});

test('names that nobody declared are told with what was meant', () => {
  const wrong =
    'environment: prod\nvalues: { lake_rot: s3, lake_root: s3 }\nsecrets: { password: env:P, pasword: env:Q }\n';
  assert.deepEqual(judged(DECLARATION, wrong), [
    'environments/prod.yaml:2 error prod gives a value to `lake_rot`, which headgate.yaml does not declare. Did you mean `lake_root`?',
    'environments/prod.yaml:3 warning prod says where the secret `pasword` is, but nothing uses it. Did you mean `password`?',
  ]);
});

test('templates that name nothing are told in their line', () => {
  const wrong = DECLARATION.replace(`"\${values.port}"`, `"\${values.prt}", "\${env.X}", "\${secrets.nope}"`);
  assert.deepEqual(judged(wrong, GOOD, ['port']), [
    'headgate.yaml:9 error `${values.prt}` names a value that headgate.yaml does not declare. Did you mean `port`?',
    'headgate.yaml:9 error `${env.X}` is neither a value nor a secret. Write ${values.name} or ${secrets.name}.',
    'headgate.yaml:9 error `${secrets.nope}` names a secret that headgate.yaml does not declare. Name `nope` under `secrets:`, or correct the template.',
  ]);
});

test('a secret of a target needs a reference in its environment, not a declaration', () => {
  const used = `${GOOD.replace('{ password: env:P }', '{ password: env:P, api: env:A }')}targets: { airflow: { password: "\${secrets.api}" } }\n`;
  assert.deepEqual(judged(DECLARATION, used), []);
  const missing = `${GOOD}targets: { airflow: { password: "\${secrets.api}" } }\n`;
  assert.deepEqual(judged(DECLARATION, missing), [
    'environments/prod.yaml:4 error `${secrets.api}` names a secret that prod has no reference for. Name `api` under `secrets:`, or correct the template.',
  ]);
});

test('what no setting and no code uses is a warning, once', () => {
  const unused = DECLARATION.replace(`, "\${values.port}"`, '');
  assert.deepEqual(judged(unused, GOOD), [
    'headgate.yaml:5 warning The value `port` is declared, but nothing uses it. Remove it here and from the environments, or use it.',
  ]);
  assert.deepEqual(judged(unused, GOOD, ['port']), []);
});
