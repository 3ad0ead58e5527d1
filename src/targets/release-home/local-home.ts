import { join, resolve } from 'node:path';
import { cacheHome } from '../../base/python/cache-home.ts';
import { type AssetKey, type Digest, digestOf, hexOf, type PartKey, unitKey } from '../../model/identifiers.ts';
import { canonicalJson } from '../../model/json.ts';
import type { BundleReader, Mark } from '../contract.ts';
import { folderStore } from './folder-store.ts';
import type { HomeSettings } from './home-settings.ts';
import { LOCK_FILE } from './open-home.ts';
import { releaseHomeOn } from './release-home.ts';

/** The version of one part, to be run here without its disabled assets. */
export type LocalPart = { bundle: Digest; part: PartKey; environment: string; disabled: AssetKey[]; mark: Mark };

/**
 * A folder on this machine that `headgate-run` can use as its home for one version: the home itself when it is a folder,
 * else a copy in the cache, which holds no more than the versions that were asked for and can always be made again.
 */
export async function localHome(settings: HomeSettings, bundles: BundleReader, wanted: LocalPart): Promise<string> {
  if (settings.provider === 'folder') return resolve(settings.home);
  const { bucket, prefix, region, endpoint } = settings;
  const place = canonicalJson({ bucket, prefix, region, endpoint, environment: wanted.environment });
  const folder = join(cacheHome(), 'homes', hexOf(digestOf(place)));
  const home = releaseHomeOn(folderStore(folder, LOCK_FILE));
  const { bundle, environment, disabled, mark } = wanted;
  try {
    const { part, blob, files } = await bundles.part(bundle, wanted.part);
    await home.writeBundle({ bundle, environment, content: await bundles.content(bundle), mark });
    await home.setDisabled({ unit: unitKey(part, null), disabled, stopped: false, mark });
    await home.uploadPart({ part, digest: blob, files, mark, unpack: (to) => bundles.unpack(blob, to) });
  } finally {
    await home.close();
  }
  return folder;
}
