import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type AssetKey, type Digest, type PartKey, unitKey } from '../../model/identifiers.ts';
import type { BundleReader, Mark } from '../contract.ts';
import { folderStore } from './folder-store.ts';
import type { HomeSettings } from './home-settings.ts';
import { LOCK_FILE } from './open-home.ts';
import { releaseHomeOn } from './release-home.ts';

/** The version of one part, to be run here without its disabled assets. */
export type LocalPart = { bundle: Digest; part: PartKey; environment: string; disabled: AssetKey[]; mark: Mark };

/**
 * A folder on this machine that `headgate-run` can use as its home for one version: the home itself when it is a folder,
 * else a new one under the system's temporary folder that holds this version alone.
 */
export async function localHome(settings: HomeSettings, bundles: BundleReader, wanted: LocalPart): Promise<string> {
  if (settings.provider === 'folder') return resolve(settings.home);
  const folder = await mkdtemp(join(tmpdir(), 'headgate-home-'));
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
