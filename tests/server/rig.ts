import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { type Client, clientOf } from '../../src/cli/client.ts';
import type { Role } from '../../src/server/contract.ts';

const bin = join(import.meta.dirname, '..', '..', 'bin', 'headgate.js');
const server = join(import.meta.dirname, 'slow-server.ts');

/** What a command printed, and how it ended. `json` is its stdout, parsed. */
export type Ran = { status: number; stdout: string; stderr: string; json: Record<string, unknown> };

/** One control plane process. */
export type Served = { url: string; pid: number; log(): string; kill(signal: NodeJS.Signals): Promise<void> };

/** A project with one Spark job, and control planes over one database and one folder. */
export type Rig = {
  folder: string;
  project: string;
  operator: string;
  serve(options?: { database?: string }): Promise<Served>;
  client(token: string, served?: Served): Client;
  token(person: string, role: Role, more?: { environments?: string[]; days?: number }): Promise<string>;
  /** Runs the command line in the project, with `--json`. */
  cli(token: string, ...words: string[]): Promise<Ran>;
  /** Writes the job with this text and makes the bundle. Gives its digest. */
  bundle(text: string): Promise<string>;
  environments(files: { [name: string]: string }): Promise<void>;
  trouble: { make(name: string): Promise<void>; end(name: string): Promise<void> };
  /** Ends the control planes. */
  stop(): Promise<void>;
  /** Ends them and removes everything. */
  close(): Promise<void>;
};

const headgateYaml = `version: 1
project: payments
values: { lake_root: { type: string } }
parts:
  spark:
    - { name: settle, path: jobs/settle, main: settle.py, args: ["--lake", "\${values.lake_root}"] }
    - { name: rates, path: jobs/rates, main: rates.py }
`;

/** The text of an environment file of the rig. */
export function environmentText(
  rig: Pick<Rig, 'folder'>,
  input: { name: string; after?: string; promote?: string; approvals?: number; valid?: string },
): string {
  const { name, after, promote = 'manual', approvals = 0, valid = '24h' } = input;
  return `environment: ${name}
${after === undefined ? '' : `after: ${after}\n`}promote: ${promote}
gates: { approvals: ${approvals}, approver-roles: [approver], separate-author: true, approval-valid: ${valid} }
targets: { spark: { home: ${join(rig.folder, 'homes', name)} } }
values: { lake_root: /lake/${name} }
`;
}

export async function createRig(): Promise<Rig> {
  const folder = await mkdtemp(join(tmpdir(), 'headgate-server-'));
  const project = join(folder, 'project');
  const troubles = join(folder, 'trouble');
  await mkdir(troubles);
  await write(project, { 'headgate.yaml': headgateYaml, 'jobs/rates/rates.py': 'print("rates")\n' });
  const running: { child: ChildProcess; served: Served }[] = [];
  const newest = () => running.at(-1)?.served ?? unserved();
  const rig: Rig = {
    folder,
    project,
    operator: '',
    async serve({ database = '-' } = {}) {
      const tokenFile = join(folder, 'token');
      const child = spawn(process.execPath, [server, join(folder, 'data'), database, tokenFile, troubles], {
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      const served = await servedBy(child);
      running.push({ child, served });
      rig.operator = (await readFile(tokenFile, 'utf8')).trim();
      return served;
    },
    client: (token, served = newest()) => clientOf({ url: served.url, token }),
    async token(person, role, { environments, days = 1 } = {}) {
      const wish = { person, roles: [role], environments: environments ?? null, days };
      return (await rig.client(rig.operator).createToken(wish)).secret;
    },
    cli: (token, ...words) =>
      runCli({ words, cwd: project, url: running.at(-1)?.served.url ?? '', token, home: folder }),
    async bundle(text) {
      await write(project, { 'jobs/settle/settle.py': text });
      const made = await rig.cli(rig.operator, 'bundle', '--skip-checks', '--static');
      if (made.status !== 0) throw new Error(made.stdout + made.stderr);
      return String(made.json.digest);
    },
    async environments(files) {
      await write(join(project, 'environments'), files);
      for (const name of Object.keys(files)) {
        const set = await rig.cli(rig.operator, 'environment', 'set', `environments/${name}`);
        if (set.status !== 0) throw new Error(set.stdout + set.stderr);
      }
    },
    trouble: {
      make: (name) => writeFile(join(troubles, name), ''),
      end: (name) => rm(join(troubles, name), { force: true }),
    },
    async stop() {
      for (const { served } of running.toReversed()) await served.kill('SIGTERM');
    },
    async close() {
      await rig.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
  return rig;
}

/** Asks until the answer is not null, for at most `seconds`. */
export async function until<Answer>(seconds: number, ask: () => Promise<Answer | null>): Promise<Answer> {
  const deadline = Date.now() + seconds * 1000;
  for (;;) {
    const answer = await ask();
    if (answer !== null) return answer;
    if (Date.now() > deadline) throw new Error(`not so within ${seconds} s`);
    await pause(100);
  }
}

async function servedBy(child: ChildProcess): Promise<Served> {
  let [out, log] = ['', ''];
  child.stdout?.on('data', (chunk: Buffer) => {
    out += chunk.toString();
  });
  child.stderr?.on('data', (chunk: Buffer) => {
    log += chunk.toString();
  });
  child.on('exit', (code) => {
    if (code !== null && code !== 0) process.stderr.write(`a control plane ended with ${code}:\n${log}\n`);
  });
  const url = await until(60, async () => {
    if (child.exitCode !== null) throw new Error(`the control plane ended with ${child.exitCode}: ${log}`);
    return /"url": "([^"]+)"/.exec(out)?.[1] ?? null;
  });
  return {
    url,
    pid: child.pid ?? 0,
    log: () => log,
    async kill(signal) {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, 'exit');
      child.kill(signal);
      await ended;
    },
  };
}

type CliRun = { words: string[]; cwd: string; url: string; token: string; home: string };

function runCli({ words, cwd, url, token, home }: CliRun): Promise<Ran> {
  const env = { ...process.env, HEADGATE_URL: url, HEADGATE_TOKEN: token, XDG_CONFIG_HOME: home };
  return new Promise((done) => {
    execFile(process.execPath, [bin, ...words, '--json'], { cwd, env, timeout: 120_000 }, (error, stdout, stderr) => {
      const status = error === null ? 0 : typeof error.code === 'number' ? error.code : -1;
      done({ status, stdout, stderr, json: parsed(stdout) });
    });
  });
}

function parsed(text: string): Record<string, unknown> {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}

async function write(root: string, files: { [path: string]: string }): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  }
}

function unserved(): never {
  throw new Error('no control plane runs');
}
