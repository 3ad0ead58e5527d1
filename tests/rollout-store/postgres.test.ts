import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe } from 'node:test';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../src/store/embedded-postgres.ts';
import { openStore, type Store } from '../../src/store/open-store.ts';
import { rolloutStore } from '../../src/store/queries/rollouts.ts';
import { holdsRolloutStoreContract } from './contract.ts';

describe('the rollout store in Postgres', () => {
  let folder: string;
  let postgres: EmbeddedPostgres;
  let store: Store;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'headgate-rollouts-'));
    postgres = await startEmbeddedPostgres({ folder, port: 0 });
    store = await openStore(postgres.url);
  });
  after(async () => {
    await store.close();
    await postgres.stop();
    await rm(folder, { recursive: true, force: true });
  });

  holdsRolloutStoreContract(async () => ({ store: rolloutStore(store.db), audited }));

  async function audited(): Promise<string[]> {
    const rows = await store.db.selectFrom('audit_entry').select(['action', 'subject']).orderBy('seq').execute();
    return rows.map(({ action, subject }) => `${action} ${subject}`);
  }
});
