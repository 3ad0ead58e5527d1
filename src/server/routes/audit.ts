import { z } from '@hono/zod-openapi';
import { fail } from '../../base/errors.ts';
import { publicPem } from '../../base/signing.ts';
import { inclusionPath } from '../../delivery/audit/merkle.ts';
import { listEntries, readLeaves, readTexts } from '../../store/queries/audit.ts';
import { readHeads, signLog } from '../../store/queries/heads.ts';
import { AuditEntryShape, AuditKeys, AuditTexts, InclusionProof, SignedHeadShape } from '../contract.ts';
import { type Route, route } from '../route.ts';

const readers = { roles: ['auditor', 'operator'], reach: 'plane' } as const;

/** The audit log: read, exported, and proven. */
export const auditRoutes: readonly Route[] = [
  route({
    method: 'get',
    path: '/audit/entries',
    summary: 'What happened, newest first',
    policy: readers,
    params: null,
    query: z.object({
      before: z.coerce.number().int().optional(),
      subject: z.string().optional(),
      limit: z.coerce.number().int().min(1).max(1000).default(100),
    }),
    body: null,
    answer: z.object({ entries: z.array(AuditEntryShape) }),
    async handle({ plane, query: { before = null, subject = null, limit } }) {
      const entries = await listEntries(plane.database.db, { before, subject, limit });
      return {
        entries: entries.map(({ seq, at, actor, action, subject: of, detail }) => ({
          seq,
          at,
          actor,
          action,
          subject: of,
          detail,
        })),
      };
    },
  }),
  route({
    method: 'get',
    path: '/audit/texts',
    summary: 'The entries exactly as they are hashed, oldest first',
    policy: readers,
    params: null,
    query: z.object({
      from: z.coerce.number().int().min(0).default(0),
      limit: z.coerce.number().int().min(1).max(5000).default(1000),
    }),
    body: null,
    answer: AuditTexts,
    async handle({ plane, query: { from, limit } }) {
      return { from, texts: await readTexts(plane.database.db, { from, limit }) };
    },
  }),
  route({
    method: 'post',
    path: '/audit/heads',
    summary: 'Sign the log as it stands',
    policy: readers,
    params: null,
    query: null,
    body: null,
    answer: SignedHeadShape,
    async handle({ plane }) {
      return signLog(plane.database.db, plane.key, plane.clock.now());
    },
  }),
  route({
    method: 'get',
    path: '/audit/heads',
    summary: 'Every head that was signed, oldest first',
    policy: readers,
    params: null,
    query: null,
    body: null,
    answer: z.object({ heads: z.array(SignedHeadShape) }),
    async handle({ plane }) {
      return { heads: await readHeads(plane.database.db) };
    },
  }),
  route({
    method: 'get',
    path: '/audit/keys',
    summary: 'Public keys that heads and approvals are signed with',
    policy: readers,
    params: null,
    query: null,
    body: null,
    answer: AuditKeys,
    async handle({ plane }) {
      const keys = await plane.keys.planeKeys();
      return { keys: keys.map((key) => ({ keyId: key.keyId, publicPem: publicPem(key) })) };
    },
  }),
  route({
    method: 'get',
    path: '/audit/proofs/{index}',
    summary: 'Proof that one entry is in the log that the newest head was signed over',
    policy: readers,
    params: z.object({ index: z.coerce.number().int().min(0) }),
    query: null,
    body: null,
    answer: InclusionProof,
    async handle({ plane, params: { index } }) {
      const head = await signLog(plane.database.db, plane.key, plane.clock.now());
      const [entry] = await readTexts(plane.database.db, { from: index, limit: 1 });
      if (entry === undefined || index >= head.size) throw fail('audit-entry-unknown', { entry: index });
      const path = inclusionPath(await readLeaves(plane.database.db, head.size), index);
      return { entry, index, path: path.map((hash) => hash.toString('hex')), head };
    },
  }),
];
