import { createRoute, OpenAPIHono } from '@hono/zod-openapi';
import { Problem } from './contract.ts';
import type { Policy, Route } from './route.ts';
import { routes } from './routes.ts';

/** A route as OpenAPI describes it; what the app registers is this very description. */
export function describeRoute({ method, path, summary, policy, params, query, body, answer }: Route) {
  return createRoute({
    method,
    path,
    summary,
    ...(policy === 'public' ? { security: [] } : { description: describePolicy(policy) }),
    request: {
      ...(params === null ? {} : { params }),
      ...(query === null ? {} : { query }),
      ...(body === null ? {} : { body: { required: true, content: { 'application/json': { schema: body } } } }),
    },
    responses: {
      200: {
        description: summary,
        ...(answer === null ? {} : { content: { 'application/json': { schema: answer } } }),
      },
      default: { description: 'It was not done', content: { 'application/json': { schema: Problem } } },
    },
  });
}

/** The whole API as an OpenAPI 3.1 document. */
export function openApiDocument(version: string) {
  const app = new OpenAPIHono();
  app.openAPIRegistry.registerComponent('securitySchemes', 'token', { type: 'http', scheme: 'bearer' });
  for (const one of routes) app.openAPIRegistry.registerPath(describeRoute(one));
  return app.getOpenAPI31Document({
    openapi: '3.1.0',
    info: { title: 'Headgate', version, description: 'The control plane of Headgate.' },
    security: [{ token: [] }],
  });
}

function describePolicy(policy: Exclude<Policy, 'public'>): string {
  return `Needs the role ${policy.roles.join(' or ')}${policy.reach === 'plane' ? ', for all environments' : ''}.`;
}
