import type { Selectable } from 'kysely';
import type { DeliveryStore, Toggle } from '../../workflows/release/delivery-store.ts';
import type { Db, Trx } from '../open-store.ts';
import type { Tables } from '../tables.ts';
import { appendAudit } from './audit.ts';

type ToggleQueries = Pick<DeliveryStore, 'disabled' | 'addToggle' | 'toggle' | 'toggles' | 'moveToggle'>;

/** Stopped assets, and the toggles that stop them or let them go on. */
export function toggleQueries(db: Db): ToggleQueries {
  return {
    async disabled(environment) {
      const rows = await db
        .selectFrom('disabled_asset')
        .selectAll()
        .where('environment', '=', environment)
        .orderBy('asset')
        .execute();
      return rows.map(({ asset, disabled_by: by, disabled_at: at, reason }) => ({
        environment,
        asset,
        by,
        at,
        reason,
      }));
    },
    async addToggle(toggle, audit) {
      await db.transaction().execute(async (trx) => {
        await trx.insertInto('toggle').values(columnsOf(toggle)).execute();
        await setWish(trx, toggle);
        await appendAudit(trx, audit);
      });
    },
    async toggle(id) {
      const row = await db.selectFrom('toggle').selectAll().where('id', '=', id).executeTakeFirst();
      return row === undefined ? null : toggleOf(row);
    },
    async toggles({ environment, states }) {
      const rows = await db
        .selectFrom('toggle')
        .selectAll()
        .$if(environment !== null, (query) => query.where('environment', '=', environment))
        .where('state', 'in', states)
        .orderBy('number')
        .execute();
      return rows.map(toggleOf);
    },
    async moveToggle({ id, from, to, because, audit }) {
      return db.transaction().execute(async (trx) => {
        const moved = await trx
          .updateTable('toggle')
          .set({ state: to, because })
          .where('id', '=', id)
          .where('state', 'in', from)
          .executeTakeFirst();
        if (moved.numUpdatedRows === 0n) return 'stale';
        await appendAudit(trx, audit);
        return 'moved';
      });
    },
  };
}

async function setWish(trx: Trx, { environment, asset, way, reason, requestedBy, requestedAt }: Toggle): Promise<void> {
  if (way === 'enable') {
    await trx.deleteFrom('disabled_asset').where('environment', '=', environment).where('asset', '=', asset).execute();
    return;
  }
  await trx
    .insertInto('disabled_asset')
    .values({ environment, asset, disabled_by: requestedBy, disabled_at: requestedAt, reason })
    .onConflict((conflict) => conflict.columns(['environment', 'asset']).doNothing())
    .execute();
}

function columnsOf(toggle: Toggle) {
  const { requestedBy, requestedAt, ...same } = toggle;
  return { ...same, requested_by: requestedBy, requested_at: requestedAt };
}

function toggleOf({ number: _, requested_by, requested_at, ...same }: Selectable<Tables['toggle']>): Toggle {
  return { ...same, requestedBy: requested_by, requestedAt: requested_at };
}
