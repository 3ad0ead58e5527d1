import { folderStore } from './folder-store.ts';
import type { HomeSettings } from './home-settings.ts';
import { type ReleaseHome, releaseHomeOn } from './release-home.ts';

/** The file whose lock keeps writers apart; no reader of the home looks at it. */
export const LOCK_FILE = '.lock';

/** Opens the home that a target's settings name. Nothing is made until something is written. */
export async function openReleaseHome(settings: HomeSettings): Promise<ReleaseHome> {
  if (settings.provider === 'folder') return releaseHomeOn(folderStore(settings.home, LOCK_FILE));
  const { s3Store } = await import('./s3-store.ts');
  return releaseHomeOn(await s3Store(settings));
}
