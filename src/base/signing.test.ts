import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  createSigningKey,
  parseSigningKey,
  preAuthEncoding,
  privatePem,
  publicPem,
  signBytes,
  signDsse,
  trustedKey,
  verifyBytes,
  verifyDsse,
} from './signing.ts';

const key = createSigningKey();
const payloadType = 'application/vnd.in-toto+json';

test('the encoding that is signed is the one of the DSSE specification', () => {
  assert.equal(
    preAuthEncoding('http://example.com/HelloWorld', Buffer.from('hello world')).toString(),
    'DSSEv1 29 http://example.com/HelloWorld 11 hello world',
  );
  assert.equal(preAuthEncoding('ä', Buffer.from('ö')).toString(), 'DSSEv1 2 ä 2 ö');
});

test('what was signed is verified, and the payload comes from the verdict', () => {
  const envelope = signDsse({ payloadType, payload: Buffer.from('{"a":1}'), key });
  const verdict = verifyDsse(envelope, [createSigningKey(), key]);
  assert.deepEqual(verdict, { valid: true, keyId: key.keyId, payloadType, payload: Buffer.from('{"a":1}') });
});

test('signing the same again gives the same envelope', () => {
  const sign = () => signDsse({ payloadType, payload: Buffer.from('x'), key });
  assert.deepEqual(sign(), sign());
});

test('any change of the payload, its type or the signature is refused', () => {
  const envelope = signDsse({ payloadType, payload: Buffer.from('an approval'), key });
  const sig = envelope.signatures[0]?.sig ?? '';
  fc.assert(
    fc.property(fc.nat(500), fc.integer({ min: 1, max: 255 }), (at, change) => {
      const changed = (text: string) => flip(Buffer.from(text, 'base64'), at, change).toString('base64');
      const forged = [
        { ...envelope, payload: changed(envelope.payload) },
        { ...envelope, payloadType: flip(Buffer.from(payloadType), at, change).toString('latin1') },
        { ...envelope, signatures: [{ keyid: key.keyId, sig: changed(sig) }] },
      ];
      return forged.every((one) => !verifyDsse(one, [key]).valid);
    }),
  );
});

test('a signature by nobody who is trusted, and what is no envelope, are told apart', () => {
  const envelope = signDsse({ payloadType, payload: Buffer.from('x'), key });
  assert.deepEqual(verifyDsse(envelope, [createSigningKey()]), { valid: false, because: 'untrusted' });
  assert.deepEqual(verifyDsse({ payload: 'x' }, [key]), { valid: false, because: 'malformed' });
  assert.deepEqual(verifyDsse({ ...envelope, payload: `${envelope.payload}\n` }, [key]), {
    valid: false,
    because: 'malformed',
  });
});

test('keys survive their PEM texts, and other kinds of keys are refused', () => {
  assert.equal(parseSigningKey(privatePem(key)).keyId, key.keyId);
  assert.equal(trustedKey(publicPem(key)).keyId, key.keyId);
  assert.throws(() => parseSigningKey('no key'));
});

test('plain bytes are signed and verified the same way', () => {
  const signature = signBytes('{"plan":"sha256:1"}', key);
  assert.equal(verifyBytes('{"plan":"sha256:1"}', signature, key), true);
  assert.equal(verifyBytes('{"plan":"sha256:2"}', signature, key), false);
});

function flip(bytes: Buffer, at: number, change: number): Buffer {
  const copy = Buffer.from(bytes);
  const index = at % copy.length;
  copy[index] = (copy[index] ?? 0) ^ change;
  return copy;
}
