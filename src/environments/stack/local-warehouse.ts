import pg from 'pg';

/** A Postgres database and the role that owns it, as code will be told to reach them. */
export type LocalDatabase = { database: string; role: string; password: string };

/** Makes the role and its database on a local Postgres where they are missing; the password is set anew each time. */
export async function ensureLocalDatabase(server: string, { database, role, password }: LocalDatabase): Promise<void> {
  const admin = new pg.Client({ connectionString: server });
  await admin.connect();
  try {
    const [roleName, databaseName] = [admin.escapeIdentifier(role), admin.escapeIdentifier(database)];
    const known = await admin.query('select 1 from pg_roles where rolname = $1', [role]);
    if (known.rowCount === 0) await admin.query(`create role ${roleName} login`);
    await admin.query(`alter role ${roleName} login password ${admin.escapeLiteral(password)}`);
    const there = await admin.query('select 1 from pg_database where datname = $1', [database]);
    if (there.rowCount === 0) await admin.query(`create database ${databaseName} owner ${roleName}`);
  } finally {
    await admin.end();
  }
}
