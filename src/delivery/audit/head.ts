import { type SigningKey, signBytes, type TrustedKey, verifyBytes } from '../../base/signing.ts';
import { canonicalJson } from '../../model/json.ts';
import type { Hash } from './merkle.ts';

/** The state of the log `log` when it had `size` entries. `root` is 64 hex digits, `at` ISO 8601 in UTC. */
export type TreeHead = { log: string; size: number; root: string; at: string };

/** A head as the control plane gave it out. `signature` is ed25519 over the canonical JSON of the rest, base64. */
export type SignedHead = TreeHead & { keyId: string; signature: string };

export function signHead(head: Omit<TreeHead, 'root'> & { root: Hash }, key: SigningKey): SignedHead {
  const plain = { log: head.log, size: head.size, root: head.root.toString('hex'), at: head.at };
  return { ...plain, keyId: key.keyId, signature: signBytes(headText({ ...plain, keyId: key.keyId }), key) };
}

/** True when one of the keys signed the head. */
export function isSigned(head: SignedHead, keys: readonly TrustedKey[]): boolean {
  const key = keys.find(({ keyId }) => keyId === head.keyId);
  return key !== undefined && verifyBytes(headText(head), head.signature, key);
}

/** The text that the signature of a head is over. */
export function headText({ log, size, root, at, keyId }: Omit<SignedHead, 'signature'>): string {
  return canonicalJson({ headgate: 'audit-head/1', log, size, root, at, keyId });
}
