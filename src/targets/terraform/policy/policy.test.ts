import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { textsAsFiles } from '../../../model/texts-as-files.ts';
import { judgePlan } from './judge-plan.ts';
import { judgePolicy } from './judge-policy.ts';
import { resourcesIn } from './resources.ts';
import { policyRules } from './rules.ts';

/** Rule and line of what is found in a text. */
function foundIn(text: string): string[] {
  const { resources, defaultTags } = resourcesIn(textsAsFiles({ 't/main.tf': text }), 't');
  return judgePolicy(resources, defaultTags).map(
    ({ line, severity, message }) => `${line} ${severity} ${/\(([\w-]+)\)\.$/.exec(message)?.[1]}`,
  );
}

const statement = (text: string) => `jsonencode({ Statement = [{ ${text} }] })`;

/** Each fault with its twin that is all right. */
const twins: { [rule: string]: [bad: string, good: string][] } = {
  'error public-bucket': [
    [
      'resource "aws_s3_bucket_acl" "a" { acl = "public-read" }',
      'resource "aws_s3_bucket_acl" "a" { acl = "private" }',
    ],
    [
      'resource "aws_s3_bucket_public_access_block" "a" { block_public_acls = false }',
      'resource "aws_s3_bucket_public_access_block" "a" { block_public_acls = var.x }',
    ],
    [
      'resource "google_storage_bucket_iam_member" "a" { member = "allUsers" }',
      'resource "google_storage_bucket_iam_member" "a" { member = "user:a@b.c" }',
    ],
  ],
  'error open-policy': [
    [
      `resource "aws_s3_bucket_policy" "a" { policy = ${statement('Effect = "Allow", Principal = "*", Action = "s3:GetObject"')} }`,
      `resource "aws_s3_bucket_policy" "a" { policy = ${statement('Effect = "Deny", Principal = "*", Action = "s3:GetObject"')} }`,
    ],
    [
      'data "aws_iam_policy_document" "a" {\n statement {\n actions = ["sqs:SendMessage"]\n principals {\n type = "AWS"\n identifiers = ["*"]\n }\n }\n}',
      'data "aws_iam_policy_document" "a" {\n statement {\n actions = ["sqs:SendMessage"]\n principals {\n type = "AWS"\n identifiers = ["*"]\n }\n condition {\n variable = "aws:SourceArn"\n }\n }\n}',
    ],
  ],
  'error wide-access': [
    [
      `resource "aws_iam_policy" "a" { policy = ${statement('Effect = "Allow", Action = "*", Resource = "*"')} }`,
      `resource "aws_iam_policy" "a" { policy = ${statement('Effect = "Allow", Action = "*", Resource = "arn:aws:s3:::lake/*"')} }`,
    ],
    [
      'resource "aws_iam_role_policy_attachment" "a" { policy_arn = "arn:aws:iam::aws:policy/AdministratorAccess" }',
      'resource "aws_iam_role_policy_attachment" "a" { policy_arn = "arn:aws:iam::aws:policy/ReadOnlyAccess" }',
    ],
  ],
  'warning wide-service': [
    [
      'data "aws_iam_policy_document" "a" {\n statement {\n actions = ["s3:*"]\n resources = ["*"]\n }\n}',
      'data "aws_iam_policy_document" "a" {\n statement {\n actions = ["s3:*"]\n resources = [aws_s3_bucket.a.arn]\n }\n}',
    ],
  ],
  'error wide-trust': [
    [
      'resource "aws_iam_role" "a" {\n assume_role_policy = <<EOF\n{"Statement":[{"Effect":"Allow","Principal":{"AWS":"*"},"Action":"sts:AssumeRole"}]}\nEOF\n}',
      'resource "aws_iam_role" "a" {\n assume_role_policy = <<EOF\n{"Statement":[{"Effect":"Allow","Principal":{"Service":"emr.amazonaws.com"},"Action":"sts:AssumeRole"}]}\nEOF\n}',
    ],
    [
      `resource "aws_iam_role" "a" { assume_role_policy = ${statement('Effect = "Allow", Principal = { Federated = "arn:aws:iam::1:oidc-provider/token.actions.githubusercontent.com" }, Action = "sts:AssumeRoleWithWebIdentity", Condition = { StringEquals = { "token.actions.githubusercontent.com:aud" = "sts.amazonaws.com" } }')} }`,
      `resource "aws_iam_role" "a" { assume_role_policy = ${statement('Effect = "Allow", Principal = { Federated = "arn:aws:iam::1:oidc-provider/token.actions.githubusercontent.com" }, Action = "sts:AssumeRoleWithWebIdentity", Condition = { StringLike = { "token.actions.githubusercontent.com:sub" = "repo:a/b:*" } }')} }`,
    ],
  ],
  'error open-network': [
    [
      'resource "aws_security_group" "a" {\n ingress {\n from_port = 5432\n to_port = 5432\n cidr_blocks = ["0.0.0.0/0"]\n }\n}',
      'resource "aws_security_group" "a" {\n ingress {\n from_port = 443\n to_port = 443\n cidr_blocks = ["0.0.0.0/0"]\n }\n}',
    ],
  ],
  'error unencrypted': [
    [
      'resource "aws_ebs_volume" "a" { tags = var.t }',
      'resource "aws_ebs_volume" "a" {\n tags = var.t\n encrypted = var.e\n}',
    ],
    [
      'resource "aws_db_instance" "a" {\n tags = var.t\n storage_encrypted = false\n}',
      'resource "aws_db_instance" "a" {\n tags = var.t\n snapshot_identifier = var.s\n}',
    ],
  ],
  'warning easily-lost': [
    [
      'resource "aws_s3_bucket" "a" {\n tags = var.t\n force_destroy = true\n}',
      'resource "aws_s3_bucket" "a" {\n tags = var.t\n force_destroy = false\n}',
    ],
  ],
  'warning costly': [
    [
      'resource "snowflake_warehouse" "a" { warehouse_size = "4X-LARGE" }',
      'resource "snowflake_warehouse" "a" {\n warehouse_size = "SMALL"\n auto_suspend = 60\n}',
    ],
    [
      'resource "aws_instance" "a" {\n tags = var.t\n instance_type = "r6g.16xlarge"\n}',
      'resource "aws_instance" "a" {\n tags = var.t\n instance_type = "r6g.2xlarge"\n}',
    ],
  ],
  'warning untagged': [
    ['resource "aws_s3_bucket" "a" {}', 'resource "aws_s3_bucket" "a" { tags = merge(var.t, { a = 1 }) }'],
  ],
};

