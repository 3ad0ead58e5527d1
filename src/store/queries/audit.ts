import { sql } from 'kysely';
import { entryText, type LoggedEntry, leafOf, readEntry } from '../../delivery/audit/entry.ts';
import { type Frontier, grow, type Hash, rootOf } from '../../delivery/audit/merkle.ts';
import type { AuditEntry } from '../../workflows/ports.ts';
import type { Db, Trx } from '../open-store.ts';

/** The channel on which every appended entry is announced, with its number. */
export const auditChannel = 'headgate_audit';

/**
 * Appends one entry in the transaction that does what it records, and gives its number. Waits for other transactions that
 * have appended and not ended yet, so do this last. Readers that saw entry n have seen all before it.
 */
export async function appendAudit(trx: Trx, entry: AuditEntry): Promise<number> {
  const log = await trx.selectFrom('audit_log').select(['id', 'size', 'peaks']).forUpdate().executeTakeFirstOrThrow();
  const logged = { ...entry, seq: log.size, at: entry.at.toISOString() };
  const body = entryText(logged);
  const leaf = leafOf(body);
  const grown = grow({ size: log.size, peaks: peaksOf(log.peaks) }, leaf);
  await trx.insertInto('audit_entry').values({ seq: log.size, body, leaf }).execute();
  await trx
    .updateTable('audit_log')
    .set({ size: grown.size, peaks: Buffer.concat(grown.peaks) })
    .where('id', '=', log.id)
    .execute();
  await sql`select pg_notify(${auditChannel}, ${String(log.size)})`.execute(trx);
  return log.size;
}

/** The log's name, and how far it has grown, in one look. */
export async function readLog(db: Db): Promise<{ log: string; frontier: Frontier; root: Hash }> {
  const { id, size, peaks } = await db
    .selectFrom('audit_log')
    .select(['id', 'size', 'peaks'])
    .executeTakeFirstOrThrow();
  const frontier = { size, peaks: peaksOf(peaks) };
  return { log: id, frontier, root: rootOf(frontier) };
}

/** The texts of entries as they are stored, from number `from` on, at most `limit`. */
export async function readTexts(db: Db, { from, limit }: { from: number; limit: number }): Promise<string[]> {
  const rows = await db
    .selectFrom('audit_entry')
    .select('body')
    .where('seq', '>=', from)
    .orderBy('seq')
    .limit(limit)
    .execute();
  return rows.map(({ body }) => body);
}

/** The leaves of the first `size` entries. */
export async function readLeaves(db: Db, size: number): Promise<Hash[]> {
  const rows = await db.selectFrom('audit_entry').select('leaf').where('seq', '<', size).orderBy('seq').execute();
  return rows.map(({ leaf }) => leaf);
}

/** Newest first; `before` is a number to go on from. `subject` narrows to one subject and what lies below it (`x/...`). */
export async function listEntries(
  db: Db,
  { before, limit, subject }: { before: number | null; limit: number; subject: string | null },
): Promise<LoggedEntry[]> {
  const rows = await db
    .selectFrom('audit_entry')
    .select('body')
    .$if(before !== null, (query) => query.where('seq', '<', before))
    .$if(subject !== null, (query) =>
      query.where((on) => on.or([on('subject', '=', subject), sql<boolean>`starts_with(subject, ${`${subject}/`})`])),
    )
    .orderBy('seq', 'desc')
    .limit(limit)
    .execute();
  return rows.flatMap(({ body }) => readEntry(body) ?? []);
}

/** Why a rollout last turned back or got stuck, as its entry says. */
export async function whyTurned(db: Db, rollout: string): Promise<string | null> {
  const row = await db
    .selectFrom('audit_entry')
    .select('body')
    .where('subject', '=', rollout)
    .where('action', 'in', ['rollout.undoing', 'rollout.stuck'])
    .orderBy('seq', 'desc')
    .limit(1)
    .executeTakeFirst();
  const because = row === undefined ? null : readEntry(row.body)?.detail.because;
  return typeof because === 'string' ? because : null;
}

function peaksOf(bytes: Buffer): Hash[] {
  return Array.from({ length: bytes.length / 32 }, (_, index) => bytes.subarray(index * 32, index * 32 + 32));
}
