import { type ErrorCode, fail, HeadgateError, messageOf } from './errors.ts';

/** Where a control plane is and who asks. `token` null: only public routes answer. */
export type Endpoint = { url: string; token: string | null };

export type HttpRequest = {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  path: string;
  /** JSON when it is a plain value; bytes and streams as they are. */
  body?: unknown;
  headers?: { [name: string]: string };
  signal?: AbortSignal;
};

/**
 * Sends a request and gives the answer, whose status is 2xx. A failure that the control plane names is thrown as it
 * was there: same code, message, hint and exit status.
 * @throws server-unreachable, server-answer-unreadable, and what the control plane throws
 */
export async function send(endpoint: Endpoint, request: HttpRequest): Promise<Response> {
  const raw = request.body instanceof Uint8Array || request.body instanceof ReadableStream;
  const response = await fetch(new URL(request.path, endpoint.url), {
    method: request.method,
    headers: {
      ...(endpoint.token === null ? {} : { authorization: `Bearer ${endpoint.token}` }),
      ...(request.body === undefined ? {} : { 'content-type': raw ? 'application/octet-stream' : 'application/json' }),
      ...request.headers,
    },
    ...(request.body === undefined ? {} : { body: raw ? bodyOf(request.body) : JSON.stringify(request.body) }),
    ...(request.body instanceof ReadableStream ? { duplex: 'half' } : {}),
    ...(request.signal === undefined ? {} : { signal: request.signal }),
    redirect: 'error',
  }).catch((error: unknown) => {
    throw fail('server-unreachable', { url: endpoint.url }, error);
  });
  if (!response.ok) throw await failureIn(response, endpoint);
  return response;
}

function bodyOf(body: unknown): NonNullable<RequestInit['body']> {
  // Only called for what `send` has found to be bytes or a stream.
  return body as NonNullable<RequestInit['body']>;
}

/** Sends a request and gives the JSON of the answer. */
export async function sendJson(endpoint: Endpoint, request: HttpRequest): Promise<unknown> {
  const response = await send(endpoint, request);
  try {
    return await response.json();
  } catch (error) {
    throw fail('server-answer-unreadable', { url: endpoint.url, because: 'its answer is no JSON' }, error);
  }
}

async function failureIn(response: Response, { url }: Endpoint): Promise<HeadgateError> {
  const text = await response.text().catch(messageOf);
  const error = errorIn(text);
  if (error === null) {
    return fail('server-answer-unreadable', { url, because: `it answered ${response.status} without a reason` });
  }
  const exit = error.exit === 1 || error.exit === 2 ? error.exit : 3;
  // A newer control plane may know codes that this program does not; they are passed on as they are.
  return new HeadgateError(error.code as ErrorCode, { message: error.message, hint: error.hint, exit });
}

type Said = { code: string; message: string; hint: string; exit: number };

function errorIn(text: string): Said | null {
  try {
    const parsed: unknown = JSON.parse(text);
    const error = parsed !== null && typeof parsed === 'object' && 'error' in parsed ? parsed.error : null;
    return isSaid(error) ? error : null;
  } catch {
    return null;
  }
}

function isSaid(error: unknown): error is Said {
  if (error === null || typeof error !== 'object') return false;
  const fields = new Map<string, unknown>(Object.entries(error));
  return ['code', 'message', 'hint'].every((name) => typeof fields.get(name) === 'string');
}

/** One server-sent event. `id` is the last one seen, also when this event has none. */
export type ServerEvent = { id: string; event: string; data: string };

/**
 * Follows a stream of server-sent events until `signal` aborts. A stream that breaks is taken up again after the last
 * event seen, for at most `patienceSeconds` without any sign of the server.
 */
export async function* follow(
  endpoint: Endpoint,
  path: string,
  { signal, patienceSeconds }: { signal: AbortSignal; patienceSeconds: number },
): AsyncGenerator<ServerEvent> {
  let last = '';
  let lost: number | null = null;
  while (!signal.aborted) {
    try {
      const headers = { accept: 'text/event-stream', ...(last === '' ? {} : { 'last-event-id': last }) };
      const response = await send(endpoint, { method: 'GET', path, headers, signal });
      for await (const event of eventsIn(response.body)) {
        lost = null;
        last = event.id === '' ? last : event.id;
        if (event.data !== '') yield event;
      }
    } catch (error) {
      if (signal.aborted) return;
      const final = error instanceof HeadgateError && error.exit !== 3;
      lost ??= Date.now();
      if (final || Date.now() - lost > patienceSeconds * 1000) throw error;
    }
    if (!signal.aborted) await new Promise((again) => setTimeout(again, 500));
  }
}

async function* eventsIn(body: ReadableStream<Uint8Array> | null): AsyncGenerator<ServerEvent> {
  const decoder = new TextDecoder();
  let pending = '';
  for await (const chunk of body ?? []) {
    pending += decoder.decode(chunk, { stream: true });
    const blocks = pending.split('\n\n');
    pending = blocks.pop() ?? '';
    for (const block of blocks) yield eventOf(block);
  }
}

function eventOf(block: string): ServerEvent {
  const fields = { id: '', event: 'message', data: '' };
  for (const line of block.split('\n')) {
    const [, name, value] = /^(id|event|data): ?(.*)$/.exec(line) ?? [];
    if (name === 'id' || name === 'event') fields[name] = value ?? '';
    else if (name === 'data') fields.data += value ?? '';
  }
  return fields;
}