for (const [rule, pairs] of Object.entries(twins)) {
  test(`${rule}: each fault is found on its line, its twin is left alone`, () => {
    for (const [bad, good] of pairs) {
      assert.deepEqual(foundIn(`\n${bad}\n`), [`2 ${rule}`], bad);
      assert.deepEqual(foundIn(good), [], good);
    }
  });
}

test('a comment leaves out the rule that it names, and no other', () => {
  const bucket = (comment: string) =>
    `# headgate: allow ${comment}\nresource "aws_s3_bucket" "a" {\n acl = "public-read"\n}\n`;
  assert.deepEqual(foundIn(bucket('public-bucket, untagged')), []);
  assert.deepEqual(foundIn(bucket('untagged')), ['2 error public-bucket']);
});

test('tags of the provider are tags of all', () => {
  assert.deepEqual(
    foundIn('provider "aws" {\n default_tags { tags = { a = 1 } }\n}\nresource "aws_s3_bucket" "a" {}\n'),
    [],
  );
});

test('a plan tells what is deleted or replaced with its data, at its declaration, and breaks the same rules', () => {
  const { resources } = resourcesIn(textsAsFiles({ 't/main.tf': '\nresource "aws_db_instance" "db" {}\n' }), 't');
  const change = (address: string, actions: string[], more: object = {}) => {
    const [type = '', name = ''] = address.split('.');
    return { address, mode: 'managed', type, name, change: { actions, after: null, ...more } };
  };
  const plan = {
    format_version: '1.2',
    resource_changes: [
      change('aws_db_instance.db', ['delete', 'create'], {
        replace_paths: [['engine']],
        after: { storage_encrypted: true },
      }),
      change('aws_s3_bucket.old', ['delete']),
      change('aws_iam_role.old', ['delete']),
      change('aws_instance.web', ['create', 'delete']),
      change('aws_s3_bucket_acl.new', ['create'], { after: { acl: 'public-read' } }),
      change('aws_s3_bucket.same', ['no-op'], { after: { tags: null } }),
    ],
  };
  const findings = judgePlan(JSON.stringify(plan), resources) ?? [];
  assert.deepEqual(
    findings.map(({ path, line, severity, message }) => `${path}:${line} ${severity} ${message}`),
    [
      't/main.tf:2 error `aws_db_instance.db`: the plan deletes it and makes it anew, because of `engine`, with all that it holds (replaced).',
      'null:null error `aws_s3_bucket.old`: the plan deletes it, with all that it holds (deleted).',
      'null:null warning `aws_instance.web`: the plan deletes it and makes it anew (replaced).',
      'null:null error `aws_s3_bucket_acl.new`: its ACL `public-read` lets everybody read (public-bucket).',
    ],
  );
});

test('the table in docs/checks.md has every rule, with its severity and question', () => {
  const text = readFileSync(new URL('../../../../docs/checks.md', import.meta.url), 'utf8').replaceAll("'", '’');
  for (const { name, severity, asks } of policyRules) {
    assert.ok(text.includes(`| \`${name}\` | ${severity} | ${asks} |`), name);
  }
});

test('what is no plan is not judged', () => {
  assert.equal(judgePlan('{}', []), null);
  assert.equal(judgePlan('no json', []), null);
});
