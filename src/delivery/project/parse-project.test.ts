import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { stringify } from 'yaml';
import { z } from 'zod';
import { folderPath } from '../../model/path-schema.ts';
import { textsAsFiles } from '../../model/texts-as-files.ts';
import { type ParsedProject, parseProject } from './parse-project.ts';

const schemas = {
  dbt: z.strictObject({
    path: folderPath(),
    build: z.boolean().optional(),
    env: z.record(z.string(), z.string()).optional(),
  }),
};

function parse(texts: { [path: string]: string }): ParsedProject {
  return parseProject({ files: textsAsFiles(texts), schemas, folderName: 'folder' });
}

/** `check line message | hint` of each finding. */
function said(read: ParsedProject): string[] {
  return read.findings.map(
    (finding) => `${finding.check} ${finding.path}:${finding.line} ${finding.message} | ${finding.hint}`,
  );
}

const dbtPart = 'parts:\n  dbt:\n    - { name: shop, path: shop }\n';

test('a whole project is read', () => {
  const read = parse({
    'headgate.yaml': `version: 1\nproject: payments\nowner: platform\nvalues:\n  root: { type: string }\n  size: { type: integer, default: 8 }\nsecrets: [password]\n${dbtPart}assets:\n  "dbt:model/*": { owner: a, service-level: { every: 1h }, sensitivity: [PII] }\n`,
    'environments/dev.yaml': 'environment: dev\nvalues: { root: "/tmp" }\n',
    'environments/prod.yaml':
      'after: dev\npromote: manual\ngates: { approvals: 2, approval-valid: 2h }\nsecrets: { password: env:P }\n',
    'shop/dbt_project.yml': '',
  });
  assert.deepEqual(read.findings, []);
  assert.equal(read.project.name, 'payments');
  assert.deepEqual(read.project.parts, [{ target: 'dbt', part: { name: 'shop', settings: { path: 'shop' } } }]);
  assert.deepEqual(
    read.project.values.map(({ name, required, default: value }) => [name, required, value]),
    [
      ['root', true, null],
      ['size', false, 8],
    ],
  );
  assert.deepEqual(
    read.project.environments.map((one) => [one.name, one.after, one.gates.approvals, one.gates.approvalValidSeconds]),
    [
      ['dev', null, 0, 86_400],
      ['prod', 'dev', 2, 7200],
    ],
  );
  assert.deepEqual(read.project.assetRules[0]?.serviceLevel, { every: '1h', within: null, by: null });
});

test('an unknown key is named with its line and the key that was meant, and the rest is read', () => {
  const read = parse({
    'headgate.yaml':
      'version: 1\nproject: p\nonwer: me\nparts:\n  dbt:\n    - name: shop\n      path: shop\n      bulid: true\n',
    'shop/x': '',
  });
  assert.deepEqual(said(read), [
    'project-unknown-key headgate.yaml:3 `onwer` means nothing here. | Did you mean `owner`?',
    'project-unknown-key headgate.yaml:8 `parts.dbt[0].bulid` means nothing here. | Did you mean `build`?',
  ]);
  assert.equal(read.project.parts.length, 1);
});

test('an unknown target is named with the one that was meant', () => {
  const read = parse({ 'headgate.yaml': 'version: 1\nproject: p\nparts:\n  dtb: []\n' });
  assert.deepEqual(said(read), [
    'project-unknown-key headgate.yaml:4 `parts.dtb` means nothing here. | Did you mean `dbt`?',
  ]);
});

test('wrong types, missing keys and a key given twice are findings on their lines', () => {
  const read = parse({
    'headgate.yaml':
      'version: 2\nproject: p\nproject: q\nvalues:\n  a: { type: strnig }\nparts:\n  dbt:\n    - { name: shop }\n    - { name: x, path: 3 }\n',
  });
  assert.deepEqual(
    read.findings.map(({ check, line, hint }) => [check, line, hint]),
    [
      ['project-yaml', 3, 'Put this line right; the rest of the file was read as far as possible.'],
      ['project-wrong-type', 1, 'Allowed: 1.'],
      ['project-wrong-type', 5, 'Did you mean `string`?'],
      ['project-missing-key', 8, 'The JSON Schema in schemas/ shows what may stand here.'],
      ['project-wrong-type', 9, 'The JSON Schema in schemas/ shows what may stand here.'],
    ],
  );
  assert.deepEqual(read.project.parts, []);
});

