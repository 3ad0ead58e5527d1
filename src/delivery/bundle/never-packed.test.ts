import assert from 'node:assert/strict';
import { test } from 'node:test';
import { holdsPrivateKey, neverPacked } from './never-packed.ts';

test('secrets, version control and what tools make are never packed', () => {
  const never = [
    '.env',
    'dags/.env.prod',
    '.git/config',
    'a/.git/hooks/x',
    '.headgate/keys/signing.pem',
    'a/__pycache__/b.pyc',
    'b.pyc',
    'keys/id_ed25519',
    '.ssh/known_hosts',
    'a/.aws/credentials',
    '.netrc',
    'lake/terraform.tfstate',
    'lake/terraform.tfstate.backup',
    'x.jks',
    'X.P12',
    '.venv/bin/python',
    'node_modules/a/index.js',
  ];
  assert.deepEqual(
    never.filter((path) => neverPacked(path) === null),
    [],
  );
});

test('code that only looks like them is packed', () => {
  const packed = [
    '.env.example',
    'env.py',
    'dags/env/a.py',
    'git/notes.sql',
    'id_rsa.py',
    'ssh/config.py',
    'certificates/ca.pem',
    '.gitignore',
    '.airflowignore',
    'models/keystore.sql',
    'terraform.tfstate.py',
  ];
  assert.deepEqual(
    packed.filter((path) => neverPacked(path) !== null),
    [],
  );
});

test('a private key is known by its text; public ones and code about keys are not', () => {
  const pem = (kind: string) => `-----BEGIN ${kind}-----\nMC4CAQAwBQYDK2VwBCIEIA==\n-----END ${kind}-----\n`;
  assert.deepEqual(
    ['PRIVATE KEY', 'RSA PRIVATE KEY', 'OPENSSH PRIVATE KEY', 'ENCRYPTED PRIVATE KEY'].map((kind) =>
      holdsPrivateKey(pem(kind)),
    ),
    [true, true, true, true],
  );
  assert.deepEqual(
    ['PUBLIC KEY', 'CERTIFICATE'].map((kind) => holdsPrivateKey(pem(kind))),
    [false, false],
  );
  assert.equal(holdsPrivateKey('if "-----BEGIN PRIVATE KEY-----" in text:'), false);
});
