import { setTimeout as sleep } from 'node:timers/promises';
import { fail, messageOf } from '../../base/errors.ts';
import type { JsonObject } from '../../model/json.ts';
import { causeOf, oddAnswer } from './failures.ts';

/** Adds what signs a request in. Basic authentication here; a web token (MWAA) is another one of these. */
export type AirflowAuth = { headers(): Promise<{ [name: string]: string }> };

/** `lastParsed`: when Airflow last wrote down what it read of the DAG, by its own clock (ISO 8601); null: never. */
export type DagState = {
  dagId: string;
  isPaused: boolean;
  isActive: boolean;
  tags: string[];
  fileloc: string;
  lastParsed: string | null;
};
export type DagRun = { dagId: string; runId: string; state: string; startDate: string | null };
export type ImportError = { filename: string; at: Date; trace: string };
/** What `configure` sets. `body` is the REST shape without the name. */
export type EntryKind = 'variable' | 'connection' | 'pool';

/** Airflow's stable REST API (/api/v1), the calls that Headgate makes. Each may throw "could not tell". */
export type AirflowClient = {
  readonly endpoint: string;
  /** Null when Airflow does not know the DAG (yet). */
  dag(dagId: string): Promise<DagState | null>;
  /** DAGs that bear a tag, paused ones included. */
  dagsTagged(tag: string): Promise<DagState[]>;
  /** Whether the code asks for the DAG to be paused when it is first seen. */
  startsPaused(dagId: string): Promise<boolean>;
  /** False when Airflow does not know the DAG. */
  setPaused(dagId: string, isPaused: boolean): Promise<boolean>;
  /** Runs in state `running`, in one call for any number of DAGs. */
  runsUnderWay(dagIds: readonly string[]): Promise<DagRun[]>;
  latestRun(dagId: string): Promise<DagRun | null>;
  /** Marks a run failed, which ends its tasks. */
  failRun(run: DagRun): Promise<void>;
  importErrors(): Promise<ImportError[]>;
  readEntry(kind: EntryKind, name: string): Promise<JsonObject | null>;
  writeEntry(kind: EntryKind, name: string, body: JsonObject): Promise<void>;
  removeEntry(kind: EntryKind, name: string): Promise<void>;
  /** The version of Airflow, for example `2.10.5`. */
  version(): Promise<string>;
  /** Versions of the installed providers by package name; null when this user may not see them. */
  providers(): Promise<{ [packageName: string]: string } | null>;
};

export type ClientInput = { url: string; auth: AirflowAuth; timeoutSeconds: number };

export function basicAuth(username: string, password: () => Promise<string>): AirflowAuth {
  return {
    async headers() {
      return { authorization: `Basic ${Buffer.from(`${username}:${await password()}`).toString('base64')}` };
    },
  };
}

const PAGE = 100;
const ENTRIES: { [Kind in EntryKind]: { path: string; key: string } } = {
  variable: { path: '/variables', key: 'key' },
  connection: { path: '/connections', key: 'connection_id' },
  pool: { path: '/pools', key: 'name' },
};

// The answers are Airflow's, checked for being JSON here and read field by field below.
// biome-ignore lint/suspicious/noExplicitAny: this file alone knows their shape
type Answer = any;
type Call = { method: string; path: string; action: string; body?: unknown };

