import { z } from '@hono/zod-openapi';
import { collectReleases } from '../../workflows/release/collect-releases.ts';
import { environmentHealth } from '../../workflows/release/environment-health.ts';
import { registerEnvironment } from '../../workflows/release/register-environment.ts';
import {
  CollectionShape,
  CollectionWish,
  EnvironmentHealth,
  EnvironmentShape,
  EnvironmentWish,
  roles,
} from '../contract.ts';
import { type Route, route } from '../route.ts';
import { environmentView } from '../views.ts';

/** Environments as operators register them. */
export const environmentRoutes: readonly Route[] = [
  route({
    method: 'get',
    path: '/environments',
    summary: 'Registered environments',
    policy: { roles, reach: 'environment' },
    params: null,
    query: null,
    body: null,
    answer: z.object({ environments: z.array(EnvironmentShape) }),
    async handle({ plane, visible }) {
      return { environments: visible(await plane.store.environments(), ({ name }) => name).map(environmentView) };
    },
  }),
  route({
    method: 'put',
    path: '/environments',
    summary: 'Register an environment: its place in the chain, gates, targets and secret references',
    policy: { roles: ['operator'], reach: 'environment' },
    params: null,
    query: null,
    body: EnvironmentWish,
    answer: z.object({ environment: EnvironmentShape, changes: z.array(z.string()) }),
    async handle({ plane, who, body, within }) {
      within(body.name);
      const { environment, changes } = await registerEnvironment({ environment: body, by: who.person }, plane);
      return { environment: environmentView(environment), changes };
    },
  }),
  route({
    method: 'get',
    path: '/environments/{name}/health',
    summary: 'Ask the targets how what is live there does',
    policy: { roles, reach: 'environment' },
    params: z.object({ name: z.string() }),
    query: null,
    body: null,
    answer: EnvironmentHealth,
    async handle({ plane, params: { name }, within }) {
      within(name);
      return environmentHealth(name, plane);
    },
  }),
  route({
    method: 'post',
    path: '/environments/{name}/collections',
    summary: 'Remove releases that nothing there needs any more, or say which',
    policy: { roles: ['operator'], reach: 'environment' },
    params: z.object({ name: z.string() }),
    query: null,
    body: CollectionWish,
    answer: CollectionShape,
    async handle({ plane, who, params: { name }, body, within }) {
      within(name);
      return collectReleases({ environment: name, requestedBy: who.person, ...body }, plane);
    },
  }),
];
