import type { Selectable } from 'kysely';
import type { AuditEntry } from '../../workflows/ports.ts';
import type { Db } from '../open-store.ts';
import type { Tables } from '../tables.ts';
import { appendAudit } from './audit.ts';

export type TokenRow = Selectable<Tables['token']>;

/** Tokens of the API; never the secret itself. */
export function tokenQueries(db: Db) {
  return {
    async add(row: Omit<TokenRow, 'revoked_at' | 'last_used_at'>, audit: AuditEntry): Promise<void> {
      await db.transaction().execute(async (trx) => {
        await trx
          .insertInto('token')
          .values({ ...row, revoked_at: null, last_used_at: null })
          .execute();
        await appendAudit(trx, audit);
      });
    },
    async find(id: string): Promise<TokenRow | null> {
      return (await db.selectFrom('token').selectAll().where('id', '=', id).executeTakeFirst()) ?? null;
    },
    async list(): Promise<TokenRow[]> {
      return db.selectFrom('token').selectAll().orderBy('created_at').execute();
    },
    /** Adds the row only while there is no token at all; says whether it did. Processes that start at once add one. */
    async addFirst(row: Omit<TokenRow, 'revoked_at' | 'last_used_at'>, audit: AuditEntry): Promise<boolean> {
      return db.transaction().execute(async (trx) => {
        await trx.selectFrom('audit_log').select('id').forUpdate().execute();
        const known = await trx.selectFrom('token').select('id').limit(1).executeTakeFirst();
        if (known !== undefined) return false;
        await trx
          .insertInto('token')
          .values({ ...row, revoked_at: null, last_used_at: null })
          .execute();
        await appendAudit(trx, audit);
        return true;
      });
    },
    async revoke(id: string, at: Date, audit: AuditEntry): Promise<boolean> {
      return db.transaction().execute(async (trx) => {
        const revoked = await trx
          .updateTable('token')
          .set({ revoked_at: at })
          .where('id', '=', id)
          .where('revoked_at', 'is', null)
          .executeTakeFirst();
        if (revoked.numUpdatedRows === 0n) return false;
        await appendAudit(trx, audit);
        return true;
      });
    },
    async markUsed(id: string, at: Date): Promise<void> {
      await db.updateTable('token').set({ last_used_at: at }).where('id', '=', id).execute();
    },
  };
}

export type TokenQueries = ReturnType<typeof tokenQueries>;
