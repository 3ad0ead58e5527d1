import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import pg from 'pg';
import { processTable } from '../../src/environments/stack/process-table.ts';
import { headgate } from '../checks/headgate.ts';
import { createStackProject, type StackProject } from './stack-project.ts';

type Up = {
  airflow: { url: string; username: string; reused: boolean; ended: string[]; locked: boolean };
  postgres: { port: number; databases: unknown[] };
  secretsFile: string;
  passwordVariable: string;
};

let project: StackProject;
before(async () => {
  project = await createStackProject();
});
after(async () => {
  if (project === undefined) return;
  await headgate(project.folder, ['down']);
  await project.remove();
});

async function up(): Promise<Up> {
  const { status, out, err } = await headgate(project.folder, ['up', '--json']);
  assert.equal(status, 0, out + err);
  return JSON.parse(out);
}

async function down(): Promise<{ airflow: string; postgres: string }> {
  const { status, out, err } = await headgate(project.folder, ['down', '--json']);
  assert.equal(status, 0, out + err);
  return JSON.parse(out);
}

/** The processes that the stack says it has, and Postgres. */
async function pids(): Promise<{ [name: string]: number }> {
  const text = await readFile(join(project.folder, '.headgate/dev/stack/processes.json'), 'utf8');
  const { processes } = JSON.parse(text) as { processes: { name: string; pid: number }[] };
  const postmaster = await readFile(join(project.folder, '.headgate/postgres/data/postmaster.pid'), 'utf8');
  return {
    ...Object.fromEntries(processes.map(({ name, pid }) => [name, pid])),
    postgres: Number(postmaster.split('\n')[0]),
  };
}

async function secrets(): Promise<{ [name: string]: string }> {
  const text = await readFile(join(project.folder, '.headgate/dev/secrets.env'), 'utf8');
  return Object.fromEntries(
    text
      .trim()
      .split('\n')
      .map((line) => line.split('=', 2) as [string, string]),
  );
}

async function rest(
  method: string,
  path: string,
  body?: unknown,
): Promise<{ status: number; answer: { value?: string } }> {
  const { STACK_TEST_AIRFLOW: password } = await secrets();
  const headers = {
    authorization: `Basic ${Buffer.from(`someone:${password}`).toString('base64')}`,
    'content-type': 'application/json',
  };
  const sent = body === undefined ? {} : { body: JSON.stringify(body) };
  const response = await fetch(`${project.url}/api/v1${path}`, { method, headers, ...sent });
  return { status: response.status, answer: (await response.json()) as { value?: string } };
}

/** Names of those that run. One that has ended and that nobody has asked for yet does not. */
async function stillRunning(wanted: { [name: string]: number }): Promise<string[]> {
  const table = await processTable();
  return Object.keys(wanted).filter((name) => table.some(({ pid }) => pid === wanted[name]));
}

/** As the loader that the connection names. */
async function warehouse(port: number, sql: string): Promise<unknown[]> {
  const { STACK_TEST_LOADER: password } = await secrets();
  const client = new pg.Client({ host: '127.0.0.1', port, user: 'loader', database: 'wh_dev', password });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

let first: Up;
let running: { [name: string]: number };

test('up runs the locked Airflow and a Postgres with the databases of the connections, on this machine alone', async () => {
  first = await up();
  assert.deepEqual(
    [first.airflow.url, first.airflow.username, first.airflow.reused, first.airflow.ended, first.airflow.locked],
    [project.url, 'someone', false, [], true],
  );
  assert.deepEqual(first.postgres.databases, [{ connection: 'warehouse', database: 'wh_dev', role: 'loader' }]);
  assert.equal((await rest('POST', '/variables', { key: 'kept', value: 'over down' })).status, 200);
  await warehouse(first.postgres.port, 'create table kept (n int)');
  running = await pids();
  assert.deepEqual(Object.keys(running), ['scheduler', 'webserver', 'postgres']);
});

test('a second up joins what runs', async () => {
  const again = await up();
  assert.deepEqual([again.airflow.reused, again.airflow.ended, again.postgres], [true, [], first.postgres]);
  assert.deepEqual(await pids(), running);
});

test('when a process was killed, up says which, stops what it left behind and starts all again on the same data', async () => {
  const scheduled = (await processTable()).filter(({ session }) => session === running.scheduler);
  assert.ok(scheduled.length > 1, 'the scheduler has processes of its own');
  process.kill(running.scheduler ?? 0, 'SIGKILL');
  process.kill(running.postgres ?? 0, 'SIGKILL');
  const again = await up();
  assert.deepEqual([again.airflow.reused, again.airflow.ended], [false, ['scheduler']]);
  const now = await pids();
  assert.deepEqual(Object.keys(now), Object.keys(running));
  assert.deepEqual(await stillRunning(running), []);
  assert.deepEqual(
    (await processTable()).filter(({ pid, began }) => scheduled.some((old) => old.pid === pid && old.began === began)),
    [],
  );
  assert.equal((await rest('GET', '/variables/kept')).answer.value, 'over down');
  running = now;
});

test('down stops exactly what up started, and says so when there is nothing', async () => {
  const bystander = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], {
    cwd: join(project.folder, '.headgate/dev/stack'),
    detached: true,
    stdio: 'ignore',
  });
  assert.deepEqual(await down(), { environment: 'dev', airflow: 'stopped', postgres: 'stopped' });
  assert.deepEqual(await stillRunning(running), []);
  assert.equal(bystander.exitCode ?? bystander.signalCode, null);
  bystander.kill();
  await assert.rejects(fetch(project.url));
  assert.deepEqual(await down(), { environment: 'dev', airflow: 'not-running', postgres: 'not-running' });
});

test('up again has the data; a lock that names no runtime for Airflow is said', async () => {
  await writeFile(join(project.folder, 'headgate.lock'), '{"version":1,"parts":{},"images":[],"runtimes":{}}');
  const again = await up();
  assert.deepEqual([again.airflow.locked, again.airflow.ended], [false, []]);
  assert.equal((await rest('GET', '/variables/kept')).answer.value, 'over down');
  assert.deepEqual(await warehouse(again.postgres.port, 'select count(*)::int as n from kept'), [{ n: 0 }]);
});
