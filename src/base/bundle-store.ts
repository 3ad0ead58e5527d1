import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type BlobFolder, type BlobState, type Bytes, blobFolder, isDiskTrouble, writeWhole } from './blob-folder.ts';
import { fail, messageOf } from './errors.ts';
import { withFileLock } from './file-lock.ts';
import { type Descriptor, EMPTY_BYTES, EMPTY_TYPE, INDEX_TYPE, MANIFEST_TYPE, OciIndex, OciManifest } from './oci.ts';

/** A document beside a bundle. `manifest` is the digest of the OCI manifest that ties it to the bundle. */
export type Attachment = { manifest: string; artifactType: string; blob: string; bytes: Buffer };

/**
 * Bundles in an OCI image layout (1.1): a folder with oci-layout, index.json and blobs/sha256. Digests are `sha256:<hex>`.
 * Any number of processes may write at once. Nothing is ever overwritten with other bytes.
 */
export type BundleStore = {
  readonly folder: string;
  hasBlob(digest: string): Promise<boolean>;
  /** Throws `blob-damaged` when the bytes are not of that digest, `bundle-store-unusable` when the disk refuses. */
  putBlob(bytes: Bytes, digest: string): Promise<{ written: boolean }>;
  /** Verified bytes. Throws `blob-missing`, `blob-damaged`. */
  readBlob(digest: string): Promise<Buffer>;
  /** Unverified stream, for bytes that are verified while they are read. Throws `blob-missing`. */
  streamBlob(digest: string): Promise<AsyncIterable<Uint8Array>>;
  inspectBlob(digest: string): Promise<BlobState | null>;
  blobs(): Promise<string[]>;
  /** Stores a manifest and names it in the index. Its blobs must be there before. Returns its digest. */
  putManifest(bytes: Buffer): Promise<string>;
  /** Digests of the manifests in the index that are no attachments, of one artifact type or (null) of all; oldest first. */
  digests(artifactType: string | null): Promise<string[]>;
  /** Ties a document to a bundle. The same bytes twice are one attachment. Returns the digest of its manifest. */
  attach(bundle: string, artifactType: string, bytes: Buffer): Promise<string>;
  /** Digests of the manifests of a bundle's attachments, without reading them. */
  attached(bundle: string, artifactType: string): Promise<string[]>;
  /** The attachments of a bundle, of one type or (null) of all, oldest first; verified. */
  attachments(bundle: string, artifactType: string | null): Promise<Attachment[]>;
};

/** Opens a store; the folder is made when something is first put into it. */
export function openBundleStore(folder: string): BundleStore {
  const blobs = blobFolder(join(folder, 'blobs'));
  const store: BundleStore = {
    folder,
    hasBlob: blobs.has,
    putBlob: blobs.put,
    readBlob: blobs.read,
    streamBlob: blobs.stream,
    inspectBlob: blobs.inspect,
    blobs: blobs.list,
    async putManifest(bytes) {
      const digest = sha256(bytes);
      await blobs.put(bytes, digest);
      await blobs.sweep();
      await addToIndex(folder, indexEntryOf(parseManifest(bytes, digest), { digest, size: bytes.length }));
      return digest;
    },
    async digests(artifactType) {
      const listed = (await readIndex(folder)).manifests.filter((entry) => entry.annotations?.[SUBJECT] === undefined);
      return listed
        .filter((entry) => artifactType === null || entry.artifactType === artifactType)
        .map((entry) => entry.digest);
    },
    attach: (bundle, artifactType, bytes) => attach({ folder, blobs, bundle, artifactType, bytes }),
    async attached(bundle, artifactType) {
      const entries = (await readIndex(folder)).manifests.filter((entry) => entry.annotations?.[SUBJECT] === bundle);
      return entries.filter((entry) => entry.artifactType === artifactType).map((entry) => entry.digest);
    },
    attachments: (bundle, artifactType) => attachmentsOf({ folder, blobs, bundle, artifactType }),
  };
  return store;
}

/** Names the bundle of an attachment in the index, so that listing need not read every manifest. The manifest's `subject` decides. */
const SUBJECT = 'org.headgate.subject';