test('a folder that is not there, and two parts of one name, are findings', () => {
  const read = parse({
    'headgate.yaml':
      'version: 1\nproject: p\nparts:\n  dbt:\n    - { name: a, path: nowhere }\n    - { name: a, path: shop }\n',
    'shop/x': '',
  });
  assert.deepEqual(
    read.findings.map(({ check, line }) => [check, line]),
    [
      ['project-duplicate-part', 6],
      ['project-missing-folder', 5],
    ],
  );
});

test('paths that leave the project are refused', () => {
  for (const path of ['../other', '/etc', 'a/../../b']) {
    const read = parse({
      'headgate.yaml': `version: 1\nproject: p\nparts:\n  dbt:\n    - { name: a, path: ${path} }\n`,
    });
    assert.deepEqual(
      read.findings.map(({ check }) => check),
      ['project-wrong-type'],
      path,
    );
    assert.deepEqual(read.project.parts, []);
  }
});

test('a chain of environments that is broken or leads in a circle is a finding', () => {
  const files = (environments: { [name: string]: string }) => ({
    'headgate.yaml': 'version: 1\nproject: p\n',
    ...Object.fromEntries(
      Object.entries(environments).map(([name, after]) => [`environments/${name}.yaml`, `after: ${after}\n`]),
    ),
  });
  assert.deepEqual(said(parse(files({ dev: '', prod: 'devv' }))), [
    'environment-chain environments/prod.yaml:1 `prod` comes after `devv`, which is no environment of this project. | Did you mean `dev`?',
  ]);
  assert.deepEqual(said(parse(files({ a: 'b', b: 'c', c: 'a' }))), [
    'environment-chain environments/a.yaml:1 The environments follow each other in a circle: a after b after c after a. | Leave `after` out of the environment that comes first.',
  ]);
});

test('a secret itself instead of a reference is refused', () => {
  const read = parse({
    'headgate.yaml': 'version: 1\nproject: p\n',
    'environments/dev.yaml': 'secrets: { password: hunter2 }\n',
  });
  assert.deepEqual(
    read.findings.map(({ check, line }) => [check, line]),
    [['project-wrong-type', 1]],
  );
  assert.ok(!JSON.stringify(read).includes('hunter2'));
});

test('no text makes reading fail, and each one gives a project', () => {
  const nasty = fc.oneof(
    fc.string(),
    fc.json(),
    fc.constantFrom(
      '&a [*a]',
      '? : ?',
      '%YAML 9.9\n---',
      '\t- x',
      '{'.repeat(500),
      '[[[',
      '!!js/function x',
      'a: &a\n  <<: *a\n',
    ),
  );
  fc.assert(
    fc.property(nasty, nasty, (file, environment) => {
      const read = parse({ 'headgate.yaml': file, 'environments/dev.yaml': environment });
      assert.equal(typeof read.project.name, 'string');
      assert.ok(read.findings.every((finding) => finding.message !== ''));
    }),
    { numRuns: 300 },
  );
});

test('whatever keys stand in a file, each unknown one is named once', () => {
  const known = ['version', 'project', 'owner', 'environments', 'values', 'secrets', 'assets', 'ignore', 'parts'];
  const keys = fc.uniqueArray(
    fc.stringMatching(/^[a-z]{1,12}$/).filter((key) => !known.includes(key)),
    { maxLength: 6 },
  );
  fc.assert(
    fc.property(keys, (unknown) => {
      const text = stringify({ version: 1, project: 'p', ...Object.fromEntries(unknown.map((key) => [key, 1])) });
      const named = parse({ 'headgate.yaml': text }).findings.map((finding) => finding.message.split('`')[1]);
      assert.deepEqual(named.sort(), [...unknown].sort());
    }),
  );
});
