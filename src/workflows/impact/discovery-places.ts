import { join } from 'node:path';
import { openCache } from '../../base/cache/cache.ts';
import { entryFolder } from '../../base/cache/entry-folder.ts';
import { cacheHome } from '../../base/python/cache-home.ts';
import type { DiscoveryPlaces } from './share-discoveries.ts';

const MOST_CACHED = 1024 * 1024 * 1024;

/** Where this machine keeps what was found in the files of the project at `root`. Whoever opens it closes its cache. */
export function discoveryPlaces(root: string): DiscoveryPlaces {
  const texts = entryFolder(join(cacheHome(), 'discoveries'));
  const cache = openCache({ local: texts, limitBytes: MOST_CACHED, shared: null, writesShared: false });
  return { cache, texts, name: root };
}
