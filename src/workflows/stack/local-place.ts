import { join, resolve } from 'node:path';
import { z } from 'zod';
import { fail } from '../../base/errors.ts';
import type { Environment } from '../../model/environment.ts';
import { lockFileName } from '../../model/runtime-lock.ts';
import { readProject } from '../project/read-project.ts';

const AirflowTarget = z.object({
  provider: z.literal('folder').default('folder'),
  dags: z.string(),
  url: z.url(),
  username: z.string(),
  password: z.string(),
});

/** Where the local stack of one environment of a project is, and what its Airflow target says. `port` 0: any free one. */
export type LocalPlace = {
  project: Awaited<ReturnType<typeof readProject>>['project'];
  /** The text of headgate.lock; null when there is none. */
  lock: string | null;
  environment: Environment;
  /** `.headgate/<environment>` of the project. */
  folder: string;
  /** Postgres, one for all environments of the project. */
  postgres: string;
  dags: string;
  port: number;
  username: string;
  /** The name of the environment's secret that holds the password; null when the target names none. */
  passwordSecret: string | null;
};

const LOCAL = ['127.0.0.1', 'localhost', '[::1]'];

/** True for a host that is this machine. */
export function isLocal(host: string): boolean {
  return LOCAL.includes(host);
}

/**
 * The place for an environment (null: the first of the chain).
 * @throws environment-not-in-project, stack-not-local
 */
export async function localPlace(folder: string, wanted: string | null): Promise<LocalPlace> {
  const { root, project, files } = await readProject(folder);
  const environment = project.environments.find(({ name, after }) =>
    wanted === null ? after === null : name === wanted,
  );
  if (environment === undefined) {
    const known = project.environments.map(({ name }) => name).join(', ');
    throw fail('environment-not-in-project', { environment: wanted ?? 'the first of the chain', known });
  }
  const own = join(root, '.headgate', environment.name);
  const lock = files.text(lockFileName);
  const place = { project, lock, environment, folder: own, postgres: join(root, '.headgate', 'postgres') };
  const given = environment.targets.airflow;
  if (given === undefined) {
    return { ...place, dags: join(own, 'dags'), port: 0, username: 'headgate', passwordSecret: null };
  }
  const parsed = AirflowTarget.safeParse(given);
  const url = parsed.success ? new URL(parsed.data.url) : null;
  if (!parsed.success || url === null || !isLocal(url.hostname)) {
    throw fail('stack-not-local', { environment: environment.name });
  }
  const { dags, username, password } = parsed.data;
  const passwordSecret = /^\$\{secrets\.([\w-]+)\}$/.exec(password)?.[1] ?? null;
  return { ...place, dags: resolve(root, dags), port: Number(url.port || 8080), username, passwordSecret };
}
