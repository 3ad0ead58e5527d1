import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { childEnv } from '../../base/child-env.ts';
import { fail } from '../../base/errors.ts';
import { cacheHome } from '../../base/python/cache-home.ts';
import { ensureRuntime } from '../../base/python/ensure-runtime.ts';
import { runtimeEnv } from '../../base/python/runtime.ts';
import { runTool } from '../../base/run-tool.ts';

/** An empty metadata database of the Airflow runtime, as a file to copy; made once for each lock. Absolute path. */
export async function testDatabase(): Promise<string> {
  const runtime = await ensureRuntime('airflow');
  const folder = join(cacheHome(), 'airflow-databases');
  const file = join(folder, `${runtime.lock.slice('sha256:'.length, 'sha256:'.length + 16)}.db`);
  if (existsSync(file)) return file;
  await mkdir(folder, { recursive: true });
  const home = await mkdtemp(join(folder, 'making-'));
  try {
    const env = childEnv([], {
      ...runtimeEnv(runtime),
      AIRFLOW_HOME: home,
      AIRFLOW__CORE__LOAD_EXAMPLES: 'False',
      AIRFLOW__DATABASE__SQL_ALCHEMY_CONN: `sqlite:///${home}/made.db`,
    });
    const made = await runTool({ argv: [runtime.python, '-m', 'airflow', 'db', 'migrate'], cwd: home, env });
    if (made.status !== 0) throw fail('test-database-not-made', { output: made.err.trim().slice(-1000) });
    await rename(join(home, 'made.db'), file);
    return file;
  } finally {
    await rm(home, { recursive: true, force: true, maxRetries: 3 });
  }
}
