import { join } from 'node:path';
import type { TargetWorld } from '../contract.ts';
import type { FileStore } from '../release-home/file-store.ts';
import { folderStore } from '../release-home/folder-store.ts';
import { LOCK_FILE, openReleaseHome } from '../release-home/open-home.ts';
import type { ReleaseHome } from '../release-home/release-home.ts';
import { type AirflowClient, airflowClient, basicAuth } from './client.ts';
import type { AirflowEnvironment } from './environment-settings.ts';
import { HOME_FOLDER } from './unit-facts.ts';

/** One Airflow that is delivered to: the files that it reads, the release home among them, and its REST API. */
export type AirflowPlace = {
  settings: AirflowEnvironment;
  world: TargetWorld;
  home: ReleaseHome;
  /** The DAGs folder. Written only inside `home.guarded`. */
  files: FileStore;
  client: AirflowClient;
  /** DAGs that this connection has paused, by unit. */
  paused: Map<string, string[]>;
};

/** How long one REST call may take. */
const TIMEOUT_SECONDS = 30;

export async function openPlace(settings: AirflowEnvironment, world: TargetWorld): Promise<AirflowPlace> {
  const { home, files } = await openFiles(settings);
  const auth = basicAuth(settings.username, () => world.secret(settings.password));
  const client = airflowClient({ url: settings.url, auth, timeoutSeconds: TIMEOUT_SECONDS });
  return { settings, world, home, files, client, paused: new Map() };
}

async function openFiles(settings: AirflowEnvironment): Promise<{ home: ReleaseHome; files: FileStore }> {
  if (settings.provider === 'folder') {
    const home = await openReleaseHome({ provider: 'folder', home: join(settings.dags, HOME_FOLDER) });
    return { home, files: folderStore(settings.dags, `${HOME_FOLDER}/${LOCK_FILE}`) };
  }
  const { bucket, region, endpoint } = settings;
  const prefix = settings.prefix.replace(/\/+$/, '');
  const { s3Store } = await import('../release-home/s3-store.ts');
  return {
    home: await openReleaseHome({ provider: 's3', bucket, prefix: `${prefix}/${HOME_FOLDER}`, region, endpoint }),
    files: await s3Store({ bucket, prefix, region, endpoint }),
  };
}
