import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { startEmbeddedPostgres } from '../../src/store/embedded-postgres.ts';
import { openStore } from '../../src/store/open-store.ts';
import { auditFaults, play, type TwinReport } from './play.ts';

/** TWIN_KILLS=200 for the full run. HEADGATE_SEED plays other blows. */
const kills = Number(process.env.TWIN_KILLS ?? 60);
const seed = Number(process.env.HEADGATE_SEED ?? 1);

test(`of ${kills} kills of real workers none doubles, loses or strands anything`, async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'headgate-twin-'));
  const postgres = await startEmbeddedPostgres({ folder: join(folder, 'postgres'), port: 0 });
  // A frozen worker may stand inside a transaction; Postgres ends that, as it must in production.
  const url = `${postgres.url}?idle_in_transaction_session_timeout=1500`;
  const store = await openStore(postgres.url);
  try {
    const lanes = ['north', 'south'].map((environment, index) =>
      play({ store, url, folder: join(folder, environment), environment, kills: kills / 2, seed: seed + index }),
    );
    const reports = await Promise.all(lanes);
    for (const report of reports) t.diagnostic(line(report));
    for (const { doubled, lost, stuck, wrong } of reports) {
      assert.deepEqual({ doubled, lost, stuck, wrong }, { doubled: [], lost: [], stuck: [], wrong: [] });
    }
    assert.deepEqual(await auditFaults(store), []);
    const killed = reports.reduce((sum, report) => sum + report.kills, 0);
    assert.ok(killed >= kills, `only ${killed} kills`);
  } finally {
    await store.close();
    await postgres.stop();
    await rm(folder, { recursive: true, force: true });
  }
});

function line({ kills: killed, freezes, rollouts, done, undone, byPoint }: TwinReport): string {
  const where = [...byPoint].sort().map(([point, count]) => `${point} ${count}`);
  return `${killed} kills, ${freezes} freezes over ${rollouts} rollouts (${done} done, ${undone} undone); ${where.join(', ')}`;
}
