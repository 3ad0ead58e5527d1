import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
  verify,
} from 'node:crypto';
import { z } from 'zod';

/** An ed25519 key pair. `keyId` is `sha256:` and the hex digest of the public key's DER (SPKI). */
export type SigningKey = { keyId: string; privateKey: KeyObject; publicKey: KeyObject };

/** A public key that is trusted, as `trustedKey` reads it. */
export type TrustedKey = { keyId: string; publicKey: KeyObject };

/** A signed payload as the DSSE specification (version 1.0) writes it; `payload` and `sig` are base64. */
export const DsseEnvelope = z.object({
  payloadType: z.string(),
  payload: z.string(),
  signatures: z.array(z.object({ keyid: z.string(), sig: z.string() })),
});
export type DsseEnvelope = z.infer<typeof DsseEnvelope>;

/** What `verifyDsse` says. `untrusted` means that no signature is by a key that was passed in. */
export type DsseVerdict =
  | { valid: true; keyId: string; payloadType: string; payload: Buffer }
  | { valid: false; because: 'untrusted' | 'wrong-signature' | 'malformed' };

/** A new key, in memory only; `signing-keys.ts` keeps them in files. */
export function createSigningKey(): SigningKey {
  return signingKeyOf(generateKeyPairSync('ed25519').privateKey);
}

/** The key in a PKCS#8 PEM text. Throws a plain error when it is not an ed25519 private key. */
export function parseSigningKey(pem: string): SigningKey {
  const privateKey = createPrivateKey(pem);
  if (privateKey.asymmetricKeyType !== 'ed25519') throw new Error('not an ed25519 private key');
  return signingKeyOf(privateKey);
}

/** A public key to trust, from SPKI PEM text (a private key's PEM gives its public half). Throws a plain error for other keys. */
export function trustedKey(pem: string): TrustedKey {
  const publicKey = createPublicKey(pem);
  if (publicKey.asymmetricKeyType !== 'ed25519') throw new Error('not an ed25519 public key');
  return { keyId: keyIdOf(publicKey), publicKey };
}

/** PKCS#8 PEM: secret. */
export function privatePem(key: SigningKey): string {
  return key.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
}

/** SPKI PEM: for those who verify. */
export function publicPem(key: TrustedKey): string {
  return key.publicKey.export({ type: 'spki', format: 'pem' }).toString();
}

/** Signs bytes with ed25519; base64. For records that have a shape of their own, such as approvals. */
export function signBytes(bytes: Uint8Array | string, key: SigningKey): string {
  return sign(null, Buffer.from(bytes), key.privateKey).toString('base64');
}

/** True when `signature` (base64) is of these bytes by this key. */
export function verifyBytes(bytes: Uint8Array | string, signature: string, key: TrustedKey): boolean {
  return verify(null, Buffer.from(bytes), key.publicKey, Buffer.from(signature, 'base64'));
}

/** Signs a payload; ed25519 has no randomness, so the same input gives the same envelope. */
export function signDsse(input: { payloadType: string; payload: Uint8Array; key: SigningKey }): DsseEnvelope {
  const { payloadType, key } = input;
  const payload = Buffer.from(input.payload);
  const sig = sign(null, preAuthEncoding(payloadType, payload), key.privateKey).toString('base64');
  return { payloadType, payload: payload.toString('base64'), signatures: [{ keyid: key.keyId, sig }] };
}

/** Whether one of the trusted keys signed the envelope. Its payload must be read from the verdict only. */
export function verifyDsse(envelope: unknown, trusted: readonly TrustedKey[]): DsseVerdict {
  const parsed = DsseEnvelope.safeParse(envelope);
  if (!parsed.success || !isBase64(parsed.data.payload)) return { valid: false, because: 'malformed' };
  const { payloadType, signatures } = parsed.data;
  const payload = Buffer.from(parsed.data.payload, 'base64');
  const signed = preAuthEncoding(payloadType, payload);
  let known = false;
  for (const { keyid, sig } of signatures) {
    const key = trusted.find((candidate) => candidate.keyId === keyid);
    if (key === undefined) continue;
    known = true;
    if (isBase64(sig) && verify(null, signed, key.publicKey, Buffer.from(sig, 'base64'))) {
      return { valid: true, keyId: keyid, payloadType, payload };
    }
  }
  return { valid: false, because: known ? 'wrong-signature' : 'untrusted' };
}

/** The bytes that DSSE signs: `DSSEv1 <length of type> <type> <length of payload> <payload>`, lengths in bytes. */
export function preAuthEncoding(payloadType: string, payload: Uint8Array): Buffer {
  const type = Buffer.from(payloadType, 'utf8');
  return Buffer.concat([
    Buffer.from(`DSSEv1 ${type.length} `, 'utf8'),
    type,
    Buffer.from(` ${payload.length} `, 'utf8'),
    payload,
  ]);
}

function signingKeyOf(privateKey: KeyObject): SigningKey {
  const publicKey = createPublicKey(privateKey);
  return { keyId: keyIdOf(publicKey), privateKey, publicKey };
}

function keyIdOf(publicKey: KeyObject): string {
  const der = publicKey.export({ type: 'spki', format: 'der' });
  return `sha256:${createHash('sha256').update(der).digest('hex')}`;
}

/** Only the canonical text: Buffer.from would skip over anything else, so that two texts gave the same bytes. */
function isBase64(text: string): boolean {
  return Buffer.from(text, 'base64').toString('base64') === text;
}