async function attach(input: {
  folder: string;
  blobs: BlobFolder;
  bundle: string;
  artifactType: string;
  bytes: Buffer;
}): Promise<string> {
  const { folder, blobs, bundle, artifactType, bytes } = input;
  const blob = sha256(bytes);
  const subject = await blobs.read(bundle);
  await blobs.put(bytes, blob);
  await blobs.put(EMPTY_BYTES, sha256(EMPTY_BYTES));
  const manifest: OciManifest = {
    schemaVersion: 2,
    mediaType: MANIFEST_TYPE,
    artifactType,
    config: { mediaType: EMPTY_TYPE, digest: sha256(EMPTY_BYTES), size: EMPTY_BYTES.length },
    layers: [{ mediaType: artifactType, digest: blob, size: bytes.length }],
    subject: { mediaType: MANIFEST_TYPE, digest: bundle, size: subject.length },
  };
  const text = Buffer.from(JSON.stringify(manifest));
  const digest = sha256(text);
  await blobs.put(text, digest);
  await addToIndex(folder, indexEntryOf(manifest, { digest, size: text.length }));
  return digest;
}

async function attachmentsOf(input: {
  folder: string;
  blobs: BlobFolder;
  bundle: string;
  artifactType: string | null;
}): Promise<Attachment[]> {
  const { folder, blobs, bundle, artifactType } = input;
  const found: Attachment[] = [];
  for (const entry of (await readIndex(folder)).manifests) {
    if (entry.annotations?.[SUBJECT] !== bundle) continue;
    if (artifactType !== null && entry.artifactType !== artifactType) continue;
    const manifest = parseManifest(await blobs.read(entry.digest), entry.digest);
    const layer = manifest.layers[0];
    if (manifest.subject?.digest !== bundle || layer === undefined) {
      throw fail('bundle-damaged', {
        digest: entry.digest,
        because: 'the index says that it belongs to another bundle',
      });
    }
    const type = manifest.artifactType ?? layer.mediaType;
    found.push({
      manifest: entry.digest,
      artifactType: type,
      blob: layer.digest,
      bytes: await blobs.read(layer.digest),
    });
  }
  return found;
}

/** A manifest's bytes, parsed. Throws `bundle-damaged`. */
export function parseManifest(bytes: Buffer, digest: string): OciManifest {
  try {
    return OciManifest.parse(JSON.parse(bytes.toString('utf8')));
  } catch (error) {
    throw fail('bundle-damaged', { digest, because: 'its manifest is no OCI image manifest' }, error);
  }
}

/** The whole of oci-layout. */
export const LAYOUT_TEXT = '{"imageLayoutVersion":"1.0.0"}';

/** The whole of index.json. */
export function indexText(manifests: readonly Descriptor[]): string {
  return JSON.stringify({ schemaVersion: 2, mediaType: INDEX_TYPE, manifests }, null, 2);
}

/** How the index names a manifest. */
export function indexEntryOf(manifest: OciManifest, { digest, size }: { digest: string; size: number }): Descriptor {
  const { artifactType, subject } = manifest;
  return {
    mediaType: MANIFEST_TYPE,
    digest,
    size,
    ...(artifactType === undefined ? {} : { artifactType }),
    ...(subject === undefined ? {} : { annotations: { [SUBJECT]: subject.digest } }),
  };
}

async function readIndex(folder: string): Promise<OciIndex> {
  const file = join(folder, 'index.json');
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw fail('bundle-store-unusable', { folder, because: messageOf(error) }, error);
  });
  if (text === null) return { schemaVersion: 2, manifests: [] };
  try {
    return OciIndex.parse(JSON.parse(text));
  } catch (error) {
    throw fail('bundle-store-unusable', { folder, because: 'its index.json is no OCI image index' }, error);
  }
}

async function addToIndex(folder: string, entry: Descriptor): Promise<void> {
  const lock = join(folder, '.index.lock');
  try {
    await withFileLock(lock, async () => {
      const index = await readIndex(folder);
      if (index.manifests.some((known) => known.digest === entry.digest)) return;
      const manifests = [...index.manifests, entry];
      await writeWhole(join(folder, 'oci-layout'), Buffer.from(LAYOUT_TEXT));
      await writeWhole(join(folder, 'index.json'), Buffer.from(indexText(manifests)));
    });
  } catch (error) {
    if (isDiskTrouble(error)) throw fail('bundle-store-unusable', { folder, because: messageOf(error) }, error);
    throw error;
  }
}

function sha256(bytes: Uint8Array): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}
