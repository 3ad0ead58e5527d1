import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { fail } from '../base/errors.ts';
import type { TokenQueries, TokenRow } from '../store/queries/tokens.ts';
import type { AuditEntry } from '../workflows/ports.ts';
import { type Role, roles } from './contract.ts';

/** Who asks. `environments` null: every environment. */
export type Identity = {
  person: string;
  token: string;
  roles: Role[];
  environments: string[] | null;
  expires: Date | null;
};

/** What a new token is for. */
export type TokenOrder = {
  person: string;
  label: string;
  roles: Role[];
  environments: string[] | null;
  expires: Date | null;
  by: string;
  at: Date;
};

const shape = /^hgt_([0-9a-f]{12})_([A-Za-z0-9_-]{43})$/;

/** A new token: the secret to show once, the row to keep, and what the audit says of it. */
export function mintToken(order: TokenOrder): {
  secret: string;
  row: Parameters<TokenQueries['add']>[0];
  audit: AuditEntry;
} {
  const { person, label, roles: granted, environments, expires, by, at } = order;
  const id = randomBytes(6).toString('hex');
  const secret = `hgt_${id}_${randomBytes(32).toString('base64url')}`;
  return {
    secret,
    row: {
      id,
      person,
      label,
      hash: hashOf(secret),
      roles: granted,
      environments,
      created_by: by,
      created_at: at,
      expires_at: expires,
    },
    audit: {
      at,
      actor: by,
      action: 'token.created',
      subject: `token/${id}`,
      detail: { person, label, roles: granted, environments, expires: expires?.toISOString() ?? null },
    },
  };
}

/**
 * Who the token belongs to. The secret has 256 bits of chance, so a plain hash of it cannot be turned back.
 * @throws unauthenticated
 */
export async function identify(secret: string | null, tokens: TokenQueries, now: Date): Promise<Identity> {
  if (secret === null) throw fail('unauthenticated', { because: 'the request carries no token' });
  const id = shape.exec(secret)?.[1];
  const row = id === undefined ? null : await tokens.find(id);
  const known = row?.hash ?? hashOf('');
  if (!timingSafeEqual(hashOf(secret), known) || row === null) {
    throw fail('unauthenticated', { because: 'the token is not known' });
  }
  if (row.revoked_at !== null) throw fail('unauthenticated', { because: 'the token was revoked' });
  if (row.expires_at !== null && row.expires_at <= now) {
    throw fail('unauthenticated', { because: `the token ran out on ${row.expires_at.toISOString()}` });
  }
  if (row.last_used_at === null || now.getTime() - row.last_used_at.getTime() > 60_000)
    await tokens.markUsed(row.id, now);
  return identityOf(row);
}

function identityOf(row: TokenRow): Identity {
  return {
    person: row.person,
    token: row.id,
    roles: roles.filter((role) => row.roles.includes(role)),
    environments: row.environments,
    expires: row.expires_at,
  };
}

function hashOf(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}

/** The token in an `Authorization: Bearer` header, else null. */
export function bearerOf(header: string | undefined): string | null {
  return /^Bearer ([\x21-\x7e]{1,200})$/.exec(header ?? '')?.[1] ?? null;
}
