import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Kysely, sql } from 'kysely';
import { type Migration, Migrator } from 'kysely/migration';
import type pg from 'pg';
import { fail } from '../base/errors.ts';
import type { Tables } from './tables.ts';

const folder = join(import.meta.dirname, 'migrations');
/** Any number nobody else takes; processes that start at once migrate one after the other. */
const lockNumber = 7_245_113_906;

/** Runs the migrations that the database lacks, in the order of their numbers, all or none. */
export async function migrate(db: Kysely<Tables>, pool: pg.Pool): Promise<void> {
  const connection = await pool.connect();
  try {
    await connection.query('select pg_advisory_lock($1)', [lockNumber]);
    const migrator = new Migrator({ db, provider: { getMigrations: readMigrations } });
    const { error } = await migrator.migrateToLatest();
    if (error instanceof Error && /corrupted migrations/.test(error.message)) {
      throw fail('database-too-new', { detail: error.message }, error);
    }
    if (error !== undefined) throw error;
  } finally {
    await connection.query('select pg_advisory_unlock($1)', [lockNumber]).catch(() => undefined);
    connection.release();
  }
}

async function readMigrations(): Promise<Record<string, Migration>> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.sql')).sort();
  const entries = names.map(async (name): Promise<[string, Migration]> => {
    const text = await readFile(join(folder, name), 'utf8');
    return [name.replace(/\.sql$/, ''), { up: async (db) => void (await sql.raw(text).execute(db)) }];
  });
  return Object.fromEntries(await Promise.all(entries));
}
