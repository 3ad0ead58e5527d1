import { z } from '@hono/zod-openapi';
import { fail } from '../../base/errors.ts';
import { reopen } from '../../workflows/release/reopen.ts';
import { ResumeWish, RolloutShape, roles } from '../contract.ts';
import type { Plane } from '../plane.ts';
import { type Route, route } from '../route.ts';
import { rolloutView } from '../views.ts';

const byId = z.object({ id: z.string().max(64) });

/** Rollouts with their steps; a stuck one is resumed by a person. */
export const rolloutRoutes: readonly Route[] = [
  route({
    method: 'get',
    path: '/rollouts/{id}',
    summary: 'A rollout with its steps',
    policy: { roles, reach: 'environment' },
    params: byId,
    query: null,
    body: null,
    answer: RolloutShape,
    async handle({ plane, params: { id }, within }) {
      const rollout = await readRollout(id, plane);
      within(rollout.environment);
      return rolloutView(rollout);
    },
  }),
  route({
    method: 'post',
    path: '/rollouts/{id}/resume',
    summary: 'Decide about a stuck rollout: forward, backward, or abandon it as it is',
    policy: { roles: ['operator'], reach: 'environment' },
    params: byId,
    query: null,
    body: ResumeWish,
    answer: RolloutShape,
    async handle({ plane, who, params: { id }, body, within }) {
      within((await readRollout(id, plane)).environment);
      await reopen({ id, way: body.way, actor: who.person, because: body.because }, plane);
      return rolloutView(await readRollout(id, plane));
    },
  }),
];

async function readRollout(id: string, plane: Plane) {
  const rollout = await plane.rollouts.read(id);
  if (rollout === null) throw fail('rollout-not-found', { rollout: id });
  return rollout;
}
