import assert from 'node:assert/strict';
import { test } from 'node:test';
import { textsAsFiles } from '../../model/texts-as-files.ts';
import { discover } from './discover.ts';
import { propose } from './propose.ts';

const main = `terraform {
  backend "s3" { key = "x}" }
}
# resource "commented" "out" {
resource "aws_s3_bucket" "lake" {
  bucket = "a-\${var.name}-{"
  policy = <<EOF
  { "resource" "x" {
EOF
}
module "net" { source = "../modules/net" }
variable "name" {}
`;

test('a stack with what it declares; braces in strings, heredocs and comments mislead nobody', async () => {
  const found = await discover({
    files: textsAsFiles({ 't/lake/main.tf': main }),
    part: { name: 'lake', settings: { path: 't/lake' } },
  });
  assert.deepEqual(
    found.assets.slice(0, 1).map(({ key, path, facts }) => [key, path, facts]),
    [
      [
        'terraform:stack/lake',
        't/lake',
        {
          resources: ['aws_s3_bucket.lake'],
          data: [],
          modules: [{ name: 'net', source: '../modules/net' }],
          providers: [],
          variables: ['name'],
          outputs: [],
          backend: 's3',
          values: [],
        },
      ],
    ],
  );
  assert.deepEqual(found.findings, []);
});

test('resources are assets, and make what other layers name where their text tells the name', async () => {
  const code = `
variable "bucket" {}
variable "prefix" { default = "pay" }
locals { topic = "\${var.prefix}ments" }
resource "aws_s3_bucket" "lake" { bucket = var.bucket }
resource "aws_s3_bucket" "logs" { bucket = aws_s3_bucket.lake.id }
resource "kafka_topic" "payments" {
  name       = local.topic
  partitions = 6
}
resource "snowflake_table" "orders" {
  schema = "RAW"
  name   = "ORDERS"
}
`;
  const found = await discover({
    files: textsAsFiles({ 't/main.tf': code }),
    part: { name: 'lake', settings: { path: 't', variables: { bucket: '${values.bucket}' } } },
  });
  const edges = found.edges.map(({ from, to, kind }) => `${from} ${kind} ${to}`);
  assert.deepEqual(
    edges.filter((edge) => edge.includes(' makes ')),
    [
      'terraform:resource/lake.aws_s3_bucket.lake makes storage:path/s3://${values.bucket}',
      'terraform:resource/lake.kafka_topic.payments makes kafka:topic/payments',
      'terraform:resource/lake.snowflake_table.orders makes warehouse:table/raw.orders',
    ],
  );
  assert.ok(edges.includes('terraform:stack/lake configures terraform:resource/lake.aws_s3_bucket.logs'));
  const [, lake] = found.assets;
  assert.deepEqual([lake?.part, lake?.path, lake?.line], ['terraform/lake', 't/main.tf', 5]);
});

test('a block that is never closed is a finding on its line', async () => {
  const found = await discover({
    files: textsAsFiles({ 't/a.tf': '\nresource "a" "b" {\n' }),
    part: { name: 't', settings: { path: 't' } },
  });
  assert.deepEqual(
    found.findings.map(({ check, line }) => [check, line]),
    [['terraform-syntax', 2]],
  );
});

test('stacks are proposed, the modules they use are not', async () => {
  const parts = await propose(
    textsAsFiles({
      't/lake/main.tf': main.replace('../modules/net', '../net'),
      't/net/main.tf': 'resource "x" "y" {}\n',
      't/values/v.tf': 'variable "a" {}\n',
    }),
  );
  assert.deepEqual(
    parts.map((part) => part.settings),
    [{ path: 't/lake' }],
  );
});
