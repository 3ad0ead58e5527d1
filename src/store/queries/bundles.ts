import { type Selectable, sql } from 'kysely';
import type { AuditEntry } from '../../workflows/ports.ts';
import type { Db } from '../open-store.ts';
import type { Tables } from '../tables.ts';
import { appendAudit } from './audit.ts';

export type BundleRow = Selectable<Tables['bundle']>;

/** Bundles that were uploaded and verified. */
export function bundleQueries(db: Db) {
  return {
    /** The same bundle twice is one row, by whoever brought it first. */
    async add(row: BundleRow, audit: AuditEntry): Promise<void> {
      await db.transaction().execute(async (trx) => {
        const added = await trx
          .insertInto('bundle')
          .values(row)
          .onConflict((conflict) => conflict.column('digest').doNothing())
          .executeTakeFirst();
        if (added.numInsertedOrUpdatedRows === 1n) await appendAudit(trx, audit);
      });
    },
    /** The one bundle whose digest begins so; null when there is none, or several. */
    async find(digest: string): Promise<BundleRow | null> {
      const rows = await db
        .selectFrom('bundle')
        .selectAll()
        .where(sql<boolean>`starts_with(digest, ${digest})`)
        .limit(2)
        .execute();
      return rows.length === 1 ? (rows[0] ?? null) : null;
    },
    /** Newest first. */
    async list(limit: number): Promise<BundleRow[]> {
      return db.selectFrom('bundle').selectAll().orderBy('uploaded_at', 'desc').limit(limit).execute();
    },
  };
}

export type BundleQueries = ReturnType<typeof bundleQueries>;
