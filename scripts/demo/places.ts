import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** Where the demo keeps everything: one folder, so that it can be reused, and removed as a whole. */
export const places = {
  all: join(root, '.headgate', 'demo'),
  estate: join(root, '.headgate', 'demo', 'estate'),
  plane: join(root, '.headgate', 'demo', 'control-plane'),
  token: join(root, '.headgate', 'demo', 'operator.token'),
  log: join(root, '.headgate', 'demo', 'control-plane.log'),
  people: join(root, '.headgate', 'demo', 'people'),
  runs: join(root, '.headgate', 'demo', 'runs'),
  store: join(root, '.headgate', 'demo', 'bundles'),
  key: join(root, '.headgate', 'demo', 'ci.pem'),
  airflow: (environment: string) => join(root, '.headgate', 'demo', environment, 'airflow'),
  dags: (environment: string) => join(root, '.headgate', 'demo', environment, 'dags'),
  lake: (environment: string) => join(root, '.headgate', 'demo', environment, 'lake'),
};
