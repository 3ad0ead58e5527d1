import { type BundleStore, parseManifest } from '../../base/bundle-store.ts';
import { fail, isFailure } from '../../base/errors.ts';
import type { OciManifest } from '../../base/oci.ts';
import type { TarLimits } from '../../base/tar/read-tar.ts';
import { unpackTar } from '../../base/tar/unpack-tar.ts';
import { disagreement } from '../../delivery/bundle/bundle-manifest.ts';
import { bestReading, parseReading, withReading } from '../../delivery/bundle/bundle-reading.ts';
import { parseContent } from '../../delivery/bundle/content-schema.ts';
import { BUNDLE_TYPE, READING_TYPE } from '../../delivery/bundle/media-types.ts';
import type { BundleContent } from '../../model/bundle.ts';
import type { Digest } from '../../model/identifiers.ts';
import type { BundleReader } from '../../targets/contract.ts';

/** What a part's archive may hold at most; a bundle is code, not data. */
export const archiveLimits: TarLimits = { files: 200_000, bytes: 8 * 1024 ** 3 };

/** Reads bundles of a store. Every byte that it gives was checked against its digest. */
export function bundleReader(store: BundleStore): BundleReader {
  const contents = new Map<string, Promise<BundleContent>>();
  const content = async (bundle: Digest) => {
    // A reading may be attached later, so what is remembered is the content with exactly these readings.
    const state = [bundle, ...(await store.attached(bundle, READING_TYPE))].join(' ');
    const known = contents.get(state) ?? readWithReading(store, bundle);
    contents.set(state, known);
    known.catch(() => contents.delete(state));
    return known;
  };
  return {
    content,
    async part(bundle, part) {
      const found = (await content(bundle)).parts.find((candidate) => candidate.part === part);
      if (found === undefined) throw fail('bundle-part-missing', { bundle, part });
      return found;
    },
    async unpack(blob, folder) {
      await unpackTar({ digest: blob, open: () => store.streamBlob(blob) }, folder, archiveLimits);
    },
  };
}

/** The manifest and content of a bundle as its digest says, without anything attached. Throws `bundle-not-found`, `bundle-damaged`, `bundle-too-new`. */
export async function readIdentity(
  store: BundleStore,
  bundle: Digest,
): Promise<{ manifest: OciManifest; content: BundleContent }> {
  const bytes = await store.readBlob(bundle).catch((error: unknown) => {
    if (isFailure(error, 'blob-missing'))
      throw fail('bundle-not-found', { digest: bundle, folder: store.folder }, error);
    throw error;
  });
  const manifest = parseManifest(bytes, bundle);
  requireKnownType(manifest, bundle);
  const content = parseContent((await store.readBlob(manifest.config.digest)).toString('utf8'), bundle);
  const because = disagreement(manifest, content);
  if (because !== null) throw fail('bundle-damaged', { digest: bundle, because });
  return { manifest, content };
}

async function readWithReading(store: BundleStore, bundle: Digest): Promise<BundleContent> {
  const { content } = await readIdentity(store, bundle);
  const attached = await store.attachments(bundle, READING_TYPE);
  const reading = bestReading(attached.map(({ bytes }) => parseReading(bytes.toString('utf8'), bundle)));
  return reading === null ? content : withReading(content, reading);
}

function requireKnownType(manifest: OciManifest, bundle: Digest): void {
  if (manifest.artifactType === BUNDLE_TYPE) return;
  const version = /^application\/vnd\.headgate\.bundle\.v(\d+)$/.exec(manifest.artifactType ?? '')?.[1];
  if (version !== undefined) throw fail('bundle-too-new', { found: version, known: '1' });
  throw fail('bundle-damaged', { digest: bundle, because: 'it is no bundle of Headgate' });
}
