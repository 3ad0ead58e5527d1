import { z } from '@hono/zod-openapi';
import { fail } from '../../base/errors.ts';
import { parseDigest } from '../../model/identifiers.ts';
import type { BundleRow } from '../../store/queries/bundles.ts';
import { receiveBundle } from '../../workflows/bundle/receive-bundle.ts';
import { BundleShape, roles } from '../contract.ts';
import { type Route, rawRoute, route } from '../route.ts';

const uploaders = { roles: ['author', 'operator'], reach: 'all' } as const;
const byDigest = z.object({ digest: z.string().regex(/^sha256:[0-9a-f]{64}$/) });
const documentLimit = 64 * 1024 * 1024;

/**
 * Bundles come blob by blob: what the control plane has already is not sent again. Then the manifest, which is accepted
 * only when all it names is there and whole.
 */
export const bundleRoutes: readonly Route[] = [
  route({
    method: 'get',
    path: '/bundles',
    summary: 'Uploaded bundles, newest first',
    policy: { roles, reach: 'all' },
    params: null,
    query: z.object({ limit: z.coerce.number().int().min(1).max(500).default(50) }),
    body: null,
    answer: z.object({ bundles: z.array(BundleShape) }),
    async handle({ plane, query }) {
      return { bundles: (await plane.uploads.list(query.limit)).map(bundleView) };
    },
  }),
  route({
    method: 'get',
    path: '/bundles/{digest}',
    summary: 'One bundle, by its digest or the first digits of it',
    policy: { roles, reach: 'all' },
    params: z.object({ digest: z.string().regex(/^(sha256:)?[0-9a-f]{6,64}$/) }),
    query: null,
    body: null,
    answer: BundleShape,
    async handle({ plane, params: { digest } }) {
      const found = await plane.uploads.find(digest.startsWith('sha256:') ? digest : `sha256:${digest}`);
      if (found === null) throw fail('bundle-unknown', { bundle: digest });
      return bundleView(found);
    },
  }),
  route({
    method: 'post',
    path: '/blobs/missing',
    summary: 'Which of these blobs are still to be sent',
    policy: uploaders,
    params: null,
    query: null,
    body: z.object({ digests: z.array(byDigest.shape.digest).max(10_000) }),
    answer: z.object({ missing: z.array(z.string()) }),
    async handle({ plane, body: { digests } }) {
      const missing = [];
      for (const digest of digests) if (!(await plane.bundleStore.hasBlob(digest))) missing.push(digest);
      return { missing };
    },
  }),
  rawRoute({
    method: 'put',
    path: '/blobs/{digest}',
    summary: 'Send one blob; bytes of another digest are refused and not kept',
    policy: uploaders,
    params: byDigest,
    query: null,
    async handle({ plane, params: { digest } }, request) {
      if (request.body === null) throw fail('request-invalid', { problem: 'the blob has no bytes' });
      const { written } = await plane.bundleStore.putBlob(request.body, digest);
      return Response.json({ digest, written });
    },
  }),
  rawRoute({
    method: 'put',
    path: '/bundles/{digest}',
    summary: 'Send the manifest of a bundle whose blobs were sent before',
    policy: uploaders,
    params: byDigest,
    query: null,
    async handle({ plane, who, params }, request) {
      const digest = parseDigest(params.digest);
      if (digest === null) throw fail('request-invalid', { problem: 'digest' });
      const manifest = await bytesOf(request, documentLimit);
      const received = await receiveBundle({ digest, manifest }, plane.bundleStore);
      const at = plane.clock.now();
      const row = { digest, ...received, uploaded_by: who.person, uploaded_at: at };
      const detail = { project: received.project, bytes: received.bytes };
      await plane.uploads.add(row, { at, actor: who.person, action: 'bundle.uploaded', subject: digest, detail });
      return Response.json(bundleView((await plane.uploads.find(digest)) ?? row));
    },
  }),
  rawRoute({
    method: 'post',
    path: '/bundles/{digest}/attachments',
    summary: 'Send a document beside a bundle: findings, provenance, SBOM',
    policy: uploaders,
    params: byDigest,
    query: z.object({ type: z.string().regex(/^application\/[a-z0-9.+-]{1,120}$/) }),
    async handle({ plane, params: { digest }, query }, request) {
      if ((await plane.uploads.find(digest)) === null) throw fail('bundle-unknown', { bundle: digest });
      const bytes = await bytesOf(request, documentLimit);
      return Response.json({ manifest: await plane.bundleStore.attach(digest, query.type, bytes) });
    },
  }),
];

async function bytesOf(request: Request, limit: number): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of request.body ?? []) {
    size += chunk.length;
    if (size > limit) throw fail('request-too-large', { limit });
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function bundleView({ digest, project, bytes, uploaded_by, uploaded_at }: BundleRow): BundleShape {
  return { digest, project, bytes, uploadedBy: uploaded_by, uploaded: uploaded_at.toISOString() };
}
