import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { isAlive } from '../../src/base/is-alive.ts';

const source = fileURLToPath(new URL('../..', import.meta.url));

export type Ended = { status: number | null; out: string; err: string };
export type Started = { process: ChildProcess; ended: Promise<Ended> };
type Env = { [name: string]: string };

/** A Headgate of its own, with caches of its own, so that nobody else's helper and nobody's change to the source is in the way. */
export type HelperWorld = {
  folder: string;
  program: string;
  cache: string;
  start(project: string, args: readonly string[], env?: Env): Started;
  run(project: string, args: readonly string[], env?: Env): Promise<Ended>;
  /** Process ids of the helpers that are written down and run; of one project, where it is named. */
  helpers(project?: string): number[];
  /** Lets a helper start as `check` does, and waits until it listens. */
  startHelper(project: string, env?: Env): Promise<number>;
  remove(): Promise<void>;
};

export function helperWorld(): HelperWorld {
  const folder = mkdtempSync(join(tmpdir(), 'hg-warm-'));
  const program = join(folder, 'headgate');
  for (const part of ['src', 'bin', 'bridge', 'package.json', 'package-lock.json'])
    cpSync(join(source, part), join(program, part), { recursive: true });
  symlinkSync(join(source, 'node_modules'), join(program, 'node_modules'));
  const cache = join(folder, 'cache');
  mkdirSync(cache);
  const seen = new Set<number>();

  function start(project: string, args: readonly string[], env: Env = {}): Started {
    const { CI: _, ...inherited } = process.env;
    const child = spawn(process.execPath, [join(program, 'bin/headgate.js'), ...args], {
      cwd: project,
      env: {
        ...inherited,
        HEADGATE_CACHE: cache,
        HEADGATE_HELPER: 'on',
        NODE_COMPILE_CACHE: join(folder, 'compiled'),
        ...env,
      },
    });
    let [out, err] = ['', ''];
    child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
    const ended = new Promise<Ended>((resolve, reject) => {
      child.on('error', reject);
      child.on('close', (status) => resolve({ status, out, err }));
    });
    return { process: child, ended };
  }

  function helpers(project = ''): number[] {
    const warm = join(cache, 'warm');
    const names = existsSync(warm) ? readdirSync(warm).filter((name) => name.endsWith('.json')) : [];
    const pids = names.flatMap((name) => pidIn(join(warm, name), project)).filter(isAlive);
    for (const pid of pids) seen.add(pid);
    return pids;
  }

  const run = (project: string, args: readonly string[], env?: Env) => start(project, args, env).ended;
  return {
    ...{ folder, program, cache, start, run, helpers },
    async startHelper(project, env) {
      const before = helpers();
      await run(project, ['impact', '--json', '--base', 'HEAD'], env);
      return until('a helper is there', () => helpers().find((pid) => !before.includes(pid)));
    },
    async remove() {
      await run(folder, ['helper', 'stop']);
      helpers();
      await until('every helper has gone', () => [...seen].every((pid) => !isAlive(pid)) || undefined);
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

function pidIn(file: string, project: string): number[] {
  try {
    const { pid, root } = JSON.parse(readFileSync(file, 'utf8'));
    return project === '' || root === project ? [Number(pid)] : [];
  } catch {
    return [];
  }
}

/** Waits until `look` gives something, for up to 20 s. */
export async function until<Value>(what: string, look: () => Value | undefined, seconds = 20): Promise<Value> {
  const deadline = Date.now() + seconds * 1000;
  for (;;) {
    const found = look();
    if (found !== undefined) return found;
    if (Date.now() > deadline) throw new Error(`it did not come to pass that ${what}`);
    await sleep(25);
  }
}

/** Writes files, and gives the folder. */
export function writeTree(folder: string, texts: { [path: string]: string }): string {
  for (const [path, text] of Object.entries(texts)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

export function git(folder: string, ...args: string[]): string {
  const who = ['-c', 'user.name=Test', '-c', 'user.email=test@example.com', '-c', 'commit.gpgsign=false'];
  return execFileSync('git', [...who, '-C', folder, ...args], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

/** A project with two commits, an environment, a DAG, models and a topic's schema. */
export function project(folder: string): string {
  writeTree(folder, {
    'headgate.yaml': `version: 1
project: small
values: { rows: { type: integer, default: 1 } }
parts:
  airflow: [{ name: main, dags: dags }]
  dbt: [{ name: shop, path: shop }]
`,
    'environments/dev.yaml': 'environment: dev\nvalues: { rows: 1 }\n',
    '.gitignore': 'scratch/\n*.tmp\n',
    'dags/one.py': dag('one'),
    'shop/dbt_project.yml': 'name: shop\nversion: "1"\nprofile: shop\nmodel-paths: [models]\n',
    'shop/models/first.sql': 'select 1 as id, 2 as amount\n',
    'shop/models/second.sql': "select id, amount from {{ ref('first') }} where amount > 1\n",
  });
  git(folder, 'init', '-q', '-b', 'main');
  git(folder, 'add', '-A');
  git(folder, 'commit', '-qm', 'one');
  writeTree(folder, { 'shop/models/third.sql': "select id from {{ ref('second') }}\n" });
  git(folder, 'add', '-A');
  git(folder, 'commit', '-qm', 'two');
  return folder;
}

export function dag(id: string): string {
  return `from airflow import DAG\nfrom airflow.operators.empty import EmptyOperator\n\nwith DAG("${id}", schedule="@daily", default_args={"owner": "a"}):\n    EmptyOperator(task_id="t")\n`;
}

/** The checks that start no Python, so that a series of them is quick. */
export const quick = [
  ...['dag-duplicate-ids', 'environment-values', 'python-lint', 'no-secrets', 'runtime-lock', 'secrets-in-change'],
].flatMap((name) => ['--only', name]);

/** The processes of a program that run with this one as their parent. */
export function childrenOf(parent: number, program: string): number[] {
  const out = execFileSync('ps', ['-axo', 'pid=,ppid=,comm='], { encoding: 'utf8' });
  const rows = out
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/));
  return rows.flatMap(([pid, of, name = '']) => (Number(of) === parent && name.endsWith(program) ? [Number(pid)] : []));
}
