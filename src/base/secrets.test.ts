import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import fc from 'fast-check';
import { isFailure } from './errors.ts';
import { learnSecret, redact, redactedStream } from './redact.ts';
import { parseSecretReference } from './secret-reference.ts';
import { resolveSecret } from './secrets.ts';

const folder = await mkdtemp(join(tmpdir(), 'headgate-secrets-'));
after(() => rm(folder, { recursive: true, force: true }));

test('an environment variable is read by name', async () => {
  process.env.HEADGATE_TEST_SECRET = 's3cret-of-test';
  assert.equal(await resolveSecret('env:HEADGATE_TEST_SECRET'), 's3cret-of-test');
  assert.equal(redact('login with s3cret-of-test failed'), 'login with [secret] failed');
});

test('a file gives its text without the last line end', async () => {
  const path = join(folder, 'password');
  await writeFile(path, 'from a file\n');
  assert.equal(await resolveSecret(`file:${path}`), 'from a file');
});

test('what is missing, empty, a folder or too large says so and never shows a value', async () => {
  await writeFile(join(folder, 'empty'), '\n');
  await writeFile(join(folder, 'large'), 'x'.repeat(70_000));
  const because = async (reference: string) => resolveSecret(reference).catch((error: Error) => error.message);
  assert.equal(
    await because('env:HEADGATE_NOT_SET'),
    'The secret at env:HEADGATE_NOT_SET could not be read: the environment variable HEADGATE_NOT_SET is not set.',
  );
  assert.match(await because(`file:${folder}/empty`), /: it is empty\.$/);
  assert.match(await because(`file:${folder}/none`), /: there is no such file\.$/);
  assert.match(await because(`file:${folder}`), /: it is a folder\.$/);
  assert.match(await because(`file:${folder}/large`), /more than 65536\.$/);
  assert.match(await because('aws-sm:prod/warehouse'), /no provider knows "aws-sm:"/);
});

test('a secret pasted where a reference belongs is not repeated', async () => {
  await assert.rejects(resolveSecret('hunter2-hunter2'), (error: unknown) => {
    assert.ok(isFailure(error, 'secret-reference-invalid'));
    assert.ok(!error.message.includes('hunter2-'));
    return true;
  });
});

test('a further provider is asked for its own scheme', async () => {
  const provider = { scheme: 'aws-sm', read: async (place: string) => `value of ${place}` };
  assert.equal(await resolveSecret('aws-sm:prod/db', [provider]), 'value of prod/db');
});

test('references are read by shape', () => {
  assert.deepEqual(parseSecretReference('env:A_B'), { scheme: 'env', place: 'A_B' });
  assert.deepEqual(parseSecretReference('file:/run/x'), { scheme: 'file', place: '/run/x' });
  assert.equal(parseSecretReference('file:relative'), null);
  assert.equal(parseSecretReference('env:not a name'), null);
  assert.equal(parseSecretReference('constructor'), null);
});

test('no learned value is left in any text, plain, in JSON, in a URL or in base64', () => {
  const secret = fc.string({ minLength: 4, maxLength: 30 }).filter((value) => !'[secret]'.includes(value));
  fc.assert(
    fc.property(secret, fc.string(), (value, around) => {
      learnSecret(value);
      const forms = [value, encodeURIComponent(value.toWellFormed()), Buffer.from(value).toString('base64')];
      for (const form of forms) assert.ok(!redact(around + form + around).includes(form));
    }),
    { numRuns: 50, seed: 7 },
  );
});

test('a short value is left alone, as it would blot out ordinary words', () => {
  learnSecret('cat');
  assert.equal(redact('a cat sat'), 'a cat sat');
});

test('a secret is blotted out of a stream however it is cut into pieces, and nothing else is lost', () => {
  const secret = 'abcab-streamed-secret';
  learnSecret(secret);
  const words = fc.constantFrom(secret, secret.slice(0, 5), secret.slice(4), 'abc', ' plain ', '\n');
  fc.assert(
    fc.property(fc.array(words), fc.array(fc.nat(9), { minLength: 1 }), (parts, sizes) => {
      const text = parts.join('');
      const written: string[] = [];
      const stream = redactedStream((piece) => written.push(piece));
      for (let at = 0, turn = 0; at < text.length; turn += 1) {
        const size = 1 + (sizes[turn % sizes.length] ?? 0);
        stream.take(text.slice(at, at + size));
        at += size;
      }
      stream.end();
      assert.ok(!written.join('').includes(secret));
      assert.equal(written.join('').replaceAll('[secret]', secret), text);
    }),
  );
});
