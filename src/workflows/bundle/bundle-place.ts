import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { BundleStore } from '../../base/bundle-store.ts';
import { fail } from '../../base/errors.ts';
import { BUNDLE_TYPE } from '../../delivery/bundle/media-types.ts';
import type { Digest } from '../../model/identifiers.ts';
import { asDigest } from './pack-files.ts';

/** Where a project keeps its bundles: an OCI image layout. */
export function bundleFolder(root: string): string {
  return join(root, '.headgate', 'bundles');
}

/** The project's own signing key (mode 0600); its public half is beside it in `.pub`. */
export function signingKeyFile(root: string): string {
  return join(root, '.headgate', 'keys', 'signing.pem');
}

/** The nearest folder at or above `folder` that holds a headgate.yaml, else `folder` itself. */
export function nearestProject(folder: string): string {
  for (let at = resolve(folder); ; at = dirname(at)) {
    if (existsSync(join(at, 'headgate.yaml'))) return at;
    if (dirname(at) === at) return resolve(folder);
  }
}

/** The one bundle that a digest, or its first digits (at least 6, with or without `sha256:`), names. Throws `bundle-not-found`, `bundle-ambiguous`. */
export async function findBundle(store: BundleStore, named: string): Promise<Digest> {
  const wanted = named.startsWith('sha256:') ? named : `sha256:${named}`;
  const all = await store.digests(BUNDLE_TYPE);
  const found = /^sha256:[0-9a-f]{6,64}$/.test(wanted) ? all.filter((digest) => digest.startsWith(wanted)) : [];
  const [only] = found;
  if (only === undefined) throw fail('bundle-not-found', { digest: named, folder: store.folder });
  if (found.length > 1) throw fail('bundle-ambiguous', { digest: named, found: found.join(', ') });
  return asDigest(only);
}
