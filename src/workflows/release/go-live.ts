import { askRelease } from './ask-release.ts';
import type { DeliverPorts } from './deliver-ports.ts';
import type { ReleaseRow } from './delivery-store.ts';
import { moveOf } from './move-release.ts';

/**
 * Makes a release the live one, and asks for its bundle in the environments that come after it by themselves.
 * Does nothing when the release is no longer in the state it was read in.
 */
export async function goLive(release: ReleaseRow, because: string, ports: DeliverPorts): Promise<void> {
  const moved = await ports.store.makeLive(moveOf(release, { to: 'live', because }, ports));
  if (moved === 'moved') await askFollowing(release, ports);
}

/**
 * Asks for the bundle of a release that went live wherever it goes on by itself. May be called again: each environment
 * gets one release of it. A rollback stays where it was asked.
 */
async function askFollowing(release: ReleaseRow, ports: DeliverPorts): Promise<void> {
  if (release.kind === 'rollback') return;
  for (const { name, after, promote } of await ports.store.environments()) {
    if (after !== release.environment || promote !== 'automatic') continue;
    const live = await ports.store.live(name, release.project);
    if (live?.bundle === release.bundle) continue;
    const { id, bundle, requestedBy, authors } = release;
    await askRelease({ bundle, environment: name, kind: 'promotion', requestedBy, authors, following: id }, ports);
  }
}
