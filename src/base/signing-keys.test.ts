import assert from 'node:assert/strict';
import { chmod, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { isFailure } from './errors.ts';
import { readSigningKey, readTrustedKey, signingKeyAt } from './signing-keys.ts';

let folder: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'headgate-keys-'));
});
after(() => rm(folder, { recursive: true, force: true }));

test('a missing key is made once, readable by its owner alone, however many ask', async () => {
  const file = join(folder, 'deep', 'signing.pem');
  const keys = await Promise.all(Array.from({ length: 8 }, () => signingKeyAt(file)));
  assert.equal(new Set(keys.map((key) => key.keyId)).size, 1);
  assert.equal((await stat(file)).mode & 0o777, 0o600);
  assert.equal((await readTrustedKey(`${file}.pub`)).keyId, keys[0]?.keyId);
});

test('a key that others may read is refused', async () => {
  const file = join(folder, 'open.pem');
  await signingKeyAt(file);
  await chmod(file, 0o644);
  await assert.rejects(
    () => readSigningKey(file),
    (error) => isFailure(error, 'signing-key-unusable'),
  );
});

test('a file that is no key is refused, a file that is not there is no key', async () => {
  const file = join(folder, 'text.pem');
  await writeFile(file, 'hello', { mode: 0o600 });
  await assert.rejects(
    () => readSigningKey(file),
    (error) => isFailure(error, 'signing-key-unusable'),
  );
  await assert.rejects(
    () => readTrustedKey(file),
    (error) => isFailure(error, 'signing-key-unusable'),
  );
  assert.equal(await readSigningKey(join(folder, 'nothing.pem')), null);
});
