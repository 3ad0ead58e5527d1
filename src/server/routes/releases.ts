import { z } from '@hono/zod-openapi';
import { fail } from '../../base/errors.ts';
import { parseDigest } from '../../model/identifiers.ts';
import { readLog } from '../../store/queries/audit.ts';
import { approveRelease } from '../../workflows/release/approve.ts';
import { askRelease } from '../../workflows/release/ask-release.ts';
import type { DeliverPorts } from '../../workflows/release/deliver-ports.ts';
import { rollBack } from '../../workflows/release/roll-back.ts';
import {
  ApprovalWish,
  AskedRelease,
  ReleaseBrief,
  ReleaseShape,
  ReleaseWish,
  RollbackWish,
  roles,
} from '../contract.ts';
import type { Plane } from '../plane.ts';
import { type Route, route } from '../route.ts';
import { briefView, releaseView } from '../views.ts';

const byId = z.object({ id: z.string().max(64) });
const states = ReleaseBrief.shape.state;

/** Releases: asked for, looked at, approved or rejected, and taken back. */
export const releaseRoutes: readonly Route[] = [
  route({
    method: 'post',
    path: '/releases',
    summary: 'Ask for a bundle in an environment',
    policy: { roles: ['author', 'operator'], reach: 'environment' },
    params: null,
    query: null,
    body: ReleaseWish,
    answer: AskedRelease,
    async handle({ plane, who, body: { bundle, environment }, within }) {
      within(environment);
      const digest = parseDigest(bundle);
      const upload = digest === null ? null : await plane.uploads.find(digest);
      if (digest === null || upload === null) throw fail('bundle-unknown', { bundle });
      const { frontier } = await readLog(plane.database.db);
      const authors = [who.person, upload.uploaded_by];
      const wish = { environment, requestedBy: who.person, kind: 'promotion' as const, following: null };
      const release = await askRelease({ ...wish, bundle: digest, authors }, plane);
      return { release: await releaseView(release, plane), cursor: frontier.size - 1 };
    },
  }),
  route({
    method: 'get',
    path: '/releases',
    summary: 'Releases, newest first',
    policy: { roles, reach: 'environment' },
    params: null,
    query: z.object({
      environment: z.string().optional(),
      project: z.string().optional(),
      state: states.optional(),
      limit: z.coerce.number().int().min(1).max(500).default(50),
    }),
    body: null,
    answer: z.object({ releases: z.array(ReleaseBrief) }),
    async handle({ plane, query, visible }) {
      const { environment = null, project = null, state, limit } = query;
      const wanted = state === undefined ? null : [state];
      const rows = await plane.store.releases({ environment, project, states: wanted, wereLive: false, limit });
      return { releases: visible(rows, (row) => row.environment).map(briefView) };
    },
  }),
  route({
    method: 'get',
    path: '/releases/{id}',
    summary: 'One release with its plan, its rollout and what people said',
    policy: { roles, reach: 'environment' },
    params: byId,
    query: null,
    body: null,
    answer: ReleaseShape,
    async handle({ plane, params: { id }, within }) {
      const release = await readRelease(id, plane);
      within(release.environment);
      return releaseView(release, plane);
    },
  }),
  route({
    method: 'post',
    path: '/releases/{id}/approvals',
    summary: 'Approve or reject the plan of a waiting release',
    policy: { roles: ['approver', 'operator'], reach: 'environment' },
    params: byId,
    query: null,
    body: ApprovalWish,
    answer: AskedRelease,
    async handle({ plane, who, params: { id }, body, within }) {
      const release = await readRelease(id, plane);
      within(release.environment);
      const plan = parseDigest(body.plan);
      if (plan === null) throw fail('request-invalid', { problem: 'plan' });
      const { frontier } = await readLog(plane.database.db);
      await approveRelease({ ...body, plan, release: id, approver: who.person, roles: who.roles }, plane);
      return { release: await releaseView(await readRelease(id, plane), plane), cursor: frontier.size - 1 };
    },
  }),
  route({
    method: 'post',
    path: '/rollbacks',
    summary: 'Go back to the bundle that was live before, or to a named one that was',
    policy: { roles: ['operator', 'approver'], reach: 'environment' },
    params: null,
    query: null,
    body: RollbackWish,
    answer: AskedRelease,
    async handle({ plane, who, body, within }) {
      const { environment } = body;
      within(environment);
      const { frontier } = await readLog(plane.database.db);
      const project = body.project ?? (await onlyProject(environment, plane));
      const to = body.to === null ? null : parseDigest(body.to);
      const release = await rollBack({ environment, project, to, requestedBy: who.person }, plane);
      return { release: await releaseView(release, plane), cursor: frontier.size - 1 };
    },
  }),
];

async function readRelease(id: string, plane: Plane) {
  const release = await plane.store.release(id);
  if (release === null) throw fail('release-not-found', { release: id });
  return release;
}

async function onlyProject(environment: string, { store }: Pick<DeliverPorts, 'store'>): Promise<string> {
  const live = ['live'] as const;
  const rows = await store.releases({ environment, project: null, states: live, wereLive: false, limit: 100 });
  const projects = [...new Set(rows.map(({ project }) => project))];
  const [only] = projects;
  if (only === undefined) throw fail('nothing-live', { environment });
  if (projects.length > 1) throw fail('project-ambiguous', { environment, projects: projects.join(', ') });
  return only;
}
