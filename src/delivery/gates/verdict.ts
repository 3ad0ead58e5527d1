import type { Digest } from '../../model/identifiers.ts';

/** The answer of a gate. "No" and "not yet" are values. */
export type Verdict =
  | { outcome: 'allowed' }
  | { outcome: 'refused'; because: string; hint: string }
  | { outcome: 'waiting'; for: string };

/** One person's word over exactly this bundle, plan, environment and policy, until it expires. */
export type Approval = {
  release: string;
  bundle: Digest;
  plan: Digest;
  environment: string;
  policy: Digest;
  approver: string;
  roles: string[];
  decision: 'approve' | 'reject';
  comment: string;
  at: Date;
  expires: Date;
  /** Ed25519 over the canonical JSON of the rest, by the control plane's key, base64. */
  signature: string;
};
