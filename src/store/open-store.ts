import { Kysely, PostgresDialect, type Transaction } from 'kysely';
import pg from 'pg';
import { fail } from '../base/errors.ts';
import { migrate } from './migrate.ts';
import type { Tables } from './tables.ts';

/** The database as queries see it. `Trx` is one transaction of it. */
export type Db = Kysely<Tables>;
export type Trx = Transaction<Tables>;

/** An open database. `pool` is for what needs plain connections: LISTEN and the job queue. */
export type Store = { db: Db; pool: pg.Pool; url: string; close(): Promise<void> };

// Counts and sequence numbers fit a JavaScript number for the next 285,000 years at 1,000 a second.
pg.types.setTypeParser(pg.types.builtins.INT8, Number);

/**
 * Connects to Postgres and brings its tables up to date; any number of processes may do so at once.
 * Commands wait at most 10 s for a connection. A process that is frozen inside a transaction loses it after 10 s, so that it
 * does not hold up everybody else; `idle_in_transaction_session_timeout` in the address says otherwise, in milliseconds.
 * @throws database-unreachable, database-too-new
 */
export async function openStore(url: string): Promise<Store> {
  const pool = new pg.Pool({
    connectionString: url,
    max: 16,
    connectionTimeoutMillis: 10_000,
    idle_in_transaction_session_timeout: 10_000,
    allowExitOnIdle: false,
  });
  // A pooled connection that breaks is dropped by the pool; the next query opens another one.
  pool.on('error', () => undefined);
  pool.on('connect', (client) => client.on('error', () => undefined));
  const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
  try {
    await pool.query('select 1');
  } catch (error) {
    await db.destroy();
    throw fail('database-unreachable', { url: withoutPassword(url) }, error);
  }
  await migrate(db, pool);
  return { db, pool, url, close: () => db.destroy() };
}

/** The address of a database, fit for a message. */
export function withoutPassword(url: string): string {
  try {
    const shown = new URL(url);
    shown.password = '';
    shown.search = '';
    return shown.href;
  } catch {
    return '(an address that cannot be read)';
  }
}
