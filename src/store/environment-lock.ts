import pg from 'pg';
import { fail } from '../base/errors.ts';
import { withoutPassword } from './open-store.ts';

/** Work for one environment, one after the other, over all processes of a database. */
export type EnvironmentLock = {
  /** Waits at most a minute for its turn. Throws `environment-busy` then. */
  exclusively<Result>(environment: string, work: () => Promise<Result>): Promise<Result>;
  close(): Promise<void>;
};

const longestWait = 60_000;

/**
 * Locks of the database itself: a process that dies loses its connection, and its locks with it. Has connections of its
 * own, so that those who wait never keep those who work from the database.
 */
export function environmentLock(url: string): EnvironmentLock {
  const pool = new pg.Pool({ connectionString: url, max: 10, connectionTimeoutMillis: longestWait });
  pool.on('error', () => undefined);
  pool.on('connect', (client) => client.on('error', () => undefined));
  return {
    async exclusively(environment, work) {
      const connection = await pool.connect().catch((error: unknown) => {
        throw fail('database-unreachable', { url: withoutPassword(url) }, error);
      });
      let broken: Error | undefined;
      const note = (error: Error) => {
        broken = error;
      };
      connection.on('error', note);
      try {
        await connection.query(`set lock_timeout = ${longestWait}`);
        await take(connection, environment);
        return await work();
      } finally {
        await connection.query('select pg_advisory_unlock_all()').catch(note);
        connection.off('error', note);
        connection.release(broken);
      }
    },
    close: () => pool.end(),
  };
}

async function take(connection: pg.PoolClient, environment: string): Promise<void> {
  try {
    await connection.query('select pg_advisory_lock(hashtextextended($1, 7))', [environment]);
  } catch (error) {
    const waited = error instanceof Error && 'code' in error && error.code === '55P03';
    throw waited ? fail('environment-busy', { environment }, error) : error;
  }
}
