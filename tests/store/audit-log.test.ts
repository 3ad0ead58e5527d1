import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { sql } from 'kysely';
import { leafOf } from '../../src/delivery/audit/entry.ts';
import { treeRoot } from '../../src/delivery/audit/merkle.ts';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../src/store/embedded-postgres.ts';
import { openStore, type Store } from '../../src/store/open-store.ts';
import { appendAudit, listEntries, readLog, readTexts } from '../../src/store/queries/audit.ts';

let folder = '';
let postgres: EmbeddedPostgres;
let store: Store;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'headgate-audit-'));
  postgres = await startEmbeddedPostgres({ folder, port: 0 });
  store = await openStore(postgres.url);
});
after(async () => {
  await store.close();
  await postgres.stop();
  await rm(folder, { recursive: true, force: true });
});

function entry(subject: string) {
  return { at: new Date(), actor: 'ada', action: 'test.done', subject, detail: { odd: 'nul \0 and half \ud800' } };
}

test('several processes that open one database at once migrate it once', async () => {
  const stores = await Promise.all([openStore(postgres.url), openStore(postgres.url), openStore(postgres.url)]);
  await Promise.all(stores.map((one) => one.close()));
});

test('concurrent writers leave a log without gaps whose root is that of its entries', async () => {
  const before = await readLog(store.db);
  const writers = Array.from({ length: 40 }, (_, index) =>
    store.db.transaction().execute(async (trx) => {
      await appendAudit(trx, entry(`thing/${index}`));
      if (index % 5 === 0) throw new Error('given up');
    }),
  );
  const outcomes = await Promise.allSettled(writers);
  assert.equal(outcomes.filter(({ status }) => status === 'fulfilled').length, 32);
  const { frontier, root } = await readLog(store.db);
  assert.equal(frontier.size, before.frontier.size + 32);
  const texts = await readTexts(store.db, { from: 0, limit: 1000 });
  assert.deepEqual(treeRoot(texts.map(leafOf)), root);
  assert.deepEqual(
    (await listEntries(store.db, { before: null, limit: 1, subject: 'thing' })).map(({ seq }) => seq),
    [frontier.size - 1],
  );
});

test('the database refuses to change, remove or empty the log', async () => {
  for (const statement of [
    "update audit_entry set body = '{}'",
    'delete from audit_entry',
    'truncate audit_entry',
    'delete from audit_log',
    'truncate audit_head',
  ]) {
    await assert.rejects(sql.raw(statement).execute(store.db), /append-only/);
  }
});
