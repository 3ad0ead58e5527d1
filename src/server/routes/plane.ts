import { z } from '@hono/zod-openapi';
import { sql } from 'kysely';
import { type EnvironmentStatus, type Health, roles, Status, Whoami } from '../contract.ts';
import type { Plane } from '../plane.ts';
import { type Route, rawRoute, route } from '../route.ts';
import { briefView, rolloutView, toggleView } from '../views.ts';

const everybody = { roles, reach: 'all' } as const;

/** The control plane itself: is it there, who am I, and what stands where. */
export const planeRoutes: readonly Route[] = [
  rawRoute({
    method: 'get',
    path: '/health',
    summary: 'Whether the control plane can work: 200, or 503 when its database cannot be reached',
    policy: 'public',
    params: null,
    query: null,
    async handle({ plane: { version, database } }) {
      const reached = await sql`select 1`.execute(database.db).then(
        () => true,
        () => false,
      );
      const health: Health = { status: reached ? 'ok' : 'database-unreachable', version };
      return Response.json(health, { status: reached ? 200 : 503 });
    },
  }),
  route({
    method: 'get',
    path: '/whoami',
    summary: 'Whom the token belongs to',
    policy: everybody,
    params: null,
    query: null,
    body: null,
    answer: Whoami,
    async handle({ who }) {
      return { ...who, expires: who.expires?.toISOString() ?? null };
    },
  }),
  route({
    method: 'get',
    path: '/status',
    summary: 'What is live, waiting, under way and stopped, by environment',
    policy: { roles, reach: 'environment' },
    params: null,
    query: z.object({ environment: z.string().optional() }),
    body: null,
    answer: Status,
    async handle({ plane, query, visible }) {
      const all = visible(await plane.store.environments(), ({ name }) => name);
      const wanted = all.filter(({ name }) => query.environment === undefined || name === query.environment);
      const environments = await Promise.all(wanted.map(({ name }) => statusOf(name, plane)));
      return { environments: inChain(environments) };
    },
  }),
];

async function statusOf(name: string, plane: Plane): Promise<EnvironmentStatus> {
  const environment = await plane.store.environment(name);
  const states = ['asked', 'waiting', 'rolling-out', 'stuck', 'live'] as const;
  const of = { environment: name, project: null, wereLive: false, limit: 200 };
  const releases = await plane.store.releases({ ...of, states });
  const toggles = await plane.store.toggles({ environment: name, states: ['asked', 'rolling-out', 'stuck', 'failed'] });
  const carried = [
    ...releases.filter(({ state }) => state !== 'live').flatMap(({ rollout }) => rollout ?? []),
    ...toggles.map(({ id }) => id),
  ];
  const rollouts = await Promise.all(carried.map((id) => plane.rollouts.read(id)));
  return {
    environment: name,
    after: environment?.after ?? null,
    promote: environment?.promote ?? 'manual',
    live: releases.filter(({ state }) => state === 'live').map(briefView),
    open: releases.filter(({ state }) => state !== 'live').map(briefView),
    rollouts: rollouts.flatMap((rollout) => (rollout === null ? [] : [rolloutView(rollout)])),
    disabled: (await plane.store.disabled(name)).map(({ asset, by, at, reason }) => ({
      asset,
      by,
      at: at.toISOString(),
      reason,
    })),
    toggles: toggles.map(toggleView),
  };
}

/** In the order in which a release passes them; what stands after nothing known comes first. */
function inChain(all: readonly EnvironmentStatus[]): EnvironmentStatus[] {
  const names = new Set(all.map(({ environment }) => environment));
  const starts = all.filter(({ after }) => after === null || !names.has(after));
  const follow = (one: EnvironmentStatus, seen: readonly string[]): EnvironmentStatus[] => [
    one,
    ...all
      .filter(({ after, environment }) => after === one.environment && !seen.includes(environment))
      .flatMap((next) => follow(next, [...seen, one.environment])),
  ];
  return starts.flatMap((one) => follow(one, []));
}
