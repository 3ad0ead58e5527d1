import type { BundleStore } from '../../base/bundle-store.ts';
import { fail } from '../../base/errors.ts';
import type { Digest } from '../../model/identifiers.ts';
import { verifyBundle } from './verify-bundle.ts';

/**
 * Takes a bundle into the store: verified with all its blobs first, listed only then.
 * @throws blob-damaged when the manifest is not of that digest, bundle-not-verified, bundle-too-new
 */
export async function receiveBundle(
  { digest, manifest }: { digest: Digest; manifest: Buffer },
  store: BundleStore,
): Promise<{ project: string; bytes: number }> {
  await store.putBlob(manifest, digest);
  const { problems, project, parts } = await verifyBundle(store, digest, []);
  const [first] = problems;
  if (first !== undefined || project === null) {
    const problem = first === undefined ? 'it has no content' : `${first.subject}: ${first.problem}`;
    throw fail('bundle-not-verified', { digest, problem });
  }
  await store.putManifest(manifest);
  return { project, bytes: parts.reduce((sum, part) => sum + part.bytes, 0) };
}
