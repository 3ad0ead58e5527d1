import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { stopAirflowStack } from '../../environments/stack/airflow-stack.ts';
import { startEmbeddedPostgres } from '../../store/embedded-postgres.ts';
import { localPlace } from './local-place.ts';

export type DownStack = {
  environment: string;
  airflow: 'stopped' | 'not-running';
  postgres: 'stopped' | 'kept' | 'not-running';
};

/** Stops what `bringUp` started for an environment; Postgres too, unless another environment's stack still needs it. */
export async function takeDown(folder: string, environment: string | null): Promise<DownStack> {
  const place = await localPlace(folder, environment);
  const stopped = await stopAirflowStack(join(place.folder, 'stack'));
  return {
    environment: place.environment.name,
    airflow: stopped ? 'stopped' : 'not-running',
    postgres: await stopPostgres(place.postgres),
  };
}

async function stopPostgres(folder: string): Promise<DownStack['postgres']> {
  if (!existsSync(join(folder, 'data', 'postmaster.pid'))) return 'not-running';
  const stacks = await readdir(dirname(folder));
  if (stacks.some((name) => existsSync(join(dirname(folder), name, 'stack', 'processes.json')))) return 'kept';
  const postgres = await startEmbeddedPostgres({ folder, port: 0 });
  await postgres.stop();
  return 'stopped';
}
