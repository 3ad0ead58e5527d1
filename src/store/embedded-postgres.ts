import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chown, mkdir, open, readFile, readlink, realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import pg from 'pg';
import { fail, messageOf } from '../base/errors.ts';
import { freePort } from '../base/free-port.ts';
import { isAlive } from '../base/is-alive.ts';
import { type Binaries, chooseUser, findBinaries, type RunAs } from './embedded/binaries.ts';
import { exclusively, joinUsers, leaveUsers } from './embedded/lease.ts';

/**
 * A real Postgres that Headgate started, or found running, in a folder of its own.
 * `url` leads to the database `headgate`; `database` gives the url of another one, made if it is missing.
 * `stop` leaves it running while another living process uses it.
 */
export type EmbeddedPostgres = {
  url: string;
  port: number;
  pid: number;
  reused: boolean;
  database(name: string): Promise<string>;
  stop(): Promise<void>;
};

/** `folder` is kept: the next start finds the same data. `port` 0 takes a free one; a Postgres that runs keeps its own. */
export type EmbeddedPostgresInput = { folder: string; port: number };

type Running = { pid: number; port: number };
const user = 'headgate';
const secondsToStart = 60;

/**
 * Starts Postgres in `folder`, or joins the one that runs there for another process (also one that a killed process
 * left behind). Works as root, who must hand it to another user, and as any user. Listens on 127.0.0.1 only.
 * @throws embedded-postgres-missing, embedded-postgres-failed
 */
export async function startEmbeddedPostgres(input: EmbeddedPostgresInput): Promise<EmbeddedPostgres> {
  const folder = resolve(input.folder);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const started = await exclusively(folder, () => findOrStart(folder, input.port));
  const url = urlOf(started.password, started.running.port, user);
  const database = (name: string) => ensureDatabase(url, started.password, started.running.port, name);
  await database(user);
  return {
    url,
    port: started.running.port,
    pid: started.running.pid,
    reused: started.reused,
    database,
    async stop() {
      // Without its folder it is of no use to anybody.
      if (!(await exists(folder))) return end(folder, started.running.pid);
      await exclusively(folder, () => stopUnlessUsed(folder, started.running.pid));
    },
  };
}

type Started = { running: Running; password: string; reused: boolean };

async function findOrStart(folder: string, port: number): Promise<Started> {
  const running = await findRunning(folder);
  await joinUsers(folder);
  if (running !== null) return { running, password: await readPassword(folder), reused: true };
  try {
    const runAs = await chooseUser();
    const binaries = await findBinaries(runAs);
    await initialise(folder, binaries, runAs);
    const fresh = await launchPatiently({ folder, binaries, runAs, port });
    return { running: fresh, password: await readPassword(folder), reused: false };
  } catch (error) {
    await leaveUsers(folder);
    throw error;
  }
}

/** Null when none runs. The pid file of a killed Postgres is removed when another program has its pid now. */
async function findRunning(folder: string): Promise<Running | null> {
  const deadline = Date.now() + secondsToStart * 1000;
  for (;;) {
    const found = await readPidFile(folder);
    if (found === null || !isAlive(found.pid)) return null;
    if (!(await runsIn(found.pid, join(folder, 'data')))) {
      await rm(join(folder, 'data', 'postmaster.pid'), { force: true });
      return null;
    }
    if (await answers(await readPassword(folder), found.port)) return found;
    if (Date.now() > deadline) {
      throw fail('embedded-postgres-failed', { folder, detail: `process ${found.pid} runs there but does not answer` });
    }
    await pauseMilliseconds(200);
  }
}

/** Whether the process works in the data folder, as Postgres does. Where that cannot be seen, the pid is believed. */
async function runsIn(pid: number, data: string): Promise<boolean> {
  if (process.platform !== 'linux') return true;
  const [cwd, wanted] = await Promise.all([readlink(`/proc/${pid}/cwd`).catch(() => null), realpath(data)]);
  return cwd === wanted;
}

async function readPidFile(folder: string): Promise<Running | null> {
  const text = await readFile(join(folder, 'data', 'postmaster.pid'), 'utf8').catch(() => null);
  if (text === null) return null;
  const lines = text.split('\n');
  const running = { pid: Number(lines[0]), port: Number(lines[3]) };
  return running.pid > 0 && running.port > 0 ? running : null;
}

/** Makes the cluster beside and renames it, so that a crash leaves either none or a whole one. */
async function initialise(folder: string, binaries: Binaries, runAs: RunAs): Promise<void> {
  if (await exists(join(folder, 'data', 'PG_VERSION'))) return;
  const making = join(folder, 'making');
  const password = randomBytes(24).toString('base64url');
  await rm(making, { recursive: true, force: true });
  await mkdir(join(making, 'data'), { recursive: true, mode: 0o700 });
  await writeFile(join(making, 'password'), password, { mode: 0o600 });
  await writeFile(join(folder, 'password'), password, { mode: 0o600 });
  if (runAs !== null) {
    for (const path of [making, join(making, 'data'), join(making, 'password')])
      await chown(path, runAs.uid, runAs.gid);
  }
  const child = spawn(
    binaries.initdb,
    [
      `--pgdata=${seenFrom(join(making, 'data'))}`,
      `--pwfile=${seenFrom(join(making, 'data'))}/../password`,
      `--username=${user}`,
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      '--locale=C',
    ],
    { cwd: join(making, 'data'), stdio: ['ignore', 'pipe', 'pipe'], env: plainEnvironment(), ...(runAs ?? {}) },
  );
  const { status, output } = await outcomeOf(child);
  if (status !== 0) throw fail('embedded-postgres-failed', { folder, detail: lastLines(output) });
  await rename(join(making, 'data'), join(folder, 'data'));
  await rm(making, { recursive: true, force: true });
}

