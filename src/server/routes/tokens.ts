import { z } from '@hono/zod-openapi';
import { fail } from '../../base/errors.ts';
import type { TokenRow } from '../../store/queries/tokens.ts';
import { NewToken, roles, Token, TokenWish } from '../contract.ts';
import { mintToken } from '../identity.ts';
import { type Route, route } from '../route.ts';

const operators = { roles: ['operator'], reach: 'plane' } as const;

/** Tokens: made, listed and revoked by operators. */
export const tokenRoutes: readonly Route[] = [
  route({
    method: 'post',
    path: '/tokens',
    summary: 'Make a token; its secret is in this answer and nowhere else',
    policy: operators,
    params: null,
    query: null,
    body: TokenWish,
    answer: NewToken,
    async handle({ plane, who, body }) {
      const at = plane.clock.now();
      const expires = body.days === null ? null : new Date(at.getTime() + body.days * 86_400_000);
      const minted = mintToken({ ...body, expires, by: who.person, at });
      await plane.tokens.add(minted.row, minted.audit);
      return { token: tokenView({ ...minted.row, revoked_at: null, last_used_at: null }), secret: minted.secret };
    },
  }),
  route({
    method: 'get',
    path: '/tokens',
    summary: 'List tokens, without their secrets',
    policy: operators,
    params: null,
    query: null,
    body: null,
    answer: z.object({ tokens: z.array(Token) }),
    async handle({ plane }) {
      return { tokens: (await plane.tokens.list()).map(tokenView) };
    },
  }),
  route({
    method: 'delete',
    path: '/tokens/{id}',
    summary: 'Revoke a token at once',
    policy: operators,
    params: z.object({ id: z.string().max(64) }),
    query: null,
    body: null,
    answer: z.object({ revoked: z.string() }),
    async handle({ plane, who, params: { id } }) {
      const at = plane.clock.now();
      const audit = { at, actor: who.person, action: 'token.revoked', subject: `token/${id}`, detail: {} };
      if (!(await plane.tokens.revoke(id, at, audit))) throw fail('token-unknown', { token: id });
      return { revoked: id };
    },
  }),
];

function tokenView(row: TokenRow): Token {
  return {
    id: row.id,
    person: row.person,
    label: row.label,
    roles: roles.filter((role) => row.roles.includes(role)),
    environments: row.environments,
    createdBy: row.created_by,
    created: row.created_at.toISOString(),
    expires: row.expires_at?.toISOString() ?? null,
    revoked: row.revoked_at?.toISOString() ?? null,
    lastUsed: row.last_used_at?.toISOString() ?? null,
  };
}
