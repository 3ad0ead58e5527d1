import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { cacheHome } from '../../src/base/python/cache-home.ts';
import { type AirflowStack, startAirflowStack } from '../../src/environments/stack/airflow-stack.ts';
import type { Step } from '../../src/model/step.ts';
import { startEmbeddedPostgres } from '../../src/store/embedded-postgres.ts';
import { connect } from '../../src/targets/airflow/apply.ts';
import { type AirflowClient, airflowClient, basicAuth } from '../../src/targets/airflow/client.ts';
import type { Direction, Mark, Outcome, TargetConnection } from '../../src/targets/contract.ts';
import { ENVIRONMENT, PART, pointerOf, type Release, readerOf, settingsOfRelease } from './estate.ts';

type Settings = { [setting: string]: string | number | boolean | null };

/** A real Airflow for one test file. The database's template is kept in the cache, so that only the first one is slow. */
export type Rig = {
  folder: string;
  stack: AirflowStack;
  client: AirflowClient;
  releases: Release[];
  /** With these settings over the usual ones. */
  connect(more?: Settings): Promise<TargetConnection>;
  /** Steps of a plan that makes one release live after another, in the order that a plan has them. */
  steps(from: Release | null, to: Release, places: string[]): Step[];
  carryOut(steps: Step[], direction?: Direction): Promise<void>;
  act(step: Step, direction?: Direction): Promise<Outcome>;
  rest(method: string, path: string, body?: unknown): Promise<unknown>;
  /** What another process needs to act on the same Airflow; see switching-process.ts. */
  settings: Settings;
  stop(): Promise<void>;
};

export async function startRig(extra: Settings = {}): Promise<Rig> {
  const folder = await mkdtemp(join(tmpdir(), 'headgate-airflow-test-'));
  const postgres = await startEmbeddedPostgres({ folder: join(cacheHome(), 'test-postgres'), port: 0 });
  const database = `airflow_test_${Date.now().toString(36)}_${process.pid}`;
  const stack = await startAirflowStack({
    folder: join(folder, 'stack'),
    dags: join(folder, 'dags'),
    server: postgres.url,
    database,
    port: 0,
    env: { HEADGATE_TEST_LOG: join(folder, 'log') },
    user: null,
    runtime: null,
  });
  const auth = basicAuth(stack.username, async () => stack.password);
  const releases: Release[] = [];
  let acts = 0;
  const signIn = { url: stack.url, username: stack.username, password: 'test:password', 'start-new-dags': true };
  const settings = extra.provider === 's3' ? { ...signIn, ...extra } : { ...signIn, dags: stack.dags, ...extra };
  const world = {
    environment: ENVIRONMENT,
    bundles: readerOf(releases),
    secret: async (reference: string) => (reference === 'test:password' ? stack.password : `secret of ${reference}`),
    now: () => new Date(),
  };
  const open = (more: Settings = {}) => connect({ ...settings, ...more }, world);
  async function act(step: Step, direction: Direction = 'forward', mark: Mark = { key: `test/${acts++}`, epoch: 1 }) {
    const connection = await open();
    try {
      for (;;) {
        const outcome = await connection.act(step, direction, mark);
        if (outcome.outcome !== 'waiting') return outcome;
        await sleep(outcome.againInSeconds * 1000);
      }
    } finally {
      await connection.close();
    }
  }
  return {
    folder,
    stack,
    client: airflowClient({ url: stack.url, auth, timeoutSeconds: 30 }),
    releases,
    settings,
    connect: open,
    steps,
    act,
    async carryOut(steps, direction = 'forward') {
      for (const step of direction === 'forward' ? steps : steps.toReversed()) {
        const outcome = await act(step, direction);
        if (outcome.outcome !== 'done') throw new Error(`${step.kind}: ${JSON.stringify(outcome)}`);
      }
    },
    async rest(method, path, body) {
      const headers = { ...(await auth.headers()), 'content-type': 'application/json' };
      const sent = body === undefined ? {} : { body: JSON.stringify(body) };
      const answer = await fetch(`${stack.url}/api/v1${path}`, { method, headers, ...sent });
      return answer.status === 204 ? null : answer.json();
    },
    async stop() {
      await stack.stop();
      await postgres.stop();
      if (process.env.HEADGATE_KEEP !== '1') await rm(folder, { recursive: true, force: true });
    },
  };
}

function steps(from: Release | null, to: Release, places: string[]): Step[] {
  const target = 'airflow';
  const { bundle } = to;
  const blob = pointerOf(to, places[0] ?? '').pointer.part;
  const settings = { from: from === null ? null : settingsOfRelease(from), to: settingsOfRelease(to) };
  const units = places.map((place) => ({ place, ...pointerOf(to, place) }));
  const before = (place: string) => (from === null ? null : pointerOf(from, place).pointer);
  return [
    { kind: 'upload', target, part: PART, blob, bundle },
    ...(settings.from === settings.to
      ? []
      : [{ kind: 'configure' as const, target, part: PART, ...settings, bundle, fromBundle: from?.bundle ?? null }]),
    ...units.map(({ place, unit, pointer }) => ({
      kind: 'switch' as const,
      target,
      unit,
      from: before(place),
      to: pointer,
      pinRuns: from !== null,
    })),
    ...units.map(({ unit, pointer }) => ({ kind: 'verify' as const, target, unit, to: pointer })),
  ];
}
