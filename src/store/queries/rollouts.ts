import type { Selectable } from 'kysely';
import { freesEnvironment, isEnded, type Rollout, type StepRow } from '../../delivery/rollout/rollout.ts';
import { changedRow, initialRows, resumedRow } from '../../delivery/rollout/step-change.ts';
import type { Recorded, RolloutStore } from '../../workflows/ports.ts';
import type { Db, Trx } from '../open-store.ts';
import type { Tables } from '../tables.ts';
import { appendAudit } from './audit.ts';

type RolloutColumns = Selectable<Tables['rollout']>;

/**
 * Rollouts in Postgres. Every method is one transaction that takes its locks in the same order (rollout, environment, audit
 * log), so they wait for each other and never lock each other out.
 */
export function rolloutStore(db: Db): RolloutStore {
  return {
    open: (input) => db.transaction().execute((trx) => open(trx, input)),
    read: (id) =>
      db
        .transaction()
        .setIsolationLevel('repeatable read')
        .execute((trx) => read(trx, id)),
    async unfinished() {
      const rows = await db
        .selectFrom('rollout')
        .select('id')
        .where('state', 'in', ['running', 'undoing'])
        .orderBy('number')
        .execute();
      return rows.map(({ id }) => id);
    },
    claim: (input) => db.transaction().execute((trx) => claim(trx, input)),
    async renew({ id, holder, epoch, now, leaseSeconds }) {
      const renewed = await db
        .updateTable('rollout')
        .set({ held_until: secondsAfter(now, leaseSeconds) })
        .where('id', '=', id)
        .where('holder', '=', holder)
        .where('epoch', '=', epoch)
        .executeTakeFirst();
      return renewed.numUpdatedRows === 1n ? 'recorded' : 'stale';
    },
    async release({ id, holder, epoch }) {
      await db
        .updateTable('rollout')
        .set({ holder: null, held_until: null })
        .where('id', '=', id)
        .where('holder', '=', holder)
        .where('epoch', '=', epoch)
        .execute();
    },
    record: (change) => db.transaction().execute((trx) => record(trx, change)),
    move: (input) => db.transaction().execute((trx) => move(trx, input)),
  };
}

type Input<Method extends keyof RolloutStore> = Parameters<RolloutStore[Method]>[0];

async function open(trx: Trx, { id, release, plan, at, audit }: Input<'open'>): Promise<Rollout | { busy: string }> {
  await trx
    .insertInto('rollout_environment')
    .values({ environment: plan.environment, epoch: 0, open_rollout: null })
    .onConflict((conflict) => conflict.column('environment').doNothing())
    .execute();
  const environment = await trx
    .selectFrom('rollout_environment')
    .selectAll()
    .where('environment', '=', plan.environment)
    .forUpdate()
    .executeTakeFirstOrThrow();
  const known = await read(trx, id);
  if (known !== null) return known;
  if (environment.open_rollout !== null) return { busy: environment.open_rollout };
  const steps = initialRows(plan);
  const { epoch } = environment;
  await trx
    .insertInto('rollout')
    .values({
      id,
      release,
      environment: plan.environment,
      plan: plan.digest,
      state: 'running',
      because: '',
      epoch,
      holder: null,
      held_until: null,
      opened_at: at,
      moved_at: at,
    })
    .execute();
  if (steps.length > 0)
    await trx
      .insertInto('rollout_step')
      .values(steps.map((row) => columnsOf(id, row)))
      .execute();
  await trx
    .updateTable('rollout_environment')
    .set({ open_rollout: id })
    .where('environment', '=', plan.environment)
    .execute();
  await appendAudit(trx, audit);
  return { id, release, environment: plan.environment, plan: plan.digest, state: 'running', epoch, steps };
}

