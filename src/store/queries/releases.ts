import type { Selectable } from 'kysely';
import type { Approval } from '../../delivery/gates/verdict.ts';
import type { DeliveryStore, ReleaseRow } from '../../workflows/release/delivery-store.ts';
import type { Db } from '../open-store.ts';
import type { Tables } from '../tables.ts';
import { appendAudit } from './audit.ts';

type ReleaseQueries = Pick<
  DeliveryStore,
  'addRelease' | 'release' | 'releases' | 'live' | 'moveRelease' | 'makeLive' | 'approvals' | 'addApproval'
>;

/** Releases and what people said about them. */
export function releaseQueries(db: Db): ReleaseQueries {
  return {
    addRelease: (release, audit) => addRelease(db, release, audit),
    async release(id) {
      const row = await db.selectFrom('release').selectAll().where('id', '=', id).executeTakeFirst();
      return row === undefined ? null : releaseOf(row);
    },
    releases: (filter) => listReleases(db, filter),
    live: (environment, project) => readLive(db, environment, project),
    moveRelease: (move) => moveRelease(db, move),
    makeLive: (move) => makeLive(db, move),
    async approvals(release) {
      const rows = await db
        .selectFrom('approval')
        .select('body')
        .where('release', '=', release)
        .orderBy('number')
        .execute();
      return rows.map(({ body }): Approval => ({ ...body, at: new Date(body.at), expires: new Date(body.expires) }));
    },
    async addApproval(approval, audit) {
      await db.transaction().execute(async (trx) => {
        await trx
          .insertInto('approval')
          .values({ release: approval.release, body: JSON.stringify(approval) })
          .execute();
        await appendAudit(trx, audit);
      });
    },
  };
}

async function addRelease(db: Db, ...[release, audit]: Parameters<DeliveryStore['addRelease']>): Promise<void> {
  await db.transaction().execute(async (trx) => {
    const added = await trx
      .insertInto('release')
      .values({
        id: release.id,
        project: release.project,
        bundle: release.bundle,
        environment: release.environment,
        kind: release.kind,
        requested_by: release.requestedBy,
        authors: release.authors,
        requested_at: release.requestedAt,
        findings: JSON.stringify(release.findings),
        state: 'asked',
        because: 'its plan is being made',
        plan: null,
        before: null,
        following: release.following,
        rollout: null,
        live_at: null,
        trouble: null,
        changed_at: release.requestedAt,
      })
      .onConflict((conflict) => conflict.column('id').doNothing())
      .executeTakeFirst();
    if (added.numInsertedOrUpdatedRows === 1n) await appendAudit(trx, audit);
  });
}

async function listReleases(db: Db, filter: Parameters<DeliveryStore['releases']>[0]): Promise<ReleaseRow[]> {
  const { environment, project, states, wereLive, limit } = filter;
  const rows = await db
    .selectFrom('release')
    .selectAll()
    .$if(environment !== null, (query) => query.where('environment', '=', environment))
    .$if(project !== null, (query) => query.where('project', '=', project))
    .$if(states !== null, (query) => query.where('state', 'in', states ?? []))
    .$if(wereLive, (query) => query.where('live_at', 'is not', null))
    .orderBy('number', 'desc')
    .limit(limit)
    .execute();
  return rows.map(releaseOf);
}

async function readLive(db: Db, environment: string, project: string): Promise<ReleaseRow | null> {
  const row = await db
    .selectFrom('release')
    .selectAll()
    .where('environment', '=', environment)
    .where('project', '=', project)
    .where('state', '=', 'live')
    .executeTakeFirst();
  return row === undefined ? null : releaseOf(row);
}

async function moveRelease(db: Db, move: Parameters<DeliveryStore['moveRelease']>[0]): Promise<'moved' | 'stale'> {
  return db.transaction().execute(async (trx) => {
    const moved = await trx
      .updateTable('release')
      .set({
        state: move.to,
        because: move.because,
        changed_at: move.at,
        ...(move.plan === undefined ? {} : { plan: JSON.stringify(move.plan) }),
        ...(move.rollout === undefined ? {} : { rollout: move.rollout }),
        ...(move.trouble === undefined ? {} : { trouble: move.trouble === null ? null : JSON.stringify(move.trouble) }),
      })
      .where('id', '=', move.id)
      .where('state', 'in', move.from)
      .executeTakeFirst();
    if (moved.numUpdatedRows === 0n) return 'stale';
    await appendAudit(trx, move.audit);
    return 'moved';
  });
}

async function makeLive(db: Db, move: Parameters<DeliveryStore['makeLive']>[0]): Promise<'moved' | 'stale'> {
  return db.transaction().execute(async (trx) => {
    const row = await trx
      .selectFrom('release')
      .select(['environment', 'project', 'bundle'])
      .where('id', '=', move.id)
      .where('state', 'in', move.from)
      .forUpdate()
      .executeTakeFirst();
    if (row === undefined) return 'stale';
    const { environment, project } = row;
    const previous = await trx
      .updateTable('release')
      .set({ state: 'superseded', because: `superseded by ${move.id}`, changed_at: move.at })
      .where('environment', '=', environment)
      .where('project', '=', project)
      .where('state', '=', 'live')
      .returning(['bundle', 'before'])
      .executeTakeFirst();
    const before = previous?.bundle === row.bundle ? previous.before : (previous?.bundle ?? null);
    await trx
      .updateTable('release')
      .set({ state: 'live', because: move.because, before, live_at: move.at, trouble: null, changed_at: move.at })
      .where('id', '=', move.id)
      .execute();
    await appendAudit(trx, move.audit);
    return 'moved';
  });
}

function releaseOf(row: Selectable<Tables['release']>): ReleaseRow {
  const { id, number, project, bundle, environment, kind, authors, findings, state, because, plan } = row;
  return {
    id,
    number,
    project,
    bundle,
    environment,
    kind,
    requestedBy: row.requested_by,
    authors,
    requestedAt: row.requested_at,
    findings,
    state,
    because,
    plan,
    before: row.before,
    following: row.following,
    rollout: row.rollout,
    liveAt: row.live_at,
    trouble: row.trouble,
    changedAt: row.changed_at,
  };
}
