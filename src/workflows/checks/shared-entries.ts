import { resolve } from 'node:path';
import { type EntryStore, entryFolder } from '../../base/cache/entry-folder.ts';
import { messageOf } from '../../base/errors.ts';
import type { SharedPlace } from '../../delivery/checks/shared-cache.ts';
import { type S3Calls, s3Calls } from '../../targets/release-home/s3-client.ts';

/** The entries of a shared cache. The first trouble with it is told by `warn`, and then it counts as empty. */
export function sharedEntries(place: SharedPlace, root: string, warn: (text: string) => void): EntryStore {
  if (place.kind === 'folder') return entryFolder(resolve(root, place.folder));
  const { bucket, prefix } = place;
  let calls: Promise<S3Calls> | null = null;
  let isBroken = false;
  const keyOf = (key: string) => [prefix, key.slice(0, 2), key].filter((part) => part !== '').join('/');
  async function attempt<Result>(act: (open: S3Calls) => Promise<Result>): Promise<Result | null> {
    if (isBroken) return null;
    try {
      calls ??= s3Calls({ bucket, prefix, region: regionOf(), endpoint: endpointOf() });
      return await act(await calls);
    } catch (error) {
      isBroken = true;
      warn(`The shared cache is left out: ${messageOf(error)}`);
      return null;
    }
  }
  return {
    read: async (key) => (await attempt((open) => open.get(keyOf(key))))?.bytes ?? null,
    write: async (key, bytes) => {
      await attempt((open) => open.put(keyOf(key), bytes, {}));
    },
  };
}

function regionOf(): string {
  return process.env.AWS_REGION ?? process.env.AWS_DEFAULT_REGION ?? 'us-east-1';
}

function endpointOf(): string | null {
  return process.env.AWS_ENDPOINT_URL_S3 ?? process.env.AWS_ENDPOINT_URL ?? null;
}
