import type { Selectable } from 'kysely';
import type { DeliveryStore, RegisteredEnvironment } from '../../workflows/release/delivery-store.ts';
import type { Db } from '../open-store.ts';
import type { Tables } from '../tables.ts';
import { appendAudit } from './audit.ts';

type EnvironmentQueries = Pick<DeliveryStore, 'environment' | 'environments' | 'saveEnvironment' | 'note'>;

/** Environments as operators registered them. */
export function environmentQueries(db: Db): EnvironmentQueries {
  return {
    async environment(name) {
      const row = await db.selectFrom('environment').selectAll().where('name', '=', name).executeTakeFirst();
      return row === undefined ? null : environmentOf(row);
    },
    async environments() {
      const rows = await db.selectFrom('environment').selectAll().orderBy('name').execute();
      return rows.map(environmentOf);
    },
    async saveEnvironment(environment, audit) {
      const { name, after, promote, gates, targets, secrets, registeredBy, registeredAt } = environment;
      const columns = {
        after,
        promote,
        gates: JSON.stringify(gates),
        targets: JSON.stringify(targets),
        secrets: JSON.stringify(secrets),
        registered_by: registeredBy,
        registered_at: registeredAt,
      };
      await db.transaction().execute(async (trx) => {
        await trx
          .insertInto('environment')
          .values({ name, ...columns })
          .onConflict((conflict) => conflict.column('name').doUpdateSet(columns))
          .execute();
        await appendAudit(trx, audit);
      });
    },
    async note(audit) {
      await db.transaction().execute((trx) => appendAudit(trx, audit));
    },
  };
}

function environmentOf(row: Selectable<Tables['environment']>): RegisteredEnvironment {
  const { name, after, promote, gates, targets, secrets } = row;
  return {
    name,
    after,
    promote,
    gates: { ...gates, requireLockedRuntime: gates.requireLockedRuntime ?? false },
    targets,
    secrets,
    registeredBy: row.registered_by,
    registeredAt: row.registered_at,
  };
}
