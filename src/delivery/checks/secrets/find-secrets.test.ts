import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findSecrets } from './find-secrets.ts';
import { entropyOf } from './placeholder.ts';

/** The samples are put together here, so that no whole one stands in this file. */
const join = (...pieces: string[]) => pieces.join('');
const AWS_ID = join('AKIA', 'Z3MSVQ6YD5LXT2RB');
const AWS_KEY = join('kq7Vn2Lw9', '/Rt4Xc8Zb1Mh5Jd3', 'Fs6Gp0Ya+Qe2Uo7Wx');
const GITHUB = join('ghp', '_', 'q7Vn2Lw9Rt4Xc8Zb1Mh5Jd3Fs6Gp0YaQe2Uo');
const SLACK = join('xox', 'b-', '481516234200-', '481516234201-', 'q7Vn2Lw9Rt4Xc8Zb1Mh5Jd3F');
const PASSWORD = join('rT7!vq', 'Lm29xZ');
const KEY_BODY = join('MIIEowIBAAKCAQEA', 'x7Vn2Lw9Rt4Xc8Zb1Mh5Jd3Fs6Gp0YaQe2UoKp', '9sW3');

function found(path: string, text: string): { line: number | null; severity: string }[] {
  return findSecrets(path, text).map(({ line, severity }) => ({ line, severity }));
}

const SECRETS: [string, string, string][] = [
  ['an AWS access key id', 'dags/load.py', `client(aws_access_key_id="${AWS_ID}")`],
  ['an AWS secret key', 'config.ini', `aws_secret_access_key = ${AWS_KEY}`],
  ['a GitHub token in a pip address', 'requirements.txt', `git+https://${GITHUB}@github.com/org/repo.git`],
  ['a Slack token', 'dags/alert.py', `WebClient("${SLACK}")`],
  [
    'a Slack webhook',
    'dags/alert.py',
    join('https://hooks.slack.com/services/', 'T02AB3CD4/B05EF6GH7/', 'q7Vn2Lw9Rt4Xc8Zb1Mh5Jd3F'),
  ],
  [
    'a Postgres address with a password',
    'dags/load.py',
    `"postgresql://loader:${PASSWORD}@warehouse.prod.internal:5432/dw"`,
  ],
  ['a Snowflake address with a password', 'env.py', `url = "snowflake://etl:${PASSWORD}@ab12345.eu-west-1/DB/PUBLIC"`],
  ['a password in profiles.yml', 'dbt/profiles.yml', `      password: ${PASSWORD.replace('!', 'k')}`],
  ['a password in an .env file', '.env', `WAREHOUSE_PASSWORD=${PASSWORD.replace('!', 'k')}`],
  ['a quoted password in Python', 'dags/load.py', `    db_password = "${PASSWORD}"`],
  ['a token in a dictionary', 'dags/load.py', `headers = {"api_key": "${PASSWORD}Zz8Q"}`],
  ['a private key', 'keys/deploy.pem', `-----BEGIN RSA PRIVATE KEY-----\n${KEY_BODY}\n-----END`],
  ['a private key inside JSON', 'sa.json', `"private_key": "-----BEGIN PRIVATE KEY-----\\n${KEY_BODY}\\n"`],
  ['a password given by keyword', 'dags/x.py', `PostgresHook(host="h", password="${PASSWORD}")`],
  ['a Terraform variable', 'prod.tfvars', `db_password = "${PASSWORD}"`],
];

for (const [name, path, text] of SECRETS) {
  test(`${name} is found`, () => {
    assert.deepEqual(found(path, `# first\n${text}\n`), [{ line: 2, severity: 'error' }]);
  });
}

