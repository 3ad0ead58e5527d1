import { getConnInfo } from '@hono/node-server/conninfo';
import { OpenAPIHono, type z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { secureHeaders } from 'hono/secure-headers';
import { fail, HeadgateError } from '../base/errors.ts';
import { failureLimit } from './failure-limit.ts';
import { bearerOf, type Identity, identify } from './identity.ts';
import { describeRoute, openApiDocument } from './openapi.ts';
import type { Plane } from './plane.ts';
import { problemOf } from './problem.ts';
import { admit, type Call, type Route, reachOf } from './route.ts';
import { routes } from './routes.ts';

const jsonLimit = 1024 * 1024;
const blobLimit = 4 * 1024 ** 3;
const anybody: Identity = { person: 'anybody', token: '', roles: [], environments: [], expires: null };

/** The HTTP face of a control plane. Does not come up when a route has no policy. */
export function buildApp(plane: Plane): OpenAPIHono {
  const app = new OpenAPIHono({
    defaultHook(result) {
      if (!result.success) throw fail('request-invalid', { problem: problemText(result.error.issues) });
    },
  });
  const failures = failureLimit({ allowed: 30, seconds: 60 });
  app.use(secureHeaders({ crossOriginResourcePolicy: 'same-origin', referrerPolicy: 'no-referrer' }));
  app.use(async (context, next) => {
    await next();
    context.header('cache-control', 'no-store');
  });
  for (const one of routes) register(app, plane, one, failures);
  app.get('/openapi.json', (context) => context.json(openApiDocument(plane.version)));
  app.notFound((context) => {
    const error = fail('route-unknown', { method: context.req.method, path: context.req.path });
    return context.json(problemOf(error, plane).body, 404);
  });
  app.onError((error, context) => {
    const { body, status } = problemOf(error, plane);
    if (status === 401) failures.note(addressOf(context), plane.clock.now());
    return context.json(body, status);
  });
  return app;
}

function register(app: OpenAPIHono, plane: Plane, one: Route, failures: ReturnType<typeof failureLimit>): void {
  requirePolicy(one);
  const { method, path, params, query, body, answer } = one;
  const described = describeRoute(one);
  const limit = one.answer === null ? blobLimit : jsonLimit;
  const inHonoForm = path.replaceAll(/\{(\w+)\}/g, ':$1');
  app.on(method.toUpperCase(), inHonoForm, async (context, next) => {
    context.set('who', await whoAsks(context, one, { plane, failures }));
    await next();
  });
  app.on(
    method.toUpperCase(),
    inHonoForm,
    bodyLimit({
      maxSize: limit,
      async onError({ req }) {
        await readAway(req.raw.body);
        throw fail('request-too-large', { limit });
      },
    }),
  );
  app.openapi(described, async (context) => {
    const who = context.get('who');
    const reach = reachOf(who);
    const call: Call<unknown, unknown, unknown> = {
      plane,
      who,
      params: params === null ? null : context.req.valid('param' as never),
      query: query === null ? null : context.req.valid('query' as never),
      body: body === null ? null : context.req.valid('json' as never),
      within: reach.within,
      visible: reach.visible,
    };
    const given = await one.handle(call, context.req.raw);
    if (one.policy !== 'public' && one.policy.reach === 'environment' && !reach.checked()) {
      throw new Error(`${method} ${path} answered without checking the environment`);
    }
    return given instanceof Response ? given : context.json(answer?.parse(given) as never, 200);
  });
}

declare module 'hono' {
  interface ContextVariableMap {
    who: Identity;
  }
}

/** A route without a policy would be open or dead by accident; neither may come up. */
export function requirePolicy({ method, path, policy }: Route): void {
  const declared = policy === 'public' || (policy?.roles?.length > 0 && policy.reach !== undefined);
  if (!declared) throw new Error(`${method.toUpperCase()} ${path} declares no policy`);
}

type Door = { plane: Plane; failures: ReturnType<typeof failureLimit> };

async function whoAsks(context: Context, one: Route, { plane, failures }: Door): Promise<Identity> {
  if (one.policy === 'public') return anybody;
  const now = plane.clock.now();
  const secret = bearerOf(context.req.header('authorization'));
  const seconds = failures.blockedFor(addressOf(context), now);
  try {
    const who = await identify(secret, plane.tokens, now);
    admit(one.policy, who);
    return who;
  } catch (error) {
    const refused = error instanceof HeadgateError && error.code === 'unauthenticated';
    if (refused && seconds !== null) throw fail('too-many-failures', { seconds });
    throw error;
  }
}

/** Reads a little of what was too much, so that the sender is still there to hear why it was refused. */
async function readAway(body: ReadableStream<Uint8Array> | null): Promise<void> {
  let left = 32 * jsonLimit;
  for await (const chunk of body ?? []) {
    left -= chunk.length;
    if (left < 0) return;
  }
}

function addressOf(context: Context): string {
  try {
    return getConnInfo(context).remote.address ?? 'unknown';
  } catch {
    // Requests that were not made over a socket (tests of the app itself).
    return 'unknown';
  }
}

function problemText(issues: readonly z.core.$ZodIssue[]): string {
  return issues
    .slice(0, 5)
    .map(({ path, message }) => `${path.length === 0 ? '' : `${path.join('.')}: `}${message}`)
    .join('; ');
}
