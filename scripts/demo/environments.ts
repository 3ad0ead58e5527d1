import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseDocument } from 'yaml';
import type { EmbeddedPostgres } from '../../src/store/embedded-postgres.ts';
import { places } from './places.ts';

export const chain = ['dev', 'staging', 'prod'] as const;
export type EnvironmentName = (typeof chain)[number];

/** Where one environment's Airflow is; null where it has none and gets dbt and Spark only. */
export type AirflowPlace = { url: string; username: string };

/** The database server of the demo, as its environments reach it. */
export type Warehouse = { host: string; port: number; user: string; password: string };

/** Makes a warehouse database for each environment and gives the one way to reach them. */
export async function createWarehouses(postgres: EmbeddedPostgres): Promise<Warehouse> {
  for (const name of chain) await postgres.database(`warehouse_${name}`);
  const url = new URL(postgres.url);
  return { host: '127.0.0.1', port: postgres.port, user: url.username, password: decodeURIComponent(url.password) };
}

/** Fills the addresses of this machine into an environment file of the estate; everything else stays as the team wrote it. */
export async function placeEnvironment(
  estate: string,
  name: EnvironmentName,
  { warehouse, airflow }: { warehouse: Warehouse; airflow: AirflowPlace | null },
): Promise<void> {
  const file = join(estate, 'environments', `${name}.yaml`);
  const document = parseDocument(await readFile(file, 'utf8'));
  const home = join(places.dags(name), '_headgate');
  await mkdir(places.lake(name), { recursive: true });
  document.setIn(['values', 'lake_root'], places.lake(name));
  document.setIn(['values', 'warehouse_host'], warehouse.host);
  document.setIn(['values', 'warehouse_port'], warehouse.port);
  document.setIn(['values', 'warehouse_user'], warehouse.user);
  document.setIn(['values', 'warehouse_database'], `warehouse_${name}`);
  document.setIn(['targets', 'dbt', 'home'], home);
  document.setIn(['targets', 'spark', 'home'], home);
  if (airflow === null) {
    document.deleteIn(['targets', 'airflow']);
  } else {
    document.setIn(['targets', 'airflow', 'dags'], places.dags(name));
    document.setIn(['targets', 'airflow', 'url'], airflow.url);
    document.setIn(['targets', 'airflow', 'username'], airflow.username);
  }
  await writeFile(file, document.toString());
}

/** The variables that the environments' secret references name. */
export function secretVariables(
  warehouse: Warehouse,
  airflow: { [environment: string]: string },
): { [name: string]: string } {
  const entries = chain.flatMap((name) => [
    [`${name.toUpperCase()}_WAREHOUSE_PASSWORD`, warehouse.password],
    [`${name.toUpperCase()}_AIRFLOW_PASSWORD`, airflow[name] ?? ''],
  ]);
  return Object.fromEntries(entries);
}
