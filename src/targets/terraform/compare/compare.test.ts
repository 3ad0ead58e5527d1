import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compareTexts, type Texts } from '../../compare-texts.ts';
import { terraform } from '../index.ts';

const main = `resource "aws_s3_bucket" "lake" {
  bucket = var.bucket
  tags   = { team = "data", tier = "one" }
  lifecycle_days = local.days
  policy = <<EOT
    { "allow": "read" }
  EOT
}

locals { days = 30 }
variable "bucket" { type = string }
module "net" { source = "../modules/net" }
output "root" { value = aws_s3_bucket.lake.id }
`;
const module = { 'tf/modules/net/main.tf': 'resource "aws_vpc" "net" {\n  cidr_block = "10.0.0.0/16"\n}\n' };

async function compared(head: Texts, values: { base: string; head: string } = { base: 'a', head: 'a' }) {
  const [change] = await compareTexts(
    terraform,
    { path: 'tf/lake', variables: { bucket: '${values.bucket}' } },
    {
      base: { texts: { ...module, 'tf/lake/main.tf': main }, values: { bucket: values.base } },
      head: { texts: { ...module, 'tf/lake/main.tf': main, ...head }, values: { bucket: values.head } },
    },
  );
  return change;
}

for (const [what, from, to, expected] of [
  ['a comment and another layout', '  bucket = var.bucket', '  # the lake\n  bucket       = var.bucket', 'none'],
  [
    'a map over several lines',
    '{ team = "data", tier = "one" }',
    '{\n    team = "data"\n    tier = "one"\n  }',
    'none',
  ],
  ['another tag', 'tier = "one"', 'tier = "two"', 'compatible'],
  ['a new output', 'output "root"', 'output "more" { value = 1 }\noutput "root"', 'compatible'],
  ['a described variable', 'type = string', 'type = string\n  description = "Name"\n', 'none'],
  ['another text in a heredoc', '"allow": "read"', '"allow": "write"', 'unknown'],
  ['another value of a local that is used', 'days = 30', 'days = 3', 'unknown'],
  ['another name', 'var.bucket', '"other"', 'breaking'],
  ['no output', 'output "root" { value = aws_s3_bucket.lake.id }\n', '', 'breaking'],
  ['a renamed resource', '"aws_s3_bucket" "lake"', '"aws_s3_bucket" "sea"', 'breaking'],
] as const) {
  test(`a stack with ${what} is ${expected}`, async () => {
    assert.equal((await compared({ 'tf/lake/main.tf': main.replace(from, to) }))?.effect, expected);
  });
}

test('blocks in another order and in another file are nothing', async () => {
  const [resource = '', ...rest] = main.split('\n\n');
  const moved = { 'tf/lake/main.tf': rest.join('\n\n'), 'tf/lake/bucket.tf': `${resource}\n` };
  assert.equal((await compared(moved))?.effect, 'none');
});

test('another value for an environment is what it does to the attribute that uses it, with the address', async () => {
  const change = await compared({}, { base: 'a', head: 'b' });
  assert.equal(change?.effect, 'breaking');
  assert.match(change?.because ?? '', /`var\.bucket` in prod .* `bucket` of `aws_s3_bucket\.lake`/);
});

test('a module of the project counts by what it says', async () => {
  const text = module['tf/modules/net/main.tf'];
  assert.equal((await compared({ 'tf/modules/net/main.tf': `# net\n${text}` }))?.effect, 'none');
  const other = await compared({ 'tf/modules/net/main.tf': text.replace('10.0', '10.1') });
  assert.equal(other?.effect, 'unknown');
  assert.match(other?.because ?? '', /modules\/net\/main\.tf/);
});

test('a resource is told by itself, so that only what it makes is reached', async () => {
  const changes = await compareTexts(
    terraform,
    { path: 'tf/lake', variables: { bucket: '${values.bucket}' } },
    {
      base: {
        texts: { ...module, 'tf/lake/main.tf': `${main}resource "kafka_topic" "a" {\n  name = "a"\n}\n` },
        values: { bucket: 'a' },
      },
      head: {
        texts: { ...module, 'tf/lake/main.tf': `${main}resource "kafka_topic" "a" {\n  name = "a"\n}\n` },
        values: { bucket: 'b' },
      },
    },
  );
  assert.deepEqual(
    changes.map(({ key, effect }) => [key, effect]),
    [
      ['terraform:stack/x', 'breaking'],
      ['terraform:resource/x.aws_s3_bucket.lake', 'breaking'],
    ],
  );
});
