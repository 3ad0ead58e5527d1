import { fail, messageOf } from '../errors.ts';
import { waitSeconds } from './retry-after.ts';

/** GitHub's REST API for one token. `wait` sleeps between tries. */
export type GithubApi = { url: string; token: string; wait(seconds: number): Promise<void> };

export type GithubRequest = { method: 'GET' | 'POST' | 'PATCH' | 'DELETE'; path: string; body?: unknown };

/** An answer that is GitHub's own word, yes or no: 2xx and 4xx. `next`: the path of the next page, or null. */
export type GithubAnswer = { status: number; body: unknown; next: string | null };

const tries = 5;
const secondsAtMost = 60;
const answerWithinMs = 30_000;
const hops = 3;

/** @throws github-address-unsafe when the address is neither https nor this machine */
export function githubApi(url: string, token: string, wait: GithubApi['wait']): GithubApi {
  const { protocol, hostname } = new URL(url);
  const here = hostname === '127.0.0.1' || hostname === 'localhost' || hostname === '[::1]';
  if (protocol !== 'https:' && !(protocol === 'http:' && here)) throw fail('github-address-unsafe', { url });
  return { url: url.replace(/\/+$/, ''), token, wait };
}

/**
 * Asks GitHub, again when it is down, busy or limits the rate, as long as it says but never more than a minute at a time.
 * An act may so be done twice; whoever needs it once looks again afterwards. @throws github-unreachable
 */
export async function askGithub(api: GithubApi, request: GithubRequest): Promise<GithubAnswer> {
  let because = '';
  for (let attempt = 1; attempt <= tries; attempt += 1) {
    const response = await sendOnce(api, request);
    const pause = typeof response === 'string' ? 2 ** (attempt - 1) : await waitSeconds(response, attempt);
    if (typeof response !== 'string' && pause === null) return answerOf(api, response);
    because = typeof response === 'string' ? response : `it answered ${response.status} ${tries} times`;
    if (pause !== null && pause > secondsAtMost) {
      because = `it limits the rate for ${pause} s more`;
      break;
    }
    if (attempt < tries) await api.wait(pause ?? 1);
  }
  throw fail('github-unreachable', { url: api.url, because: withoutToken(because, api) });
}

/** All pages of a list. @throws github-unreachable, github-refused */
export async function listGithub(api: GithubApi, path: string): Promise<unknown[]> {
  const all: unknown[] = [];
  for (let next: string | null = path; next !== null; ) {
    const answer: GithubAnswer = await askGithub(api, { method: 'GET', path: next });
    if (answer.status !== 200 || !Array.isArray(answer.body)) throw refusal(api, `list ${path.split('?')[0]}`, answer);
    all.push(...answer.body);
    next = answer.next;
  }
  return all;
}

/** GitHub's no as an error; its own words without the token. */
export function refusal(api: GithubApi, act: string, { status, body }: GithubAnswer): Error {
  return fail('github-refused', { act, status, said: withoutToken(saidIn(body), api) });
}

/** The message of an answer, at most 300 characters. */
export function saidIn(body: unknown): string {
  const said =
    body !== null && typeof body === 'object' && 'message' in body ? String(body.message) : 'no reason given';
  return said.slice(0, 300).replace(/\.$/, '');
}

/** The response, or why there was none. Follows GitHub's redirects within itself only, with the same method. */
async function sendOnce(api: GithubApi, { method, path, body }: GithubRequest): Promise<Response | string> {
  let url = `${api.url}${path}`;
  try {
    for (let hop = 0; hop <= hops; hop += 1) {
      const response = await fetch(url, {
        method,
        redirect: 'manual',
        headers: {
          accept: 'application/vnd.github+json',
          authorization: `Bearer ${api.token}`,
          'user-agent': 'headgate',
          'x-github-api-version': '2022-11-28',
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        signal: AbortSignal.timeout(answerWithinMs),
      });
      const location = response.status >= 300 && response.status < 400 ? response.headers.get('location') : null;
      if (location === null) return response;
      await response.body?.cancel();
      const target = new URL(location, url);
      if (target.origin !== new URL(api.url).origin) return 'it sends us to another host';
      url = target.href;
    }
    return 'it sends us in a circle';
  } catch (error) {
    return error instanceof Error && error.cause !== undefined ? messageOf(error.cause) : messageOf(error);
  }
}

async function answerOf(api: GithubApi, response: Response): Promise<GithubAnswer> {
  const text = await response.text().catch(() => '');
  return { status: response.status, body: parsed(text), next: nextPage(api, response.headers.get('link')) };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** The path behind `rel="next"`, when it is on the same host. */
function nextPage(api: GithubApi, link: string | null): string | null {
  const found = /<([^>]+)>;\s*rel="next"/.exec(link ?? '')?.[1];
  return found?.startsWith(`${api.url}/`) ? found.slice(api.url.length) : null;
}

function withoutToken(text: string, { token }: GithubApi): string {
  return token === '' ? text : text.replaceAll(token, '[secret]');
}