async function claim(
  trx: Trx,
  { id, holder, now, leaseSeconds }: Input<'claim'>,
): Promise<{ epoch: number } | { heldBy: string; until: Date } | null> {
  const row = await locked(trx, id);
  if (row === null || isEnded(row.state)) return null;
  if (row.holder !== null && row.held_until !== null && row.held_until > now) {
    return { heldBy: row.holder, until: row.held_until };
  }
  const { epoch } = await trx
    .updateTable('rollout_environment')
    .set((table) => ({ epoch: table('epoch', '+', 1) }))
    .where('environment', '=', row.environment)
    .returning('epoch')
    .executeTakeFirstOrThrow();
  await trx
    .updateTable('rollout')
    .set({ epoch, holder, held_until: secondsAfter(now, leaseSeconds) })
    .where('id', '=', id)
    .execute();
  return { epoch };
}

async function record(trx: Trx, change: Input<'record'>): Promise<Recorded> {
  const row = await locked(trx, change.rollout);
  if (row === null || row.epoch !== change.epoch || row.holder === null) return 'stale';
  const [step] = await stepsOf(trx, change.rollout, change.index);
  if (step === undefined || step.state !== change.from) return 'stale';
  await saveStep(trx, change.rollout, changedRow(step, change));
  await appendAudit(trx, change.audit);
  return 'recorded';
}

async function move(trx: Trx, { id, epoch, from, to, because, at, audit }: Input<'move'>): Promise<Recorded> {
  const row = await locked(trx, id);
  if (row === null || row.epoch !== epoch || row.state !== from) return 'stale';
  if (row.holder === null && from !== 'stuck') return 'stale';
  await trx
    .updateTable('rollout')
    .set({ state: to, because, moved_at: at, ...(isEnded(to) ? { holder: null, held_until: null } : {}) })
    .where('id', '=', id)
    .execute();
  if (from === 'stuck' && !isEnded(to)) {
    for (const step of await stepsOf(trx, id, null)) await saveStep(trx, id, resumedRow(step));
  }
  if (freesEnvironment(to)) {
    await trx
      .updateTable('rollout_environment')
      .set({ open_rollout: null })
      .where('environment', '=', row.environment)
      .where('open_rollout', '=', id)
      .execute();
  }
  await appendAudit(trx, audit);
  return 'recorded';
}

async function read(trx: Trx, id: string): Promise<Rollout | null> {
  const row = await trx.selectFrom('rollout').selectAll().where('id', '=', id).executeTakeFirst();
  if (row === undefined) return null;
  const { release, environment, plan, state, epoch } = row;
  return { id, release, environment, plan, state, epoch, steps: await stepsOf(trx, id, null) };
}

async function locked(trx: Trx, id: string): Promise<RolloutColumns | null> {
  const row = await trx.selectFrom('rollout').selectAll().where('id', '=', id).forUpdate().executeTakeFirst();
  return row ?? null;
}

/** The rows of a rollout in order; only the one of `index` unless it is null. */
async function stepsOf(trx: Trx, rollout: string, index: number | null): Promise<StepRow[]> {
  const rows = await trx
    .selectFrom('rollout_step')
    .selectAll()
    .where('rollout', '=', rollout)
    .$if(index !== null, (query) => query.where('index', '=', index))
    .orderBy('index')
    .execute();
  return rows.map((row) => ({
    index: row.index,
    step: row.step,
    state: row.state,
    attempts: row.attempts,
    detail: row.detail,
    notBefore: row.not_before,
  }));
}

async function saveStep(trx: Trx, rollout: string, row: StepRow): Promise<void> {
  const { state, attempts, detail, notBefore } = row;
  await trx
    .updateTable('rollout_step')
    .set({ state, attempts, detail, not_before: notBefore })
    .where('rollout', '=', rollout)
    .where('index', '=', row.index)
    .execute();
}

function columnsOf(rollout: string, { index, step, state, attempts, detail, notBefore }: StepRow) {
  return { rollout, index, step: JSON.stringify(step), state, attempts, detail, not_before: notBefore };
}

function secondsAfter(now: Date, seconds: number): Date {
  return new Date(now.getTime() + seconds * 1000);
}
