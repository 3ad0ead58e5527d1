import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type BundleStore, indexEntryOf, indexText, LAYOUT_TEXT, parseManifest } from '../../base/bundle-store.ts';
import { HeadgateError } from '../../base/errors.ts';
import { OciIndex } from '../../base/oci.ts';

/** Something wrong with the folder itself, not with one bundle. */
export type StoreProblem = { subject: string; problem: string };

/**
 * Whether index.json and oci-layout are exactly what Headgate writes for the manifests that are there, so that a change of
 * any byte in them is found; and whether every blob has the bytes that its name says. What the index names is compared with the manifests themselves.
 */
export async function verifyStore(store: BundleStore): Promise<StoreProblem[]> {
  const problems: StoreProblem[] = [];
  const layout = await readFile(join(store.folder, 'oci-layout'), 'utf8').catch(() => null);
  if (layout !== LAYOUT_TEXT) problems.push({ subject: 'oci-layout', problem: 'It is not what Headgate wrote.' });
  const text = await readFile(join(store.folder, 'index.json'), 'utf8').catch(() => '');
  const index = parsed(text);
  if (index === null) return [...problems, { subject: 'index.json', problem: 'It is no OCI image index.' }];
  for (const entry of index.manifests) {
    try {
      const bytes = await store.readBlob(entry.digest);
      const expected = indexEntryOf(parseManifest(bytes, entry.digest), { digest: entry.digest, size: bytes.length });
      if (JSON.stringify(expected) !== JSON.stringify(entry)) {
        problems.push({
          subject: 'index.json',
          problem: `Its entry of ${entry.digest} is not what the manifest says.`,
        });
      }
    } catch (error) {
      if (!(error instanceof HeadgateError)) throw error;
      problems.push({ subject: 'index.json', problem: error.message });
    }
  }
  for (const digest of await store.blobs()) {
    const found = await store.inspectBlob(digest);
    if (found?.match === false)
      problems.push({ subject: digest, problem: `The blob holds other bytes (${found.digest}).` });
  }
  if (indexText(index.manifests) !== text)
    problems.push({ subject: 'index.json', problem: 'It is not what Headgate wrote.' });
  return problems;
}

function parsed(text: string): OciIndex | null {
  try {
    return OciIndex.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}
