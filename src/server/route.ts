import type { z } from '@hono/zod-openapi';
import { fail } from '../base/errors.ts';
import type { Role } from './contract.ts';
import type { Identity } from './identity.ts';
import type { Plane } from './plane.ts';

/**
 * Who may use a route. `public`: anybody. Else one of the roles is needed, and `reach` says what a token that is bound to
 * environments may do: `environment`: only what the route has checked with `call.within`; `plane`: nothing, for it
 * concerns all environments; `all`: what it shows is the same for everybody.
 */
export type Policy = 'public' | { roles: readonly Role[]; reach: 'environment' | 'plane' | 'all' };

/** One request that has passed the route's policy. */
export type Call<Params, Query, Body> = {
  plane: Plane;
  who: Identity;
  params: Params;
  query: Query;
  body: Body;
  /** Throws `forbidden` when the token is bound to other environments. */
  within(environment: string): void;
  /** Leaves out what belongs to environments that the token is not bound to. */
  visible<Item>(items: readonly Item[], environment: (item: Item) => string | null): Item[];
};

/** How a route answers: with JSON of the shape `answer`, or by itself (`raw`, for streams of bytes and events). */
export type Route = {
  method: 'get' | 'post' | 'put' | 'delete';
  path: string;
  summary: string;
  policy: Policy;
  params: z.ZodObject | null;
  query: z.ZodObject | null;
  body: z.ZodType | null;
  answer: z.ZodType | null;
  handle(call: Call<unknown, unknown, unknown>, request: Request): Promise<unknown>;
};

type Parsed<Schema> = Schema extends z.ZodType ? z.output<Schema> : null;

type RouteOf<Params extends z.ZodObject | null, Query extends z.ZodObject | null, Body extends z.ZodType | null> = Omit<
  Route,
  'params' | 'query' | 'body' | 'answer' | 'handle'
> & { params: Params; query: Query; body: Body };

/** A route that takes and gives JSON. */
export function route<
  Params extends z.ZodObject | null,
  Query extends z.ZodObject | null,
  Body extends z.ZodType | null,
  Answer extends z.ZodType,
>(
  definition: RouteOf<Params, Query, Body> & {
    answer: Answer;
    handle(call: Call<Parsed<Params>, Parsed<Query>, Parsed<Body>>): Promise<z.input<Answer>>;
  },
): Route {
  // The app parses params, query and body with these very schemas before it calls.
  return { ...definition, handle: definition.handle as Route['handle'] };
}

/** A route that answers by itself. Its body, if any, is not parsed. */
export function rawRoute<Params extends z.ZodObject | null, Query extends z.ZodObject | null>(
  definition: Omit<RouteOf<Params, Query, null>, 'body'> & {
    handle(call: Call<Parsed<Params>, Parsed<Query>, null>, request: Request): Promise<Response>;
  },
): Route {
  return { ...definition, body: null, answer: null, handle: definition.handle as Route['handle'] };
}

/** Throws `forbidden` unless the policy lets this person in. */
export function admit(policy: Exclude<Policy, 'public'>, who: Identity): void {
  const { person, environments } = who;
  if (!policy.roles.some((role) => who.roles.includes(role))) {
    throw fail('forbidden', { person, needs: `the role ${policy.roles.join(' or ')}` });
  }
  if (policy.reach === 'plane' && environments !== null) {
    throw fail('forbidden', { person, needs: 'a token that is not bound to environments' });
  }
}

/** The environment check of one request, and whether the route has made it. */
export function reachOf(who: Identity): Pick<Call<null, null, null>, 'within' | 'visible'> & { checked(): boolean } {
  let checked = false;
  const reaches = (environment: string | null) =>
    who.environments === null || (environment !== null && who.environments.includes(environment));
  return {
    checked: () => checked || who.environments === null,
    within(environment) {
      checked = true;
      if (!reaches(environment)) throw fail('forbidden', { person: who.person, needs: `a token for ${environment}` });
    },
    visible(items, environment) {
      checked = true;
      return items.filter((item) => reaches(environment(item)));
    },
  };
}
