import { join } from 'node:path';
import { type Cache, openCache } from '../../base/cache/cache.ts';
import { entryFolder } from '../../base/cache/entry-folder.ts';
import { cacheHome } from '../../base/python/cache-home.ts';

const LIMIT_BYTES = 1024 ** 3;

/** The cache of this machine, in the folder `answers` of the cache home. HEADGATE_CACHE_MB limits it; 1024 when absent. */
export function openCheckCache(): Cache {
  const limit = Number(process.env.HEADGATE_CACHE_MB);
  return openCache({
    local: entryFolder(join(cacheHome(), 'answers')),
    limitBytes: Number.isFinite(limit) && limit > 0 ? limit * 1024 ** 2 : LIMIT_BYTES,
    shared: null,
    writesShared: false,
  });
}
