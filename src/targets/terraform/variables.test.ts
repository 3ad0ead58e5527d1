import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Environment, plainEnvironment } from '../../model/environment.ts';
import type { JsonObject } from '../../model/json.ts';
import { textsAsFiles } from '../../model/texts-as-files.ts';
import { judgeVariables } from './check-variables.ts';
import { toolVariables } from './tool-variables.ts';
import { misfit, readVariableType } from './variable-type.ts';

const TF = `variable "bucket" {
  type = string # the name
}
variable "days" {
  type    = number
  default = 90
  validation {
    condition     = var.days > 1
    error_message = "type = list"
  }
}
variable "tags" {
  type = map(string)
}
variable "limits" {
  type = object({
    cpu  = number,
    note = optional(string, "a { b")
  })
  default = { cpu = 1 }
}
variable "password" { type = string }
variable "loose" {}
variable "strict" {
  type     = bool
  nullable = false
}
`;

const YAML = `version: 1
project: p
parts:
  terraform:
    - { name: other, path: o }
    - name: lake
      path: t
      variables:
        bucket: "\${values.bucket}"
        dayz: 3
        days: "\${values.days}"
        limits: "\${values.limits}"
        password: "\${secrets.db}"
        loose: [1]
        strict: null
`;

const variables: JsonObject = {
  bucket: '$' + '{values.bucket}',
  dayz: 3,
  days: '$' + '{values.days}',
  limits: '$' + '{values.limits}',
  password: '$' + '{secrets.db}',
  loose: [1],
  strict: null,
};

function environment(name: string, values: JsonObject): Environment {
  return plainEnvironment(name, values);
}

function judged(settings: JsonObject, more: { [path: string]: string } = {}): string[] {
  return judgeVariables({
    files: textsAsFiles({ 't/variables.tf': TF, 'headgate.yaml': YAML, ...more }),
    part: { name: 'lake', settings: { path: 't', ...settings } },
    environments: [
      environment('dev', { bucket: 'b', days: '14', limits: { cpu: 2 } }),
      environment('prod', { bucket: ['b'], days: 'two weeks', limits: { note: 'x' } }),
    ],
    values: { bucket: 'default' },
    declared: true,
  }).map(({ path, line, severity, message }) => `${path}:${line} ${severity} ${message}`);
}

test('each fault of the variables has its file and line', () => {
  assert.deepEqual(judged({ variables }), [
    'headgate.yaml:9 error In prod bucket must be a string; Terraform would refuse it.',
    'headgate.yaml:10 error The stack has no variable `dayz`.',
    'headgate.yaml:11 error In prod days must be a number; Terraform would refuse it.',
    'headgate.yaml:12 error In prod limits must have cpu; Terraform would refuse it.',
    't/variables.tf:22 warning The variable `password` gets the secret `db` and is not marked as sensitive, so a plan shows it.',
    't/variables.tf:23 warning `loose` is a list in dev, and its variable has no type: Terraform reads TF_VAR_loose as a text.',
    't/variables.tf:23 warning `loose` is a list in prod, and its variable has no type: Terraform reads TF_VAR_loose as a text.',
    'headgate.yaml:15 error `strict` is null in dev.',
    'headgate.yaml:15 error `strict` is null in prod.',
    't/variables.tf:12 error `tags` has no default, and terraform/lake gives it no value.',
  ]);
});

test('what the stack’s own files give is not missing, and wins over what the environment gives', () => {
  const more = {
    't/terraform.tfvars': '# x\ntags = {\n  a = "days = 3"\n}\n',
    't/x.auto.tfvars.json': '{\n"days": 1}',
  };
  const said = judged({ variables: { days: 3, bucket: 'b', password: 'p', loose: 'l', strict: true } }, more);
  assert.deepEqual(
    said,
    [
      't/x.auto.tfvars.json:2 warning `days` is given here too, and Terraform then takes this one and not the environment’s.',
    ].map((line) => line.replace('’', "'")),
  );
});

test('a part that says nothing of variables is not judged', () => {
  assert.deepEqual(judged({}), []);
});

const fits: [string, unknown, string | null][] = [
  ['string', 3, null],
  ['string', ['a'], 'it must be a string'],
  ['number', '3.5e2', null],
  ['number', '3 days', 'it must be a number'],
  ['number', '$' + '{secrets.port}', null],
  ['bool', 'true', null],
  ['bool', 'yes', 'it must be a bool'],
  ['list(number)', [1, 'x'], 'it[1] must be a number'],
  ['set(string)', { a: 1 }, 'it must be a set'],
  ['map(list(bool))', { a: [true, 'no'] }, 'it.a[1] must be a bool'],
  ['tuple([string, number])', ['a'], 'it must be a list of 2'],
  ['tuple([string, number])', ['a', 'b'], 'it[1] must be a number'],
  ['object({ a = string, b = optional(list(number), [1, 2]) })', { a: 'x' }, null],
  ['object({ a = string, b = optional(list(number), [1, 2]) })', { a: 'x', b: ['y'] }, 'it.b[0] must be a number'],
  ['object({\n  a = object({ c = any })\n})', { a: {} }, 'it.a must have c'],
  ['"list"', 'x', 'it must be a list'],
  ['list', [1, 'x'], null],
  ['any', [{}], null],
  ['number', null, null],
  ['something(else)', 'x', null],
  ['list(', 'x', null],
  ['object({ a = })', 'x', null],
];
for (const [type, value, expected] of fits) {
  test(`${JSON.stringify(value)} for ${type.replaceAll('\n', ' ')}: ${expected ?? 'fits'}`, () => {
    assert.equal(misfit(value as JsonObject, readVariableType(type)), expected);
  });
}

test('Terraform is told simple types as text and the others as expressions in which nothing is a template', () => {
  const told = toolVariables({
    files: textsAsFiles({ 't/variables.tf': TF }),
    part: {
      name: 'lake',
      settings: {
        path: 't',
        variables: { ...variables, dayz: 'x', tags: { a: 'x$' + '{y}%{z}"\b', b: '$' + '{secrets.db}' }, strict: true },
      },
    },
    values: { bucket: 'a ${b}', days: 3, limits: { cpu: 1 } },
    secretOf: (name) => `value of ${name}`,
  });
  assert.deepEqual(told.process, {
    TF_VAR_bucket: 'a $' + '{b}',
    TF_VAR_dayz: 'x',
    TF_VAR_days: '3',
    TF_VAR_limits: '{"cpu":1}',
    TF_VAR_password: 'value of db',
    TF_VAR_loose: '[1]',
    TF_VAR_strict: 'true',
    TF_VAR_tags: '{"a":"x$$' + '{y}%%{z}\\"\\u0008","b":"value of db"}',
  });
  assert.deepEqual(told.secrets, { password: ['db'], tags: ['db'] });
  assert.deepEqual(told.problems, ['dayz is no variable of the stack']);
});
