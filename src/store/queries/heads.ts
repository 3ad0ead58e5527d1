import type { SigningKey } from '../../base/signing.ts';
import { headText, type SignedHead, signHead } from '../../delivery/audit/head.ts';
import type { Db } from '../open-store.ts';
import { readLog } from './audit.ts';

/** Signs the log as it stands, and keeps the head. The same size is signed once by each key. */
export async function signLog(db: Db, key: SigningKey, at: Date): Promise<SignedHead> {
  const { log, frontier, root } = await readLog(db);
  const head = signHead({ log, size: frontier.size, root, at: at.toISOString() }, key);
  await db
    .insertInto('audit_head')
    .values({ size: head.size, key_id: head.keyId, body: headText(head), signature: head.signature })
    .onConflict((conflict) => conflict.columns(['size', 'key_id']).doNothing())
    .execute();
  const kept = (await readHeads(db)).find(({ size, keyId }) => size === head.size && keyId === head.keyId);
  return kept ?? head;
}

/** Every head that was signed, oldest first. */
export async function readHeads(db: Db): Promise<SignedHead[]> {
  const rows = await db.selectFrom('audit_head').selectAll().orderBy('size').execute();
  return rows.map(({ body, signature }) => {
    const { log, size, root, at, keyId }: SignedHead = JSON.parse(body);
    return { log, size, root, at, keyId, signature };
  });
}