export function airflowClient({ url, auth, timeoutSeconds }: ClientInput): AirflowClient {
  const endpoint = url.replace(/\/+$/, '');
  const call = (given: Call) => callAirflow({ endpoint, auth, timeoutSeconds }, given);
  const found = async (given: Call): Promise<Answer> => {
    const { status, answer } = await call(given);
    if (status === 404) return null;
    return accepted(endpoint, given, { status, answer });
  };
  const must = async (given: Call): Promise<Answer> => accepted(endpoint, given, await call(given));
  const at = (dagId: string) => `/dags/${encodeURIComponent(dagId)}`;

  async function allPages(read: (offset: number) => Promise<Answer>, name: string): Promise<Answer[]> {
    const all: Answer[] = [];
    for (;;) {
      const page = await read(all.length);
      all.push(...page[name]);
      if (page[name].length === 0 || all.length >= page.total_entries) return all;
    }
  }

  return {
    endpoint,
    async dag(dagId) {
      const dag = await found({ method: 'GET', path: at(dagId), action: `show the DAG ${dagId}` });
      return dag === null ? null : dagState(dag);
    },
    async dagsTagged(tag) {
      const action = `list DAGs tagged ${tag}`;
      const query = (offset: number) =>
        new URLSearchParams({ tags: tag, only_active: 'true', limit: String(PAGE), offset: String(offset) });
      const read = (offset: number) => must({ method: 'GET', path: `/dags?${query(offset)}`, action });
      return (await allPages(read, 'dags')).map(dagState);
    },
    async startsPaused(dagId) {
      const details = await found({ method: 'GET', path: `${at(dagId)}/details`, action: `show the DAG ${dagId}` });
      return details?.is_paused_upon_creation === true;
    },
    async setPaused(dagId, isPaused) {
      const action = `${isPaused ? 'pause' : 'unpause'} the DAG ${dagId}`;
      const body = { is_paused: isPaused };
      return (await found({ method: 'PATCH', path: `${at(dagId)}?update_mask=is_paused`, action, body })) !== null;
    },
    async runsUnderWay(dagIds) {
      if (dagIds.length === 0) return [];
      const read = (offset: number) =>
        must({
          method: 'POST',
          path: '/dags/~/dagRuns/list',
          action: 'list DAG runs',
          body: { dag_ids: dagIds, states: ['running'], order_by: 'id', page_limit: PAGE, page_offset: offset },
        });
      return (await allPages(read, 'dag_runs')).map(dagRun);
    },
    async latestRun(dagId) {
      const path = `${at(dagId)}/dagRuns?limit=1&order_by=-start_date&state=success&state=failed`;
      const page = await found({ method: 'GET', path, action: `list runs of ${dagId}` });
      return page === null || page.dag_runs.length === 0 ? null : dagRun(page.dag_runs[0]);
    },
    async failRun({ dagId, runId }) {
      const path = `${at(dagId)}/dagRuns/${encodeURIComponent(runId)}`;
      await found({ method: 'PATCH', path, action: `end the run ${runId} of ${dagId}`, body: { state: 'failed' } });
    },
    async importErrors() {
      const path = (offset: number) => `/importErrors?limit=${PAGE}&offset=${offset}`;
      const read = (offset: number) => must({ method: 'GET', path: path(offset), action: 'list import errors' });
      return (await allPages(read, 'import_errors')).map((error: Answer) => ({
        filename: String(error.filename),
        at: new Date(error.timestamp),
        trace: String(error.stack_trace),
      }));
    },
    async readEntry(kind, name) {
      const path = `${ENTRIES[kind].path}/${encodeURIComponent(name)}`;
      return found({ method: 'GET', path, action: `show the ${kind} ${name}` });
    },
    async writeEntry(kind, name, body) {
      const { path, key } = ENTRIES[kind];
      const action = `set the ${kind} ${name}`;
      const whole = { [key]: name, ...body };
      const change = { method: 'PATCH', path: `${path}/${encodeURIComponent(name)}`, action, body: whole };
      if ((await found(change)) !== null) return;
      const made = await call({ method: 'POST', path, action, body: whole });
      if (made.status === 409) await must(change);
      else accepted(endpoint, { action }, made);
    },
    async removeEntry(kind, name) {
      const path = `${ENTRIES[kind].path}/${encodeURIComponent(name)}`;
      await found({ method: 'DELETE', path, action: `remove the ${kind} ${name}` });
    },
    async version() {
      return String((await must({ method: 'GET', path: '/version', action: 'say its version' })).version);
    },
    async providers() {
      const asked = { method: 'GET', path: '/providers', action: 'list its providers' };
      const { status, answer } = await call(asked);
      if (status === 403) return null;
      const { providers } = accepted(endpoint, asked, { status, answer });
      return Object.fromEntries(
        providers.map((provider: Answer) => [String(provider.package_name), String(provider.version)]),
      );
    },
  };
}

type Server = { endpoint: string; auth: AirflowAuth; timeoutSeconds: number };

/** One request. Statuses are the caller's to judge; no answer at all, or one that is no JSON, throws. */
async function callAirflow(server: Server, call: Call): Promise<{ status: number; answer: Answer }> {
  const response = await send(server, call);
  const text = await response.text().catch((error: unknown) => {
    throw unreachable(server.endpoint, error);
  });
  if (response.status === 204) return { status: 204, answer: {} };
  try {
    return { status: response.status, answer: JSON.parse(text) };
  } catch (error) {
    if (!response.ok && response.status !== 404) return { status: response.status, answer: null };
    const because = oddAnswer(response.headers.get('content-type') ?? '', text);
    throw fail('airflow-answer-odd', { endpoint: server.endpoint, action: call.action, because }, error);
  }
}

/** A reused connection that the server had just closed says nothing of the server: one more try, on a new one. */
async function send(server: Server, call: Call): Promise<Response> {
  try {
    return await sendOnce(server, call);
  } catch (error) {
    if (!isClosedSocket(error)) throw unreachable(server.endpoint, error);
  }
  await sleep(50);
  return sendOnce(server, call).catch((error: unknown) => {
    throw unreachable(server.endpoint, error);
  });
}

async function sendOnce({ endpoint, auth, timeoutSeconds }: Server, call: Call): Promise<Response> {
  return fetch(`${endpoint}/api/v1${call.path}`, {
    method: call.method,
    headers: {
      ...(await auth.headers()),
      accept: 'application/json',
      ...(call.body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(call.body === undefined ? {} : { body: JSON.stringify(call.body) }),
    redirect: 'manual',
    signal: AbortSignal.timeout(timeoutSeconds * 1000),
  });
}

function isClosedSocket(error: unknown): boolean {
  const cause = error instanceof Error ? error.cause : null;
  return cause instanceof Error && 'code' in cause && ['UND_ERR_SOCKET', 'ECONNRESET'].includes(String(cause.code));
}

function unreachable(endpoint: string, error: unknown): Error {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return fail('target-unreachable', { target: 'airflow', endpoint: `${endpoint} (${messageOf(cause)})` }, error);
}

function accepted(endpoint: string, { action }: { action: string }, got: { status: number; answer: Answer }): Answer {
  const { status, answer } = got;
  if (status >= 200 && status < 300) return answer;
  const said =
    typeof answer?.detail === 'string' && answer.detail !== '' ? ` (it says: ${answer.detail.slice(0, 300)})` : '';
  throw fail('airflow-refused', { endpoint, action, status, because: causeOf(status).because + said });
}

function dagState(dag: Answer): DagState {
  return {
    dagId: dag.dag_id,
    isPaused: dag.is_paused === true,
    isActive: dag.is_active === true,
    tags: (dag.tags ?? []).map((tag: Answer) => String(tag.name)),
    fileloc: String(dag.fileloc),
    lastParsed: dag.last_parsed_time ?? null,
  };
}

function dagRun(run: Answer): DagRun {
  return { dagId: run.dag_id, runId: run.dag_run_id, state: run.state, startDate: run.start_date ?? null };
}
