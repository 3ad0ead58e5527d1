import { Readable } from 'node:stream';
import type { BundleStore } from '../../base/bundle-store.ts';
import { readTar } from '../../base/tar/read-tar.ts';
import { PART_ANNOTATION, PROJECT_LAYER } from '../../delivery/bundle/media-types.ts';
import { readLock } from '../../delivery/checks/lock/lock-text.ts';
import type { Digest } from '../../model/identifiers.ts';
import { lockFileName, type RuntimeLock } from '../../model/runtime-lock.ts';
import { archiveLimits, readIdentity } from './read-bundle.ts';

/** The runtime lock in a bundle; null when it has none, or one that this Headgate cannot read. Throws what reading a bundle throws. */
export async function lockInBundle(store: BundleStore, bundle: Digest): Promise<RuntimeLock | null> {
  const { manifest, content } = await readIdentity(store, bundle);
  const layer = manifest.layers.find(({ annotations }) => annotations?.[PART_ANNOTATION] === PROJECT_LAYER);
  if (content.lock === null || layer === undefined) return null;
  const archive = Readable.from([await store.readBlob(layer.digest)]);
  let text = '';
  await readTar(archive, archiveLimits, async ({ path }, body) => {
    const chunks: Uint8Array[] = [];
    for await (const chunk of body) chunks.push(chunk);
    if (path === lockFileName) text = Buffer.concat(chunks).toString('utf8');
  });
  const reading = readLock(text);
  return reading.read === 'lock' ? reading.lock : null;
}
