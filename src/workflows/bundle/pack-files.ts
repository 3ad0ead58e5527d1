import { createHash } from 'node:crypto';
import type { BundleStore } from '../../base/bundle-store.ts';
import { type TarSource, writeTar } from '../../base/tar/write-tar.ts';
import { type Digest, parseDigest } from '../../model/identifiers.ts';

/** A blob of packed files. `written` is false when the store had it already. */
export type PackedFiles = { digest: Digest; size: number; files: number; bytes: number; written: boolean };

/**
 * Packs files into a blob of the store. They are read through once for the digest; only a blob that the store lacks
 * is written, and then the bytes must come out the same again.
 */
export async function packFiles(sources: readonly TarSource[], store: BundleStore): Promise<PackedFiles> {
  const hash = createHash('sha256');
  let size = 0;
  for await (const chunk of writeTar(sources)) {
    hash.update(chunk);
    size += chunk.length;
  }
  const digest = asDigest(`sha256:${hash.digest('hex')}`);
  const { written } = await store.putBlob(writeTar(sources), digest);
  const bytes = sources.reduce((sum, source) => sum + source.size, 0);
  return { digest, size, files: sources.length, bytes, written };
}

/** A digest that was made here. */
export function asDigest(text: string): Digest {
  const digest = parseDigest(text);
  if (digest === null) throw new Error(`asDigest: ${text} is no digest`);
  return digest;
}
