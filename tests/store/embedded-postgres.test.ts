import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import pg from 'pg';
import { startEmbeddedPostgres } from '../../src/store/embedded-postgres.ts';

let folder = '';
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'headgate-postgres-'));
});
after(async () => {
  await rm(folder, { recursive: true, force: true });
});

async function ask(url: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}

function kill(pid: number): Promise<void> {
  process.kill(pid, 'SIGKILL');
  return new Promise((done) => setTimeout(done, 300));
}

test('an embedded Postgres keeps its data over stop, kill -9 and a pid file that names another program', async () => {
  const first = await startEmbeddedPostgres({ folder, port: 0 });
  assert.equal(first.reused, false);
  await ask(first.url, 'create table kept (word text)');
  await ask(first.url, "insert into kept values ('once')");

  const joined = await startEmbeddedPostgres({ folder, port: 0 });
  assert.deepEqual([joined.reused, joined.port, joined.pid], [true, first.port, first.pid]);

  await kill(first.pid);
  const second = await startEmbeddedPostgres({ folder, port: 0 });
  assert.notEqual(second.pid, first.pid);
  assert.deepEqual(await ask(second.url, 'select word from kept'), [{ word: 'once' }]);

  await kill(second.pid);
  const pidFile = join(folder, 'data', 'postmaster.pid');
  const lines = (await readFile(pidFile, 'utf8')).split('\n');
  await writeFile(pidFile, [String(process.pid), ...lines.slice(1)].join('\n'));
  const third = await startEmbeddedPostgres({ folder, port: 0 });
  assert.deepEqual(await ask(third.url, 'select word from kept'), [{ word: 'once' }]);
  const other = await third.database('warehouse_prod');
  assert.deepEqual(await ask(other, 'select current_database() as name'), [{ name: 'warehouse_prod' }]);

  await third.stop();
  await assert.rejects(ask(third.url, 'select 1'), /ECONNREFUSED/);
});

test('two starts at the same moment give one Postgres', async () => {
  const both = await Promise.all([
    startEmbeddedPostgres({ folder, port: 0 }),
    startEmbeddedPostgres({ folder, port: 0 }),
  ]);
  assert.equal(both[0].pid, both[1].pid);
  await both[0].stop();
});

test('a taken port is named in the error', async () => {
  const busy = await startEmbeddedPostgres({ folder, port: 0 });
  const other = await mkdtemp(join(tmpdir(), 'headgate-postgres-'));
  await assert.rejects(startEmbeddedPostgres({ folder: other, port: busy.port }), /Address already in use/);
  await busy.stop();
  await rm(other, { recursive: true, force: true });
});
