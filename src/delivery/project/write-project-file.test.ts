import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { z } from 'zod';
import { textsAsFiles } from '../../model/texts-as-files.ts';
import { parseProject } from './parse-project.ts';
import { writeProjectFiles } from './write-project-file.ts';

const schemas = { dbt: z.strictObject({ path: z.string(), env: z.record(z.string(), z.string()).optional() }) };

function readBack(name: string, path: string, because: string) {
  const parts = [
    {
      target: 'dbt',
      name,
      settings: { path, env: { HOST: '${values.host}', PASSWORD: '${secrets.password}' } },
      because,
    },
  ];
  const files = writeProjectFiles({ project: 'p', parts, environmentFiles: [], titles: { dbt: 'dbt Core' } });
  return {
    files,
    read: parseProject({
      files: textsAsFiles(Object.fromEntries(files.map((file) => [file.path, file.text]))),
      schemas,
      folderName: 'x',
    }),
  };
}

test('what init writes parses without a finding, names included', () => {
  const { files, read } = readBack('shop', 'dbt/shop', 'found');
  assert.deepEqual(
    files.map((file) => file.path),
    ['headgate.yaml', 'environments/dev.yaml', 'environments/staging.yaml', 'environments/prod.yaml'],
  );
  assert.deepEqual(read.findings, []);
  assert.deepEqual(
    read.project.environments.map((one) => [one.name, one.after]),
    [
      ['dev', null],
      ['prod', 'staging'],
      ['staging', 'dev'],
    ],
  );
  assert.deepEqual(read.project.secrets, ['password']);
  assert.deepEqual(
    read.project.values.map((value) => value.name),
    ['host'],
  );
});

test('any path and reason survive being written and read', () => {
  fc.assert(
    fc.property(fc.string({ minLength: 1 }), fc.string(), (path, because) => {
      const { read } = readBack('shop', path, because);
      assert.deepEqual(read.findings, []);
      assert.equal(read.project.parts[0]?.part.settings.path, path);
    }),
  );
});

test('environments that are there are kept', () => {
  const files = writeProjectFiles({ project: 'p', parts: [], environmentFiles: ['environments/qa.yaml'], titles: {} });
  assert.deepEqual(
    files.map((file) => file.path),
    ['headgate.yaml'],
  );
});