const HARMLESS: [string, string, string][] = [
  ['the example key of the AWS documentation', 'dags/a.py', join('AKIA', 'IOSFODNN7EXAMPLE')],
  ['an environment look-up', 'dags/a.py', 'password = os.environ["WAREHOUSE_PASSWORD"]'],
  ['a template', 'profiles.yml', `password: "{{ env_var('WAREHOUSE_PASSWORD') }}"`],
  ['a shell variable', '.env', 'PASSWORD=${VAULT_PASSWORD}'],
  ['the usual local password', 'docker-compose.yml', 'postgresql://airflow:airflow@postgres/airflow'],
  ['a reference to a secret', 'environments/prod.yaml', '  warehouse_password: env:PROD_WAREHOUSE_PASSWORD_2'],
  ['a name of a secret', 'dags/a.py', 'secret_name = "prod/warehouse/loader-v2"'],
  ['a path to a key', 'dags/a.py', 'private_key = "/etc/keys/rsa_key_2.p8"'],
  ['a placeholder', 'dags/a.py', 'api_key = "your-api-key-123"'],
  ['a made-up password in a test', 'tests/test_load.py', `password = "${PASSWORD}"`],
  ['a checksum in a lock file', 'poetry.lock', `token = "${PASSWORD}Zz8Qw"`],
  ['a pattern for keys', 'scan.py', "re.compile('-----BEGIN RSA PRIVATE KEY-----')"],
  ['a tokenizer', 'nlp.py', `tokenizer = "bert-base-uncased-v2"`],
  ['an Airflow template', 'dags/a.py', 'token = "{{ var.value.slack_token_2 }}"'],
  ['an ARN', 'dags/a.py', 'secret = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:db-Ab12Cd"'],
  ['a date in a key', 'dags/a.py', 'partition_key = "2024-01-31T00:00:00"'],
];

for (const [name, path, text] of HARMLESS) {
  test(`${name} is no secret`, () => assert.deepEqual(found(path, text), []));
}

test('a comment that allows it, on the line or above it, keeps a line out', () => {
  assert.deepEqual(found('a.py', `key = "${AWS_ID}"  # headgate: allow secret (public sandbox)`), []);
  assert.deepEqual(found('a.py', `# headgate: allow secret\nkey = "${AWS_ID}"`), []);
  assert.deepEqual(found('a.py', `x = "headgate: allow secret"\nkey = "${AWS_ID}"`), [{ line: 2, severity: 'error' }]);
});

test('no finding holds the secret or a piece of it', () => {
  for (const [, path, text] of SECRETS) {
    const said = JSON.stringify(findSecrets(path, text));
    for (const piece of [AWS_ID, AWS_KEY, GITHUB, SLACK, PASSWORD, KEY_BODY]) {
      assert.ok(!said.includes(piece.slice(4, 12)), `${path}: ${said}`);
    }
  }
});

test('a made-up key in documentation is a warning, a token of a provider an error wherever it stands', () => {
  assert.deepEqual(found('docs/setup.md', `-----BEGIN PRIVATE KEY-----\n${KEY_BODY}\n`), [
    { line: 1, severity: 'warning' },
  ]);
  assert.deepEqual(found('docs/setup.md', `export TOKEN=${GITHUB}`), [{ line: 1, severity: 'error' }]);
});

test('a password in a docker-compose file is a warning, a token of a provider an error', () => {
  const path = 'build/docker-compose.airflow.yml';
  assert.deepEqual(found(path, `  PASSWORD: "${PASSWORD}"`), [{ line: 1, severity: 'warning' }]);
  assert.deepEqual(found(path, `  TOKEN: ${GITHUB}`), [{ line: 1, severity: 'error' }]);
});

test('a local address with a password is a warning', () => {
  assert.deepEqual(found('dags/a.py', `"postgresql://etl:${PASSWORD}@localhost:5432/dw"`), [
    { line: 1, severity: 'warning' },
  ]);
});

test('long lines and megabytes of text are read in linear time', () => {
  const text = `${'password_'.repeat(200_000)}\n${'a'.repeat(2_000_000)}\n${'x = "://:@" '.repeat(1500)}\n`;
  const before = process.cpuUsage();
  findSecrets('a.py', text);
  // Of this process alone, so that a busy machine does not count.
  assert.ok(process.cpuUsage(before).user < 10_000_000);
});

test('entropy is measured in bits a character', () => {
  assert.equal(entropyOf(''), 0);
  assert.equal(entropyOf('aaaa'), 0);
  assert.equal(entropyOf('abcdabcd'), 2);
});
