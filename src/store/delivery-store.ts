import type { DeliveryStore } from '../workflows/release/delivery-store.ts';
import type { Db } from './open-store.ts';
import { whyTurned } from './queries/audit.ts';
import { environmentQueries } from './queries/environments.ts';
import { releaseQueries } from './queries/releases.ts';
import { toggleQueries } from './queries/toggles.ts';

/** Deliveries in Postgres. */
export function deliveryStore(db: Db): DeliveryStore {
  return {
    ...environmentQueries(db),
    ...releaseQueries(db),
    ...toggleQueries(db),
    whyTurned: (rollout) => whyTurned(db, rollout),
  };
}
