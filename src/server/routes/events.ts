import { z } from '@hono/zod-openapi';
import type { LoggedEntry } from '../../delivery/audit/entry.ts';
import { readLog } from '../../store/queries/audit.ts';
import { type EventShape, roles } from '../contract.ts';
import type { Plane } from '../plane.ts';
import { type Route, rawRoute } from '../route.ts';

/** What happens, as it happens. */
export const eventRoutes: readonly Route[] = [
  rawRoute({
    method: 'get',
    path: '/events',
    summary: 'Server-sent events; resumes after Last-Event-ID, or after `after`, else starts now',
    policy: { roles, reach: 'environment' },
    params: null,
    query: z.object({
      after: z.coerce.number().int().min(-1).optional(),
      release: z.string().optional(),
      environment: z.string().optional(),
    }),
    async handle({ plane, query, visible }, request) {
      const seen = Number.parseInt(request.headers.get('last-event-id') ?? '', 10);
      const after = Number.isInteger(seen)
        ? seen
        : (query.after ?? (await readLog(plane.database.db)).frontier.size - 1);
      // Even before the first event: the reach of the token is part of every one of them.
      visible([], () => null);
      const wanted = (event: EventShape) =>
        (query.release === undefined || event.release === query.release) &&
        (query.environment === undefined || event.environment === query.environment) &&
        visible([event], ({ environment }) => environment).length === 1;
      return new Response(streamOf({ plane, after, wanted, signal: request.signal }), {
        headers: { 'content-type': 'text/event-stream', 'x-accel-buffering': 'no' },
      });
    },
  }),
];

type Stream = { plane: Plane; after: number; wanted(event: EventShape): boolean; signal: AbortSignal };

function streamOf({ plane, after, wanted, signal }: Stream): ReadableStream<Uint8Array> {
  const stop = new AbortController();
  signal.addEventListener('abort', () => stop.abort());
  const places = placeFinder(plane);
  const text = new TextEncoder();
  const entries = plane.feed.follow(after, stop.signal);
  return new ReadableStream({
    async start(controller) {
      controller.enqueue(text.encode('retry: 1000\n\n'));
    },
    async pull(controller) {
      const { value, done } = await entries.next();
      if (done) return controller.close();
      const event = value === null ? null : await eventOf(value, places);
      controller.enqueue(text.encode(event !== null && wanted(event) ? frame(event) : ':\n\n'));
    },
    cancel: () => stop.abort(),
  });
}

function frame(event: EventShape): string {
  return `id: ${event.seq}\nevent: ${event.action}\ndata: ${JSON.stringify(event)}\n\n`;
}

/** Tokens and keys are nobody's business here. */
const shown = /^(release|approval|rollout|step|asset|toggle|environment|bundle)\./;

type Place = { environment: string | null; release: string | null };

async function eventOf(entry: LoggedEntry, places: (subject: string) => Promise<Place>): Promise<EventShape | null> {
  if (!shown.test(entry.action)) return null;
  const { seq, at, actor, action, subject, detail } = entry;
  const { environment } = detail;
  const place = await places(subject.split('/')[0] ?? subject);
  const where = typeof environment === 'string' ? environment : place.environment;
  return { seq, at, actor, action, subject, detail, environment: where, release: place.release };
}

/** Rollouts have the id of the release or toggle that they carry. */
function placeFinder(plane: Plane): (id: string) => Promise<Place> {
  const known = new Map<string, Place>();
  return async (id) => {
    const cached = known.get(id);
    if (cached !== undefined) return cached;
    const found = (await plane.store.release(id)) ?? (await plane.store.toggle(id));
    const place = { environment: found?.environment ?? null, release: found === null ? null : id };
    if (found !== null) known.set(id, place);
    return place;
  };
}
