import { spawn } from 'node:child_process';
import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { z } from 'zod';

const Step = z.object({
  id: z.string().optional(),
  name: z.string(),
  if: z.union([z.string(), z.boolean()]).optional(),
  shell: z.string().optional(),
  run: z.string().optional(),
  uses: z.string().optional(),
  env: z.record(z.string(), z.string()).default({}),
  with: z.record(z.string(), z.string()).default({}),
  'continue-on-error': z.boolean().optional(),
});
export type Step = z.infer<typeof Step>;
const Input = z.strictObject({ description: z.string(), default: z.string() });
const Output = z.strictObject({ description: z.string(), value: z.string() });
const Action = z.strictObject({
  name: z.string(),
  description: z.string().max(125),
  branding: z.record(z.string(), z.string()),
  inputs: z.record(z.string(), Input),
  outputs: z.record(z.string(), Output),
  runs: z.strictObject({ using: z.literal('composite'), steps: z.array(Step) }),
});
export type Action = z.infer<typeof Action>;

const actionFolder = fileURLToPath(new URL('../..', import.meta.url));

export async function readAction(): Promise<Action> {
  return Action.parse(parse(await readFile(join(actionFolder, 'action.yml'), 'utf8')));
}

/** `github`: what `${{ github.x }}` stands for, by the words after `github.`. `env`: what the runner gives every step. */
export type Job = {
  workspace: string;
  home: string;
  inputs: { [name: string]: string };
  github: { [path: string]: string };
  env: NodeJS.ProcessEnv;
};
export type Ran = { status: number; log: string; summary: string; outputs: { [name: string]: string } };

/**
 * Carries out the steps of the action that have a script, in order, as GitHub's runner does: expressions in `env` are
 * filled in, outputs are read back, what follows a failed step runs only where it says so. What other actions do (`uses`) and
 * the installation are left out.
 */
export async function runAction(action: Action, job: Job): Promise<Ran> {
  const temp = await mkdtemp(join(job.home, 'runner-'));
  const summary = join(temp, 'summary.md');
  await writeFile(summary, '');
  const inputs = Object.fromEntries(Object.entries(action.inputs).map(([name, input]) => [name, input.default]));
  const known: Known = {
    inputs: { ...inputs, ...job.inputs },
    github: { ...job.github, action_path: actionFolder },
    steps: {},
  };
  const ran: Ran = { status: 0, log: '', summary: '', outputs: {} };
  for (const step of action.runs.steps) {
    if (step.run === undefined || step.name === 'Install') continue;
    if (ran.status !== 0 && !String(step.if ?? '').includes('!cancelled()')) continue;
    const output = join(temp, `output-${step.id ?? 'none'}`);
    await writeFile(output, '');
    const given = Object.fromEntries(Object.entries(step.env).map(([name, text]) => [name, filled(text, known)]));
    const env = { ...job.env, ...given, RUNNER_TEMP: temp, GITHUB_OUTPUT: output, GITHUB_STEP_SUMMARY: summary };
    const ended = await bash(step.run, { cwd: job.workspace, env });
    ran.log += ended.log;
    if (ended.status !== 0 && ran.status === 0) ran.status = ended.status;
    if (step.id !== undefined) known.steps[step.id] = outputsIn(await readFile(output, 'utf8'));
  }
  ran.summary = await readFile(summary, 'utf8');
  ran.outputs = Object.fromEntries(
    Object.entries(action.outputs).map(([name, { value }]) => [name, filled(value, known)]),
  );
  return ran;
}

type Known = {
  inputs: { [name: string]: string };
  github: { [path: string]: string };
  steps: { [id: string]: { [name: string]: string } };
};

function filled(text: string, known: Known): string {
  return text.replace(/\$\{\{ ([\w.-]+) \}\}/g, (_, expression: string) => {
    const [root = '', ...rest] = expression.split('.');
    if (root === 'steps') return known.steps[rest[0] ?? '']?.[rest[2] ?? ''] ?? '';
    return (root === 'inputs' ? known.inputs : known.github)[rest.join('.')] ?? '';
  });
}

function outputsIn(text: string): { [name: string]: string } {
  return Object.fromEntries(text.split('\n').flatMap((line) => (line.includes('=') ? [splitOnce(line)] : [])));
}

function splitOnce(line: string): [string, string] {
  const at = line.indexOf('=');
  return [line.slice(0, at), line.slice(at + 1)];
}

/** As the runner starts `shell: bash`. */
function bash(
  script: string,
  { cwd, env }: { cwd: string; env: NodeJS.ProcessEnv },
): Promise<{ status: number; log: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn('bash', ['--noprofile', '--norc', '-eo', 'pipefail', '-c', script], { cwd, env });
    let log = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (log += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (log += text));
    child.on('error', reject);
    child.on('close', (status) => resolve({ status: status ?? 1, log }));
  });
}
