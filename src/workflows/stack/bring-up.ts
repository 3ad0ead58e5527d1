import { join } from 'node:path';
import { type AirflowStack, startAirflowStack } from '../../environments/stack/airflow-stack.ts';
import { ensureLocalDatabase } from '../../environments/stack/local-warehouse.ts';
import { startEmbeddedPostgres } from '../../store/embedded-postgres.ts';
import { localDatabases } from './local-databases.ts';
import { type LocalPlace, localPlace } from './local-place.ts';
import { localSecrets } from './local-secrets.ts';
import { lockedRuntime } from './locked-runtime.ts';

/** What runs now. `locked`: Airflow runs exactly what headgate.lock holds for it. `secretsFile` holds the variables that were made; whoever delivers to this stack needs them. */
export type UpStack = {
  environment: string;
  airflow: Pick<AirflowStack, 'url' | 'username' | 'dags' | 'home' | 'reused' | 'ended'> & { locked: boolean };
  postgres: { host: string; port: number; databases: { connection: string; database: string; role: string }[] };
  secretsFile: string;
  passwordVariable: string | null;
};

export type UpInput = { folder: string; environment: string | null; onProgress(text: string): void };

/**
 * Runs the locked stack of a project on this machine: Postgres with the databases that its connections lead to, and a
 * real Airflow that reads the environment's DAGs folder. Run twice it joins what is there.
 */
export async function bringUp({ folder, environment, onProgress }: UpInput): Promise<UpStack> {
  const place = await localPlace(folder, environment);
  const secretsFile = join(place.folder, 'secrets.env');
  const { variables } = await localSecrets(place.environment, secretsFile);
  const databases = localDatabases(place, variables);
  onProgress('Starting Postgres ...');
  const postgres = await startEmbeddedPostgres({ folder: place.postgres, port: databases[0]?.port ?? 0 });
  for (const database of databases) await ensureLocalDatabase(postgres.url, database);
  onProgress('Starting Airflow (the first time its runtime and tables are made) ...');
  const user = userOf(place, variables);
  const runtime = await lockedRuntime(place);
  const airflow = await startAirflowStack({
    folder: join(place.folder, 'stack'),
    dags: place.dags,
    server: postgres.url,
    database: `airflow_${place.environment.name.replaceAll(/[^a-z0-9_]/g, '_')}`,
    port: place.port,
    env: variables,
    user: user.password === null ? null : { name: place.username, password: user.password },
    runtime,
  });
  const { url, username, dags, home, reused, ended } = airflow;
  return {
    environment: place.environment.name,
    airflow: { url, username, dags, home, reused, ended, locked: runtime !== null },
    postgres: {
      host: '127.0.0.1',
      port: postgres.port,
      databases: databases.map(({ connection, database, role }) => ({ connection, database, role })),
    },
    secretsFile,
    passwordVariable: user.variable,
  };
}

function userOf(place: LocalPlace, variables: { [name: string]: string }) {
  const reference = place.passwordSecret === null ? undefined : place.environment.secrets[place.passwordSecret];
  const variable = reference?.startsWith('env:') ? reference.slice('env:'.length) : null;
  return { variable, password: variable === null ? null : (variables[variable] ?? null) };
}