/**
 * How the programs see the data folder they are started in. On Linux through /proc/self/cwd, so that the folders above
 * may stay closed to the user that runs them (temporary folders and /root are).
 */
function seenFrom(data: string): string {
  return process.platform === 'linux' ? '/proc/self/cwd' : data;
}

type Launch = { folder: string; binaries: Binaries; runAs: RunAs; port: number };

/** Right after a `kill -9` the old workers hold the shared memory for a moment; a free port may be taken meanwhile. */
async function launchPatiently(input: Launch): Promise<Running> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await launch({ ...input, port: input.port === 0 ? await freePort() : input.port });
    } catch (error) {
      const passing = /shared memory block|Address already in use/.test(messageOf(error));
      if (!passing || attempt === 10) throw error;
      await pauseMilliseconds(500);
    }
  }
}

/** Detached, so that Ctrl-C reaches Headgate first and Headgate stops Postgres after its own work. */
async function launch({ folder, binaries, runAs, port }: Launch): Promise<Running> {
  const data = join(folder, 'data');
  const log = await open(join(folder, 'postgres.log'), 'a', 0o600);
  const begun = (await log.stat()).size;
  const settings = ['listen_addresses=127.0.0.1', 'unix_socket_directories=', 'max_connections=300'];
  const child = spawn(
    binaries.postgres,
    ['-D', seenFrom(data), '-p', String(port), ...settings.flatMap((setting) => ['-c', setting])],
    { cwd: data, detached: true, stdio: ['ignore', log.fd, log.fd], env: plainEnvironment(), ...(runAs ?? {}) },
  );
  const ended = outcomeOf(child).then(() => 'ended' as const);
  child.unref();
  const password = await readPassword(folder);
  const deadline = Date.now() + secondsToStart * 1000;
  try {
    while (Date.now() < deadline) {
      if (child.pid !== undefined && (await answers(password, port))) return { pid: child.pid, port };
      const first = await Promise.race([ended, pauseMilliseconds(30)]);
      if (first === 'ended') break;
    }
    child.kill('SIGINT');
    throw fail('embedded-postgres-failed', { folder, detail: await logTail(folder, begun) });
  } finally {
    await log.close();
  }
}

async function stopUnlessUsed(folder: string, pid: number): Promise<void> {
  if (await leaveUsers(folder)) await end(folder, pid);
}

async function end(folder: string, pid: number): Promise<void> {
  if (!isAlive(pid)) return;
  process.kill(pid, 'SIGINT');
  const deadline = Date.now() + 30_000;
  while (isAlive(pid) && (await readPidFile(folder)) !== null && Date.now() < deadline) await pauseMilliseconds(20);
}

async function ensureDatabase(url: string, password: string, port: number, name: string): Promise<string> {
  if (!/^[a-z][a-z0-9_]{0,62}$/.test(name)) throw new Error(`not a database name: ${name}`);
  const admin = new pg.Client({ connectionString: urlOf(password, port, 'postgres') });
  await admin.connect();
  try {
    const found = await admin.query('select 1 from pg_database where datname = $1', [name]);
    if (found.rowCount === 0) await admin.query(`create database ${admin.escapeIdentifier(name)}`);
  } catch (error) {
    // 42P04 and 23505: another process made it at the same moment.
    const code = error instanceof Error && 'code' in error ? error.code : null;
    if (code !== '42P04' && code !== '23505') throw error;
  } finally {
    await admin.end();
  }
  const made = new URL(url);
  made.pathname = `/${name}`;
  return made.href;
}

async function answers(password: string, port: number): Promise<boolean> {
  const client = new pg.Client({ connectionString: urlOf(password, port, 'postgres'), connectionTimeoutMillis: 2000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
}

function urlOf(password: string, port: number, database: string): string {
  return `postgres://${user}:${password}@127.0.0.1:${port}/${database}`;
}

async function readPassword(folder: string): Promise<string> {
  return (await readFile(join(folder, 'password'), 'utf8')).trim();
}

/** Only what Postgres needs: no PG* variable of the caller changes it, and no secret of the caller reaches it. */
function plainEnvironment(): NodeJS.ProcessEnv {
  return { PATH: process.env.PATH ?? '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' };
}

async function outcomeOf(child: ChildProcess): Promise<{ status: number | null; output: string }> {
  let output = '';
  child.stdout?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  return new Promise((done) => {
    child.on('error', (error) => done({ status: null, output: error.message }));
    child.on('close', (status) => done({ status, output }));
  });
}

async function logTail(folder: string, from: number): Promise<string> {
  const text = await readFile(join(folder, 'postgres.log'));
  return lastLines(text.subarray(from).toString());
}

function lastLines(text: string): string {
  return text.trim().split('\n').slice(-6).join('\n');
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

function pauseMilliseconds(milliseconds: number): Promise<void> {
  return new Promise((done) => setTimeout(done, milliseconds));
}
