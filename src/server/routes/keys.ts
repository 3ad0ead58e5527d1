import { z } from '@hono/zod-openapi';
import { fail } from '../../base/errors.ts';
import { publicPem, trustedKey } from '../../base/signing.ts';
import { roles, TrustedKeyShape, TrustedKeyWish } from '../contract.ts';
import { type Route, route } from '../route.ts';

/** Keys whose findings count at the gates. */
export const keyRoutes: readonly Route[] = [
  route({
    method: 'get',
    path: '/keys',
    summary: 'Keys whose findings and provenance count',
    policy: { roles, reach: 'all' },
    params: null,
    query: null,
    body: null,
    answer: z.object({ keys: z.array(TrustedKeyShape) }),
    async handle({ plane }) {
      const keys = await plane.keys.trusted();
      return { keys: keys.map(({ addedAt, ...key }) => ({ ...key, added: addedAt.toISOString() })) };
    },
  }),
  route({
    method: 'post',
    path: '/keys',
    summary: 'Let findings signed by this key count from now on',
    policy: { roles: ['operator'], reach: 'plane' },
    params: null,
    query: null,
    body: TrustedKeyWish,
    answer: z.object({ keyId: z.string() }),
    async handle({ plane, who, body: { name, publicPem: pem } }) {
      const key = readKey(pem);
      const at = plane.clock.now();
      const { keyId } = key;
      await plane.keys.trust(
        { keyId, name, publicPem: publicPem(key), addedBy: who.person, addedAt: at },
        { at, actor: who.person, action: 'key.trusted', subject: `key/${keyId}`, detail: { name } },
      );
      return { keyId };
    },
  }),
  route({
    method: 'delete',
    path: '/keys/{id}',
    summary: 'No longer let findings signed by this key count for new releases',
    policy: { roles: ['operator'], reach: 'plane' },
    params: z.object({ id: z.string().max(100) }),
    query: null,
    body: null,
    answer: z.object({ revoked: z.string() }),
    async handle({ plane, who, params: { id } }) {
      const at = plane.clock.now();
      const audit = { at, actor: who.person, action: 'key.revoked', subject: `key/${id}`, detail: {} };
      if (!(await plane.keys.revoke(id, at, audit))) throw fail('key-unknown', { key: id });
      return { revoked: id };
    },
  }),
];

function readKey(pem: string) {
  try {
    if (pem.includes('PRIVATE')) throw new Error('it is a private key; keep that to yourself');
    return trustedKey(pem);
  } catch (error) {
    const because = error instanceof Error ? error.message : 'it cannot be read';
    throw fail('request-invalid', { problem: `publicPem: not an ed25519 public key in PEM (${because})` }, error);
  }
}
