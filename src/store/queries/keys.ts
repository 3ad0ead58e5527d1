import { publicPem, type TrustedKey, trustedKey } from '../../base/signing.ts';
import type { AuditEntry } from '../../workflows/ports.ts';
import type { Db } from '../open-store.ts';
import { appendAudit } from './audit.ts';

/** A key whose findings and provenance count. */
export type KnownKey = { keyId: string; name: string; publicPem: string; addedBy: string; addedAt: Date };

/** Keys that are trusted, and the public halves of the control plane's own. */
export function keyQueries(db: Db) {
  return {
    async trusted(): Promise<KnownKey[]> {
      const rows = await db
        .selectFrom('trusted_key')
        .selectAll()
        .where('revoked_at', 'is', null)
        .orderBy('added_at')
        .execute();
      return rows.map((row) => ({
        keyId: row.key_id,
        name: row.name,
        publicPem: row.public_pem,
        addedBy: row.added_by,
        addedAt: row.added_at,
      }));
    },
    async trust({ keyId, name, publicPem, addedBy, addedAt }: KnownKey, audit: AuditEntry): Promise<void> {
      const columns = { name, public_pem: publicPem, added_by: addedBy, added_at: addedAt, revoked_at: null };
      await db.transaction().execute(async (trx) => {
        await trx
          .insertInto('trusted_key')
          .values({ key_id: keyId, ...columns })
          .onConflict((conflict) => conflict.column('key_id').doUpdateSet(columns))
          .execute();
        await appendAudit(trx, audit);
      });
    },
    async revoke(keyId: string, at: Date, audit: AuditEntry): Promise<boolean> {
      return db.transaction().execute(async (trx) => {
        const revoked = await trx
          .updateTable('trusted_key')
          .set({ revoked_at: at })
          .where('key_id', '=', keyId)
          .where('revoked_at', 'is', null)
          .executeTakeFirst();
        if (revoked.numUpdatedRows === 0n) return false;
        await appendAudit(trx, audit);
        return true;
      });
    },
    async planeKeys(): Promise<TrustedKey[]> {
      const rows = await db.selectFrom('plane_key').select('public_pem').orderBy('added_at').execute();
      return rows.map((row) => trustedKey(row.public_pem));
    },
    /** Makes a process's own key known; once, audited. */
    async addPlaneKey(key: TrustedKey, audit: AuditEntry): Promise<void> {
      await db.transaction().execute(async (trx) => {
        const added = await trx
          .insertInto('plane_key')
          .values({ key_id: key.keyId, public_pem: publicPem(key), added_at: audit.at })
          .onConflict((conflict) => conflict.column('key_id').doNothing())
          .executeTakeFirst();
        if (added.numInsertedOrUpdatedRows === 1n) await appendAudit(trx, audit);
      });
    },
  };
}

export type KeyQueries = ReturnType<typeof keyQueries>;
