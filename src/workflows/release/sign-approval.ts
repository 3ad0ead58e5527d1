import { type SigningKey, signBytes, type TrustedKey, verifyBytes } from '../../base/signing.ts';
import type { Approval } from '../../delivery/gates/verdict.ts';
import { canonicalJson } from '../../model/json.ts';

/** Signs a person's word with the control plane's key. */
export function signApproval(approval: Omit<Approval, 'signature'>, key: SigningKey): Approval {
  return { ...approval, signature: signBytes(textOf(approval), key) };
}

/** True when the control plane's key signed exactly this. A row that somebody put into the database is not. */
export function isGenuine({ signature, ...approval }: Approval, key: TrustedKey): boolean {
  return verifyBytes(textOf(approval), signature, key);
}

function textOf({ at, expires, ...rest }: Omit<Approval, 'signature'>): string {
  return canonicalJson({ ...rest, at: at.toISOString(), expires: expires.toISOString() });
}
