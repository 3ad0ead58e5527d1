import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/**
 * A server that answers as GitHub's REST API documents it for comments on a pull request: pages with `Link`, 201, 200, 204,
 * 404, and a workflow's token that may not ask for its own name. It stands in for GitHub because GitHub cannot run here.
 */
export type GithubDouble = {
  url: string;
  comments: StoredComment[];
  /** Open pull requests, for who asks by branch. */
  pulls: { number: number; head: { sha: string; label: string } }[];
  /** Every request so far: `POST /repos/o/r/issues/7/comments`. */
  asked: string[];
  /** What the next requests that `matching` names are answered with, instead of being carried out. */
  failNext(matching: RegExp, answers: Fault[]): void;
  /** The next `number` lists are answered only when all of them have been asked for. */
  meet(number: number): void;
  close(): Promise<void>;
};
export type StoredComment = { id: number; body: string; html_url: string; user: { login: string; type: string } };
export type Fault = { status: number; headers?: { [name: string]: string }; body?: unknown; after?: () => void };

/** Tokens that the double knows: a workflow's own, a person's, and a workflow's in a pull request from a fork. */
export const tokens = { workflow: 'ghs_workflow', person: 'ghp_person', fork: 'ghs_fork' };

const refused = {
  message: 'Resource not accessible by integration',
  documentation_url: 'https://docs.github.com/rest',
};

export async function startGithubDouble(): Promise<GithubDouble> {
  const state: State = {
    pulls: [],
    comments: [],
    asked: [],
    faults: [],
    waiting: [],
    meeting: 0,
    lastId: 1000,
    url: '',
  };
  const server = createServer((request, response) => void answer(state, request, response));
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  // `address()` of a server that listens on a port is an AddressInfo.
  state.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url: state.url,
    comments: state.comments,
    pulls: state.pulls,
    asked: state.asked,
    failNext: (matching, answers) => void state.faults.push(...answers.map((fault) => ({ matching, fault }))),
    meet(number) {
      state.meeting = number;
    },
    close() {
      server.closeAllConnections();
      return new Promise((done) => void server.close(() => done()));
    },
  };
}

type State = {
  pulls: GithubDouble['pulls'];
  comments: StoredComment[];
  asked: string[];
  faults: { matching: RegExp; fault: Fault }[];
  waiting: (() => void)[];
  meeting: number;
  lastId: number;
  url: string;
};
type Asked = { method: string; path: string; query: URLSearchParams; token: string; body: string };

async function answer(state: State, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const asked = await read(state, request);
  state.asked.push(`${asked.method} ${asked.path}`);
  const at = state.faults.findIndex(({ matching }) => matching.test(`${asked.method} ${asked.path}`));
  const [found] = at === -1 ? [] : state.faults.splice(at, 1);
  if (found !== undefined) {
    found.fault.after?.();
    reply(response, found.fault.status, found.fault.body ?? { message: 'Server Error' }, found.fault.headers);
    return;
  }
  if (!Object.values(tokens).includes(asked.token)) return reply(response, 401, { message: 'Bad credentials' });
  if (asked.path === '/user') return user(response, asked);
  if (asked.path === '/repos/o/r/pulls') {
    const wanted = state.pulls.filter(({ head }) => head.label === asked.query.get('head'));
    return reply(response, 200, wanted);
  }
  const list = /^\/repos\/o\/r\/issues\/7\/comments$/.test(asked.path);
  if (list && asked.method === 'GET') return listComments(state, response, asked);
  if (asked.token === tokens.fork) return reply(response, 403, refused);
  if (list && asked.method === 'POST') return create(state, response, asked);
  return change(state, response, asked);
}

async function read(state: State, request: IncomingMessage): Promise<Asked> {
  const url = new URL(request.url ?? '/', state.url);
  let body = '';
  for await (const chunk of request) body += String(chunk);
  const token = (request.headers.authorization ?? '').replace(/^Bearer /, '');
  return { method: request.method ?? '', path: url.pathname, query: url.searchParams, token, body };
}

function user(response: ServerResponse, { token }: Asked): void {
  if (token === tokens.person) reply(response, 200, { login: 'person', type: 'User' });
  else reply(response, 403, refused);
}

async function listComments(state: State, response: ServerResponse, { path, query }: Asked): Promise<void> {
  const [size, page] = [Number(query.get('per_page') ?? 30), Number(query.get('page') ?? 1)];
  if (state.meeting > 0) await meet(state);
  const more = state.comments.length > size * page;
  const next = `<${state.url}${path}?per_page=${size}&page=${page + 1}>; rel="next"`;
  reply(response, 200, state.comments.slice(size * (page - 1), size * page), more ? { link: next } : {});
}

/** All who meet have asked before the first is answered, so each sees the same. */
async function meet(state: State): Promise<void> {
  const all = new Promise<void>((go) => state.waiting.push(go));
  state.meeting -= 1;
  if (state.meeting === 0) for (const go of state.waiting.splice(0)) go();
  await all;
}

function create(state: State, response: ServerResponse, { token, body }: Asked): void {
  const login =
    token === tokens.person ? { login: 'person', type: 'User' } : { login: 'github-actions[bot]', type: 'Bot' };
  const text: string = JSON.parse(body).body;
  if (text.length > 65_536) {
    reply(response, 422, { message: 'Validation Failed' });
    return;
  }
  state.lastId += 1;
  const html_url = `https://github.example/o/r/pull/7#issuecomment-${state.lastId}`;
  const made = { id: state.lastId, body: text, html_url, user: login };
  state.comments.push(made);
  reply(response, 201, made);
}

function change(state: State, response: ServerResponse, { method, path, body }: Asked): void {
  const id = Number(/^\/repos\/o\/r\/issues\/comments\/(\d+)$/.exec(path)?.[1]);
  const at = state.comments.findIndex((comment) => comment.id === id);
  const found = state.comments[at];
  if (found === undefined) {
    reply(response, 404, { message: 'Not Found' });
    return;
  }
  if (method === 'DELETE') {
    state.comments.splice(at, 1);
    response.writeHead(204).end();
    return;
  }
  found.body = JSON.parse(body).body;
  reply(response, 200, found);
}

function reply(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: { [name: string]: string } = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', ...headers });
  response.end(JSON.stringify(body));
}
