import { Readable } from 'node:stream';
import { z } from 'zod';
import { type BundleStore, parseManifest } from '../base/bundle-store.ts';
import { type Endpoint, send, sendJson } from '../base/http.ts';
import type { Printer } from './print.ts';

/**
 * Brings a bundle and what is attached to it to the control plane. Blobs that are there already are not sent again.
 * Gives the number of bytes sent.
 */
export async function uploadBundle(
  { digest, store, endpoint }: { digest: string; store: BundleStore; endpoint: Endpoint },
  print: Printer,
): Promise<number> {
  const bytes = await store.readBlob(digest);
  const manifest = parseManifest(bytes, digest);
  const blobs = new Map([manifest.config, ...manifest.layers].map((blob) => [blob.digest, blob.size]));
  const answer = await sendJson(endpoint, {
    method: 'POST',
    path: '/blobs/missing',
    body: { digests: [...blobs.keys()] },
  });
  const { missing } = z.object({ missing: z.array(z.string()) }).parse(answer);
  let sent = 0;
  for (const [place, blob] of missing.entries()) {
    print.progress(`sending blob ${place + 1} of ${missing.length} (${blobs.get(blob) ?? 0} bytes)`);
    const body = Readable.toWeb(Readable.from(await store.streamBlob(blob)));
    await send(endpoint, { method: 'PUT', path: `/blobs/${blob}`, body });
    sent += blobs.get(blob) ?? 0;
  }
  await send(endpoint, { method: 'PUT', path: `/bundles/${digest}`, body: bytes });
  for (const { artifactType, bytes: document } of await store.attachments(digest, null)) {
    const path = `/bundles/${digest}/attachments?${new URLSearchParams({ type: artifactType })}`;
    await send(endpoint, { method: 'POST', path, body: document });
  }
  return sent;
}
