import { join } from 'node:path';
import { type Cache, openCache } from '../../base/cache/cache.ts';
import { entryFolder } from '../../base/cache/entry-folder.ts';
import { cacheHome } from '../../base/python/cache-home.ts';
import { mayWriteShared, sharedPlaceOf } from '../../delivery/checks/shared-cache.ts';
import type { ProjectReading } from '../project/read-project.ts';
import { sharedEntries } from './shared-entries.ts';

const LIMIT_BYTES = 1024 ** 3;

export type OpenCheckCacheInput = {
  reading: ProjectReading;
  /** Writes to the shared cache, whoever asks. */
  write: boolean;
  /** Is told when the shared cache cannot be used. */
  warn(text: string): void;
};

/**
 * The cache of this machine, in the folder `answers` of the cache home, over the shared one where there is one.
 * HEADGATE_CACHE_MB limits the first; 1024 when absent.
 */
export function openCheckCache({ reading, write, warn }: OpenCheckCacheInput): Cache {
  const { sharedCache, trustedRefs } = reading.project.checking;
  const place = sharedPlaceOf(process.env, sharedCache);
  const limit = Number(process.env.HEADGATE_CACHE_MB);
  return openCache({
    local: entryFolder(join(cacheHome(), 'answers')),
    limitBytes: Number.isFinite(limit) && limit > 0 ? limit * 1024 ** 2 : LIMIT_BYTES,
    shared: place === null ? null : sharedEntries(place, reading.root, warn),
    writesShared: mayWriteShared(process.env, trustedRefs, write),
  });
}
