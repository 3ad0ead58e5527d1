import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';
import ignore from 'ignore';
import { childEnv } from '../../base/child-env.ts';
import { RUNTIME_NAMES, type Runtime, runtimeEnv, runtimePresent } from '../../base/python/runtime.ts';
import { runtimeIdentity } from '../../base/python/runtime-identity.ts';
import { runTool } from '../../base/run-tool.ts';
import { judgeOwnRun } from '../../delivery/checks/own/own-report.ts';
import type { OwnCheck } from '../../delivery/project/checking.ts';
import { skipped } from '../../model/check-finding.ts';
import type { Finding } from '../../model/finding.ts';
import { canonicalJson } from '../../model/json.ts';
import type { ProjectCheck, ProjectCheckInput } from './project-check.ts';

/** The checks that a team has declared, as checks over the whole project. */
export function ownChecks(declared: readonly OwnCheck[]): ProjectCheck[] {
  return declared.map(ownCheck);
}

function ownCheck(own: OwnCheck): ProjectCheck {
  const inputs = ignore().add(own.inputs);
  return {
    name: own.name,
    title: own.title ?? `The project's own check ${own.name} passes`,
    dependsOn: ['project-files', 'ignored-files', 'runtime'],
    weight: { cores: 1, memoryMb: 512 },
    ...(own.budgetSeconds === null ? {} : { budgetSeconds: own.budgetSeconds }),
    ...(own.mayFlake ? { mayFlake: true as const } : {}),
    reads: () => (path) => inputs.ignores(path),
    variables: own.variables,
    identity: async ({ reading }) => canonicalJson([own, programIdentity(own, reading.root)]),
    run: (input) => runOwn(own, input),
  };
}

async function runOwn(own: OwnCheck, { reading, control }: ProjectCheckInput): Promise<Finding[]> {
  const { root } = reading;
  const env = envOf(own, root);
  if (env === null)
    return [skipped(own.name, `The runtime ${own.runtime} is not there.`, { hint: 'Set it up first.' })];
  const file = own.report.file === null ? null : join(root, own.report.file);
  // A report of before must not be taken for this one.
  if (file !== null) rmSync(file, { force: true });
  const ended = await runTool({ argv: own.command, cwd: join(root, own.folder), env, signal: control?.signal });
  const text = file === null ? ended.out : textOf(file);
  const { findings, outcomes } = judgeOwnRun(own, {
    ...{ status: ended.status, failure: ended.failure, text, output: `${ended.err}\n${ended.out}` },
  });
  for (const outcome of outcomes) control?.outcome(outcome);
  return findings;
}

/** What every program needs, the variables that are passed by name, and the runtime's own. Null: the runtime is not there. */
function envOf(own: OwnCheck, root: string): Record<string, string> | null {
  const passed = childEnv(
    own.variables.map((name) => `env:${name}`),
    {},
  );
  if (own.runtime === null) return passed;
  const runtime = headgatesRuntime(own.runtime);
  if (runtime !== null) return { ...passed, ...runtimeEnv(runtime, passed) };
  const home = join(root, own.runtime);
  if (!existsSync(join(home, 'pyvenv.cfg'))) return null;
  return { ...passed, VIRTUAL_ENV: home, PATH: [join(home, 'bin'), passed.PATH ?? ''].join(delimiter) };
}

function headgatesRuntime(name: string): Runtime | null {
  const known = RUNTIME_NAMES.find((one) => one === name);
  return known === undefined ? null : runtimePresent(known);
}

/** The program that the command starts, by its bytes, and what the runtime that it is started in has. */
function programIdentity(own: OwnCheck, root: string): unknown {
  const env = envOf(own, root) ?? {};
  const program = programOf(own, root, env.PATH ?? '');
  const runtime = own.runtime === null ? null : (headgatesRuntime(own.runtime) ?? join(root, own.runtime));
  return [
    program === null ? null : createHash('sha256').update(readFileSync(program)).digest('hex'),
    runtime === null ? null : typeof runtime === 'string' ? packagesOf(runtime) : runtimeIdentity(runtime),
    own.runtime === null ? null : env.PATH,
  ];
}

function programOf(own: OwnCheck, root: string, path: string): string | null {
  const [program = ''] = own.command;
  const places = program.includes('/')
    ? [isAbsolute(program) ? program : join(root, own.folder, program)]
    : path.split(delimiter).map((folder) => join(folder, program));
  const found = places.find((place) => existsSync(place));
  return found === undefined ? null : realpathSync(found);
}

/** The names in the package folders of a virtual environment: they hold the versions. */
function packagesOf(home: string): string[] {
  const library = join(home, 'lib');
  const pythons = existsSync(library) ? readdirSync(library) : [];
  return pythons.flatMap((python) => {
    const folder = join(library, python, 'site-packages');
    return existsSync(folder) ? readdirSync(folder).sort() : [];
  });
}

function textOf(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}
