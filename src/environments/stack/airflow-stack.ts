import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fail } from '../../base/errors.ts';
import { freePort } from '../../base/free-port.ts';
import { ensureAt } from '../../base/python/ensure-runtime.ts';
import { type Runtime, type RuntimePlace, runtimePlace, runtimePresent } from '../../base/python/runtime.ts';
import { airflowDatabase, setAirflowUser } from './airflow-database.ts';
import { type AirflowPlace, airflowEnvironment } from './airflow-environment.ts';
import { endedOwned, launchOwned, type Owned, runningOwned, stopOwned } from './owned-processes.ts';
import { stackSecrets } from './stack-secrets.ts';

/**
 * `folder` keeps logs, secrets and the record of processes; `dags` is what Airflow reads. `server` is a Postgres where
 * databases may be made and `database` the name of Airflow's own in it. `port` 0 takes a free one. `runtime` is what it
 * runs on; null: the one that Headgate ships.
 */
export type AirflowStackInput = {
  folder: string;
  dags: string;
  server: string;
  database: string;
  port: number;
  env: { [name: string]: string };
  /** Who may sign in; null: the user `headgate` with a password that is made once and kept. */
  user: { name: string; password: string } | null;
  runtime: RuntimePlace | null;
};

/**
 * A real Airflow that runs on this machine. `home` is the release home inside the DAGs folder. `ended` names processes of
 * it that had ended by themselves or were killed, for which it was started again.
 */
export type AirflowStack = {
  url: string;
  username: string;
  password: string;
  dags: string;
  home: string;
  reused: boolean;
  ended: string[];
  stop(): Promise<void>;
};

const USERNAME = 'headgate';
const SECONDS_TO_START = 120;

/**
 * Starts a lean Airflow (scheduler with LocalExecutor, one web worker) and waits until its REST API says that it is
 * healthy, or joins the one that runs for this folder already. It goes on after this process ends.
 * @throws stack-not-started, with the end of the log
 */
export async function startAirflowStack(input: AirflowStackInput): Promise<AirflowStack> {
  const folder = resolve(input.folder);
  const dags = resolve(input.dags);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await mkdir(dags, { recursive: true });
  const secrets = await stackSecrets(folder);
  const user = input.user ?? { name: USERNAME, password: secrets.password };
  const started = await startOrJoin({ ...input, folder, dags, user }, secrets);
  return {
    url: started.url,
    username: user.name,
    password: user.password,
    dags,
    home: join(dags, '_headgate'),
    reused: started.reused,
    ended: started.ended,
    stop: () => stopAirflowStack(folder).then(() => undefined),
  };
}

/** Stops the Airflow of a folder, whoever started it. False when none ran. */
export async function stopAirflowStack(folder: string): Promise<boolean> {
  return (await stopOwned(resolve(folder))).length > 0;
}

type Wanted = AirflowStackInput & { user: { name: string; password: string } };
type Started = { url: string; reused: boolean; ended: string[] };

/** The file that names the lock of the runtime that was started last. */
const RUNTIME_FILE = 'runtime';

async function startOrJoin(input: Wanted, secrets: AirflowPlace['secrets']): Promise<Started> {
  const { folder } = input;
  const wanted = input.runtime ?? runtimePlace('airflow');
  const before = await readKept(folder, RUNTIME_FILE);
  const running = await runningOwned(folder);
  const joined = await readKept(folder, 'address');
  const isWanted = before === null || before === wanted.lock;
  if (running.length === 2 && joined !== null && isWanted && (await isHealthy(joined))) {
    return { url: joined, reused: true, ended: [] };
  }
  const ended = await endedOwned(folder);
  await stopOwned(folder);
  const port = input.port === 0 ? await freePort() : input.port;
  const url = `http://127.0.0.1:${port}`;
  const airflow = await ensureAt(wanted);
  const place = await prepare({ ...input, airflow, isChanged: !isWanted }, secrets);
  await writeFile(join(folder, RUNTIME_FILE), wanted.lock);
  const env = airflowEnvironment(place);
  const bin = join(place.airflow.home, 'bin');
  const start = (name: string, argv: string[]) => launchOwned(folder, { name, argv, env, cwd: folder });
  await rm(join(folder, 'airflow-webserver.pid'), { force: true });
  const processes = await Promise.all([
    start('scheduler', [join(bin, 'python'), join(bin, 'airflow'), 'scheduler', '--skip-serve-logs']),
  ]);
  const web = ['-w', '1', '-k', 'gthread', '--threads', '4', '-b', `127.0.0.1:${port}`, '--timeout', '120'];
  processes.push(
    await start('webserver', [join(bin, 'python'), join(bin, 'gunicorn'), ...web, 'airflow.www.app:cached_app()']),
  );
  await writeFile(join(folder, 'address'), url);
  await waitUntilHealthy(folder, url, processes);
  return { url, reused: false, ended };
}

type Prepared = Wanted & { airflow: Runtime; isChanged: boolean };

async function prepare(input: Prepared, secrets: AirflowPlace['secrets']): Promise<AirflowPlace> {
  const { folder, dags, server, env, airflow, isChanged } = input;
  const database = await airflowDatabase({ server, name: input.database, runtime: airflow, isChanged });
  await setAirflowUser(database, input.user);
  const [dbt, spark] = [runtimePresent('dbt'), runtimePresent('spark')];
  return { folder, dags, home: join(dags, '_headgate'), database, airflow, dbt, spark, secrets, env };
}

async function waitUntilHealthy(folder: string, url: string, processes: Owned[]): Promise<void> {
  const deadline = Date.now() + SECONDS_TO_START * 1000;
  while (!(await isHealthy(url))) {
    const running = await runningOwned(folder);
    const ended = processes.find((owned) => !running.some(({ name }) => name === owned.name));
    if (ended === undefined && Date.now() < deadline) {
      await sleep(250);
      continue;
    }
    const { name, log } = ended ?? { name: 'Airflow', log: join(folder, 'logs', 'scheduler.log') };
    const output = (await readFile(log, 'utf8').catch(() => '')).trim().split('\n').slice(-12).join('\n');
    await stopOwned(folder);
    throw fail('stack-not-started', { name, log, output });
  }
}

/** Healthy: the web server answers, and the scheduler has reported to the database of late. */
async function isHealthy(url: string): Promise<boolean> {
  try {
    const answer = await fetch(`${url}/api/v1/health`, { signal: AbortSignal.timeout(5000) });
    const health: unknown = await answer.json();
    return JSON.stringify(health).match(/"status":"healthy"/g)?.length === 2;
  } catch {
    return false;
  }
}

async function readKept(folder: string, file: string): Promise<string | null> {
  return readFile(join(folder, file), 'utf8').catch(() => null);
}
