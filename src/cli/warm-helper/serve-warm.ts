import { keepBridges } from '../../base/bridge/with-bridge.ts';
import { discoveryPlaces } from '../../workflows/impact/discovery-places.ts';
import { warmImpact } from '../../workflows/impact/warm-impact.ts';
import { buildCatalog } from '../../workflows/project/build-catalog.ts';
import { readProject } from '../../workflows/project/read-project.ts';
import type { Kept } from '../command.ts';
import type { HelperPlace } from './helper-place.ts';
import { serveHelper } from './serve-helper.ts';

const IDLE_SECONDS = 600;
const MOST_MEGABYTES = 1024;
/** A Python with Airflow loaded takes some 200 MB. */
const BRIDGE_MILLISECONDS = 180_000;

/** Serves with all that check and impact need in memory. HEADGATE_HELPER_IDLE_SECONDS and HEADGATE_HELPER_MB set when it stops. */
export function serveWarm(place: HelperPlace, seal: string): Promise<string> {
  keepBridges(BRIDGE_MILLISECONDS);
  const kept: Kept = { impact: warmImpact(discoveryPlaces(place.root)), later: [] };
  const limits = {
    idleSeconds: positive(process.env.HEADGATE_HELPER_IDLE_SECONDS, IDLE_SECONDS),
    mostMegabytes: positive(process.env.HEADGATE_HELPER_MB, MOST_MEGABYTES),
  };
  return serveHelper({ place, limits, seal, kept, warmUp: () => warmUp(place.root, kept) });
}

/** What goes wrong here goes wrong again for who asks, and is told then. */
async function warmUp(root: string, kept: Kept): Promise<void> {
  await kept.impact.tell(root, { base: null, head: null }).catch(() => undefined);
  await buildCatalog(await readProject(root), { exact: 'never', environment: null });
}

function positive(text: string | undefined, fallback: number): number {
  const number = Number(text);
  return Number.isFinite(number) && number > 0 ? number : fallback;
}
