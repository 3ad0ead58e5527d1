import { execFile } from 'node:child_process';
import { pbkdf2Sync, randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { fail } from '../../base/errors.ts';
import type { Runtime } from '../../base/python/runtime.ts';

const run = promisify(execFile);

/**
 * `server` is the URL of a Postgres where databases may be made; `name` the one for this Airflow. `isChanged`: it ran on another
 * runtime before, so its tables may be those of an older version.
 */
export type DatabaseWish = { server: string; name: string; runtime: Runtime; isChanged?: boolean };

/** Tables and roles, in one process: each `airflow` command would cost seconds again. */
const MIGRATE = `
from airflow.utils import db
db.upgradedb()
from airflow.www.app import create_app
app = create_app()
with app.app_context():
    app.appbuilder.sm.sync_roles()
`;

/**
 * The URL of a database with Airflow's tables and roles, made if it is missing. The first one of a runtime takes some
 * ten seconds and stays as a template, from which every later one is copied in under a second.
 */
export async function airflowDatabase({ server, name, runtime, isChanged = false }: DatabaseWish): Promise<string> {
  const admin = new pg.Client({ connectionString: server });
  await admin.connect();
  try {
    if (!(await exists(admin, name))) {
      const template = await templateFor(admin, server, runtime);
      await admin.query(`create database ${admin.escapeIdentifier(name)} template ${admin.escapeIdentifier(template)}`);
    } else if (isChanged) {
      await migrate(databaseUrl(server, name), runtime);
    }
  } finally {
    await admin.end();
  }
  return databaseUrl(server, name);
}

/** Makes or resets the one user that may sign in, with the rights of an administrator of this local Airflow. */
export async function setAirflowUser(database: string, user: { name: string; password: string }): Promise<void> {
  const client = new pg.Client({ connectionString: database });
  await client.connect();
  try {
    await client.query(
      `with person as (
         insert into ab_user (id, first_name, last_name, username, password, active, email, created_on, changed_on)
         values (nextval('ab_user_id_seq'), 'Headgate', 'Local', $1::varchar, $2, true, $1::varchar || '@localhost', now(), now())
         on conflict (username) do update set password = excluded.password
         returning id)
       insert into ab_user_role (id, user_id, role_id)
       select nextval('ab_user_role_id_seq'), person.id, role.id from person, ab_role role where role.name = 'Admin'
       on conflict (user_id, role_id) do nothing`,
      [user.name, werkzeugHash(user.password)],
    );
  } finally {
    await client.end();
  }
}

/** The password is 192 random bits, so few rounds are enough; many would cost 0.2 s in every REST call. */
function werkzeugHash(password: string): string {
  const salt = randomBytes(12).toString('hex');
  const rounds = 1000;
  return `pbkdf2:sha256:${rounds}$${salt}$${pbkdf2Sync(password, salt, rounds, 32, 'sha256').toString('hex')}`;
}

async function templateFor(admin: pg.Client, server: string, runtime: Runtime): Promise<string> {
  const template = `airflow_template_${runtime.lock.slice(7, 19)}`;
  if (await exists(admin, template)) return template;
  const making = `airflow_making_${randomBytes(6).toString('hex')}`;
  await admin.query(`create database ${admin.escapeIdentifier(making)}`);
  try {
    await migrate(databaseUrl(server, making), runtime);
    await admin.query(`alter database ${admin.escapeIdentifier(making)} rename to ${admin.escapeIdentifier(template)}`);
  } catch (error) {
    await admin.query(`drop database if exists ${admin.escapeIdentifier(making)} with (force)`);
    if (!(await exists(admin, template))) throw error;
  }
  return template;
}

async function migrate(database: string, runtime: Runtime): Promise<void> {
  const home = await mkdtemp(join(tmpdir(), 'headgate-airflow-'));
  try {
    const env = {
      PATH: process.env.PATH ?? '',
      HOME: home,
      AIRFLOW_HOME: home,
      AIRFLOW__DATABASE__SQL_ALCHEMY_CONN: sqlalchemyUrl(database),
      AIRFLOW__DATABASE__LOAD_DEFAULT_CONNECTIONS: 'False',
      AIRFLOW__CORE__LOAD_EXAMPLES: 'False',
      AIRFLOW__CORE__DAGS_FOLDER: join(home, 'dags'),
    };
    await run(runtime.python, ['-c', MIGRATE], { env, cwd: home, timeout: 300_000, maxBuffer: 64 << 20 });
  } catch (error) {
    const output = error instanceof Error && 'stderr' in error ? String(error.stderr).slice(-2000) : String(error);
    throw fail('stack-not-started', { name: 'airflow db migrate', log: '(none)', output }, error);
  } finally {
    await rm(home, { recursive: true, force: true });
  }
}

async function exists(admin: pg.Client, name: string): Promise<boolean> {
  return (await admin.query('select 1 from pg_database where datname = $1', [name])).rowCount === 1;
}

function databaseUrl(server: string, name: string): string {
  const url = new URL(server);
  url.pathname = `/${encodeURIComponent(name)}`;
  return url.href;
}

/** The form that Airflow's SQLAlchemy wants. */
export function sqlalchemyUrl(url: string): string {
  return url.replace(/^postgres(ql)?:/, 'postgresql+psycopg2:');
}
