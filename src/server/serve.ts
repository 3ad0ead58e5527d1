import { chmod, writeFile } from 'node:fs/promises';
import type { Server } from 'node:http';
import { join, resolve } from 'node:path';
import { serve as listen } from '@hono/node-server';
import { fail, messageOf } from '../base/errors.ts';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../store/embedded-postgres.ts';
import { signLog } from '../store/queries/heads.ts';
import type { Target } from '../targets/contract.ts';
import type { Pause } from '../workflows/ports.ts';
import { plane as planeName } from '../workflows/release/move-release.ts';
import { buildApp } from './app.ts';
import { mintToken } from './identity.ts';
import type { Log } from './log.ts';
import { openPlane, type Plane } from './plane.ts';
import { isDatabaseTrouble } from './problem.ts';
import { startJobs } from './work-jobs.ts';

export type ServeInput = {
  /** Where bundles, keys and the embedded Postgres are kept. */
  folder: string;
  /** Null: the embedded Postgres. */
  databaseUrl: string | null;
  host: string;
  /** 0: a free one. */
  port: number;
  insecureListen: boolean;
  /** Where the first token goes; null: it is given back. */
  tokenFile: string | null;
  /** Makes another operator token, for when all were lost. Whoever may start the control plane may do this; it is audited. */
  newOperatorToken: boolean;
  version: string;
  target(id: string): Target;
  pause: Pause;
  log: Log;
};

/** `firstToken` is there once in the life of a database: the operator's. */
export type Serving = { url: string; firstToken: string | null; plane: Plane; stop(): Promise<void> };

/**
 * Starts a control plane and serves its API. Several may run over one database. `stop` lets open work go: another process, or
 * the next start, goes on with it.
 * @throws listen-refused, port-taken, database-unreachable, and what the embedded Postgres throws
 */
export async function serve(input: ServeInput): Promise<Serving> {
  requireSafeAddress(input);
  const postgres = input.databaseUrl === null ? await startPostgres(input.folder) : null;
  const databaseUrl = input.databaseUrl ?? postgres?.url ?? '';
  try {
    const { version, target, pause, log } = input;
    const plane = await openPlane({ folder: resolve(input.folder), databaseUrl, version, target, pause, log });
    const firstToken = await bootstrap(plane, input);
    const { server, port } = await open(plane, input);
    const jobs = startJobs(plane);
    const mind = outliveLostDatabase(log);
    const heads = setInterval(() => void signHead(plane), 60_000);
    const stop = async () => {
      clearInterval(heads);
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
      await jobs.stop();
      await signHead(plane);
      await plane.close();
      await postgres?.stop();
      mind.stop();
    };
    return { url: `http://${urlHost(input.host)}:${port}`, firstToken, plane, stop };
  } catch (error) {
    await postgres?.stop();
    throw error;
  }
}

function startPostgres(folder: string): Promise<EmbeddedPostgres> {
  return startEmbeddedPostgres({ folder: join(resolve(folder), 'postgres'), port: 0 });
}

/**
 * The job queue leaves a rejection unhandled when the database goes away while it gives a job back, which would end the
 * process. Such a job is found again by the sweep. Any other unhandled rejection is a bug and ends the process as always.
 */
function outliveLostDatabase(log: Log): { stop(): void } {
  const mind = (error: unknown) => {
    if (!isDatabaseTrouble(error)) throw error;
    log('trouble', `the database went away in the middle of something: ${messageOf(error)}`);
  };
  process.on('unhandledRejection', mind);
  return { stop: () => process.off('unhandledRejection', mind) };
}

function requireSafeAddress({ host, insecureListen }: ServeInput): void {
  const local = host === '127.0.0.1' || host === '::1' || host === 'localhost';
  if (!local && !insecureListen) throw fail('listen-refused', { address: host });
}

/** Makes the first token when the database has none at all. */
async function bootstrap(plane: Plane, { tokenFile, newOperatorToken }: ServeInput): Promise<string | null> {
  const order = {
    person: 'operator',
    label: newOperatorToken ? 'made at start' : 'first token',
    roles: ['operator' as const],
    environments: null,
  };
  const minted = mintToken({ ...order, expires: null, by: planeName, at: plane.clock.now() });
  if (newOperatorToken) await plane.tokens.add(minted.row, minted.audit);
  else if (!(await plane.tokens.addFirst(minted.row, minted.audit))) return null;
  if (tokenFile === null) return minted.secret;
  await writeFile(tokenFile, `${minted.secret}\n`, { mode: 0o600 });
  await chmod(tokenFile, 0o600);
  return null;
}

async function open(plane: Plane, { host, port }: ServeInput): Promise<{ server: Server; port: number }> {
  const app = buildApp(plane);
  return new Promise((opened, refused) => {
    const server = listen({ fetch: app.fetch, hostname: host, port }, (address) =>
      opened({ server: server as Server, port: address.port }),
    );
    server.on('error', (error: NodeJS.ErrnoException) => {
      refused(error.code === 'EADDRINUSE' ? fail('port-taken', { address: host, port }, error) : error);
    });
  });
}

async function signHead(plane: Plane): Promise<void> {
  try {
    await signLog(plane.database.db, plane.key, plane.clock.now());
  } catch {
    plane.log('trouble', `the audit log could not be signed now`);
  }
}

function urlHost(host: string): string {
  return host.includes(':') ? `[${host}]` : host;
}
