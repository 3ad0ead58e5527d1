import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { sql } from 'kysely';
import { leafOf } from '../../src/delivery/audit/entry.ts';
import { emptyFrontier, grow } from '../../src/delivery/audit/merkle.ts';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../src/store/embedded-postgres.ts';
import { openStore, type Store } from '../../src/store/open-store.ts';
import { readTexts } from '../../src/store/queries/audit.ts';
import { createRig, environmentText, type Rig } from './rig.ts';

let rig: Rig;
let postgres: EmbeddedPostgres;
let store: Store;

before(async () => {
  rig = await createRig();
  postgres = await startEmbeddedPostgres({ folder: join(rig.folder, 'postgres'), port: 0 });
  await rig.serve({ database: postgres.url });
  store = await openStore(postgres.url);
  await rig.environments({ 'dev.yaml': environmentText(rig, { name: 'dev' }) });
  for (const person of ['a', 'b', 'c']) await rig.token(`${person}@example.test`, 'auditor');
});
after(async () => {
  await store.close();
  await rig.stop();
  await postgres.stop();
  await rig.close();
});

const file = (name: string) => join(rig.folder, name);

/** What somebody with all power over the database could do. */
async function tamper(statement: string): Promise<void> {
  await sql`alter table audit_entry disable trigger user`.execute(store.db);
  await sql.raw(statement).execute(store.db);
  await sql`alter table audit_entry enable trigger user`.execute(store.db);
}

test('an exported log is verified offline, and each entry is proven', async () => {
  const exported = await rig.cli(rig.operator, 'audit', 'export', file('log.json'));
  assert.equal(exported.status, 0, exported.stdout);
  const offline = await rig.cli('', 'audit', 'verify', file('log.json'));
  assert.deepEqual([offline.status, offline.json.ok], [0, true], offline.stdout);
  const proven = await rig.cli(rig.operator, 'audit', 'prove', '3');
  assert.deepEqual([proven.status, proven.json.holds], [0, true], proven.stdout);
  const none = await rig.cli(rig.operator, 'audit', 'prove', '100000');
  assert.equal(none.status, 2);
  const key = await rig.cli(
    '',
    'audit',
    'verify',
    file('log.json'),
    '--key',
    join(rig.folder, 'data', 'control-plane.pem.pub'),
  );
  assert.equal(key.status, 0, key.stdout);
  await writeFile(file('broken.json'), '{"headgate":"audit-log/1"}');
  assert.equal((await rig.cli('', 'audit', 'verify', file('broken.json'))).status, 2);
});

test('an entry changed in the database is found, by the control plane and from the file kept earlier', async () => {
  const original = 'select body from audit_entry where seq = 4';
  const { rows } = await sql.raw<{ body: string }>(original).execute(store.db);
  await tamper(`update audit_entry set body = replace(body, 'a@example.test', 'eve@example.test') where seq >= 0`);
  const online = await rig.cli(rig.operator, 'audit', 'verify');
  assert.deepEqual([online.status, online.json.ok], [1, false]);
  await tamper(`update audit_entry set body = replace(body, 'eve@example.test', 'a@example.test') where seq >= 0`);
  assert.deepEqual((await sql.raw(original).execute(store.db)).rows, rows);
  assert.equal((await rig.cli(rig.operator, 'audit', 'verify')).status, 0);
});

test('a history that was cut and grown anew does not agree with the log kept earlier', async () => {
  await tamper('delete from audit_entry where seq >= 3');
  await sql`update audit_log set size = 3`.execute(store.db);
  await sql`alter table audit_head disable trigger user`.execute(store.db);
  await sql`delete from audit_head`.execute(store.db);
  const texts = await readTexts(store.db, { from: 0, limit: 3 });
  const { peaks } = texts.map(leafOf).reduce(grow, emptyFrontier);
  await store.db
    .updateTable('audit_log')
    .set({ peaks: Buffer.concat(peaks) })
    .execute();
  await rig.token('late@example.test', 'auditor');

  const alone = await rig.cli(rig.operator, 'audit', 'verify');
  assert.equal(alone.status, 0, 'the shorter log is consistent in itself');
  const compared = await rig.cli(rig.operator, 'audit', 'verify', '--earlier', file('log.json'));
  assert.deepEqual([compared.status, compared.json.ok], [1, false], compared.stdout);
});
