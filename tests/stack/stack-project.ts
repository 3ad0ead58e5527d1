import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { withFileLock } from '../../src/base/file-lock.ts';
import { freePort } from '../../src/base/free-port.ts';
import { cacheHome } from '../../src/base/python/cache-home.ts';
import { ensureRuntime } from '../../src/base/python/ensure-runtime.ts';
import { runtimePlace } from '../../src/base/python/runtime.ts';
import { packagesOf } from '../../src/delivery/checks/lock/lock-text.ts';
import { airflowDatabase } from '../../src/environments/stack/airflow-database.ts';
import { startEmbeddedPostgres } from '../../src/store/embedded-postgres.ts';
import { createProject } from '../checks/headgate.ts';

const run = promisify(execFile);

export type StackProject = { folder: string; url: string; remove(): Promise<void> };

/**
 * A project whose dev environment can be brought up here: one DAG folder, a warehouse connection and a lock. Its Postgres
 * begins as a copy of a stopped one in the cache that holds Airflow's tables already, so that only the first test ever makes them.
 */
export async function createStackProject(): Promise<StackProject> {
  const ports = { airflow: await freePort(), postgres: await freePort() };
  const url = `http://127.0.0.1:${ports.airflow}`;
  const { folder, remove } = await createProject({
    'headgate.yaml': headgateYaml,
    'headgate.lock': JSON.stringify(await lockOfShipped()),
    'environments/dev.yaml': devYaml(url, ports.postgres),
    'airflow/dags/.gitkeep': '',
  });
  await mkdir(join(folder, '.headgate'), { recursive: true });
  await run('cp', ['-a', await preparedCluster(), join(folder, '.headgate', 'postgres')]);
  return { folder, url, remove };
}

const headgateYaml = `version: 1
project: small
values: { port: { type: integer } }
secrets: [loader_password]
parts:
  airflow:
    - name: main
      dags: airflow/dags
      connections:
        warehouse: { type: postgres, host: 127.0.0.1, port: "\${values.port}", schema: wh_dev, login: loader, password: "\${secrets.loader_password}" }
`;

function devYaml(url: string, port: number): string {
  return `environment: dev
targets:
  airflow: { provider: folder, dags: .headgate/dev/dags, url: "${url}", username: someone, password: "\${secrets.airflow_password}" }
values: { port: ${port} }
secrets: { loader_password: env:STACK_TEST_LOADER, airflow_password: env:STACK_TEST_AIRFLOW }
`;
}

/** What \`headgate lock\` writes for a part without requirements. */
async function lockOfShipped() {
  const packages = packagesOf(await readFile(runtimePlace('airflow').lockFile, 'utf8'));
  const version = packages.find(({ name }) => name === 'apache-airflow')?.version ?? '';
  const runtime = { runtime: 'airflow', python: '3.10', tools: { 'apache-airflow': version }, inputs: {}, packages };
  const runtimes = { 'airflow-1': { ...runtime, coordinates: [], jars: [] } };
  return { version: 1, parts: { 'airflow/main': 'airflow-1' }, images: [], runtimes };
}

async function preparedCluster(): Promise<string> {
  const runtime = await ensureRuntime('airflow');
  const folder = join(cacheHome(), 'test-stack', runtime.lock.slice(7, 19));
  const ready = `${folder}.ready`;
  await withFileLock(
    `${folder}.lock`,
    async () => {
      if (existsSync(ready)) return;
      const postgres = await startEmbeddedPostgres({ folder, port: 0 });
      await airflowDatabase({ server: postgres.url, name: 'first', runtime });
      await postgres.stop();
      await writeFile(ready, '');
    },
    300_000,
  );
  return folder;
}
