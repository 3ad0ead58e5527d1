import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { runtimePresent } from '../src/base/python/runtime.ts';
import type { Impact } from '../src/delivery/impact/impact.ts';
import { tellImpact } from '../src/workflows/impact/tell-impact.ts';
import { besideDbt, type Held } from './beside-dbt.ts';
import { runProgram } from './measure.ts';

/**
 * `node bench/replay-history.ts <repository> <commits> [folder of dbt packages] [--folder f]... [--python p] [--only-dbt] [--no-dbt]`: asks for the
 * impact of each of the last commits on the first parents' line and prints what came out and why something is unknown; then holds each dbt
 * project that dbt can read without a network against dbt's own `state:modified+` and against what dbt compiles. Exit 1 where dbt selects
 * what impact neither names nor decided to be as it was. What is compiled otherwise and was called `none` or `compatible` is printed whole.
 */
const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    folder: { type: 'string', multiple: true },
    python: { type: 'string' },
    'only-dbt': { type: 'boolean', default: false },
    'no-dbt': { type: 'boolean', default: false },
  },
});
const [repository = '.', asked = '25', packages = null] = positionals;
const root = resolve(repository);
const count = Number(asked);

type Told = { impact: Impact; seconds: number };
const told = new Map<string, Promise<Told>>();
const reasons = new Map<string, { times: number; first: string }>();
const effects = new Map<string, { changed: number; unknown: number }>();
let cpu = 0;

if (!values['only-dbt']) for (const commit of commits(count, '.').reverse()) await show(commit);
let lost = 0;
for (const folder of values['no-dbt'] ? [] : (values.folder ?? dbtFolders()))
  lost += await hold(folder === '.' ? '' : folder);
print(`all: ${told.size} commits, ${(cpu / Math.max(told.size, 1)).toFixed(2)} CPU s each`);
for (const [target, { changed, unknown }] of effects)
  print(`${target}: ${unknown} of ${changed} changed assets unknown`);
for (const [reason, { times, first }] of [...reasons].sort((a, b) => b[1].times - a[1].times).slice(0, 15))
  print(`${String(times).padStart(6)}  ${reason} (${first})`);
process.exitCode = lost > 0 ? 1 : 0;

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

function git(...argv: string[]): string {
  return runProgram(['git', '-C', root, ...argv], { cwd: root });
}

/** Newest first; each has a parent. */
function commits(most: number, folder: string): string[] {
  const listed = git('rev-list', '--first-parent', '--parents', '-n', String(most), 'HEAD', '--', folder);
  return listed.split('\n').flatMap((line) => (line.includes(' ') ? [line.split(' ')[0] ?? ''] : []));
}

function tell(commit: string): Promise<Told> {
  const known = told.get(commit) ?? tellNow(commit);
  told.set(commit, known);
  return known;
}

async function tellNow(commit: string): Promise<Told> {
  const before = process.cpuUsage();
  const { impact } = await tellImpact(root, { base: `${commit}~1..${commit}`, head: null });
  const { user, system } = process.cpuUsage(before);
  cpu += (user + system) / 1e6;
  for (const { status, message } of impact.findings)
    if (status === 'errored') print(`  ${commit.slice(0, 10)} errored: ${message}`);
  for (const { key, effect, because } of impact.changed) {
    const target = key.split(':')[0] ?? '';
    const { changed, unknown } = effects.get(target) ?? { changed: 0, unknown: 0 };
    effects.set(target, { changed: changed + 1, unknown: unknown + (effect === 'unknown' ? 1 : 0) });
    if (effect !== 'unknown') continue;
    const reason = `${target}: ${because.replaceAll(/`[^`]*`/g, '`..`')}`;
    const { times, first } = reasons.get(reason) ?? { times: 0, first: `${commit.slice(0, 10)} ${key}` };
    reasons.set(reason, { times: times + 1, first });
  }
  return { impact, seconds: (user + system) / 1e6 };
}

async function show(commit: string): Promise<void> {
  const { impact, seconds } = await tell(commit);
  const { changed, reached } = impact;
  print(
    `${commit.slice(0, 10)} ${seconds.toFixed(1)} CPU s: changed ${countsOf(changed)}; reached ${countsOf(reached)}`,
  );
}

function countsOf(all: readonly { effect: string }[]): string {
  const counts = new Map<string, number>();
  for (const { effect } of all) counts.set(effect, (counts.get(effect) ?? 0) + 1);
  return [...counts].map(([effect, times]) => `${times} ${effect}`).join(', ') || '0';
}

function dbtFolders(): string[] {
  const files = git('ls-tree', '-r', '--name-only', 'HEAD').split('\n');
  return files
    .flatMap((path) => /^(?:(.*)\/)?dbt_project\.yml$/.exec(path)?.slice(1) ?? [])
    .map((folder) => folder ?? '');
}

function listsOf(folder: string): string[] {
  const names = ['packages.yml', 'dependencies.yml'].map((name) => (folder === '' ? name : `${folder}/${name}`));
  return git('ls-tree', '--name-only', 'HEAD', '--', ...names)
    .split('\n')
    .filter((path) => path !== '');
}

/** Prints how one dbt project compares; gives how much was lost. */
async function hold(folder: string): Promise<number> {
  const python = values.python ?? runtimePresent('dbt')?.python;
  if (python === undefined)
    throw new Error('dbt is not set up on this machine; `headgate catalog --exact always` does that.');
  const takesOwn = listsOf(folder).some((path) => git('show', `HEAD:${path}`).includes('local:'));
  const wanted = commits(count + 1, folder === '' || takesOwn ? '.' : folder).reverse();
  const history = { repository: root, folder, commits: wanted, packages };
  const sum = {
    judged: 0,
    refused: 0,
    lost: 0,
    doubts: 0,
    quiet: 0,
    quietDbt: 0,
    quietNamed: 0,
    compiled: 0,
    failed: 0,
  };
  const refusals = new Map<string, number>();
  for await (const said of besideDbt(python, history, async (commit) => (await tell(commit)).impact)) {
    if ('error' in said) {
      sum.refused += 1;
      const why = said.error.replaceAll(/\s+/g, ' ').slice(0, 160);
      refusals.set(why, (refusals.get(why) ?? 0) + 1);
      continue;
    }
    sum.judged += 1;
    sum.lost += said.lost.length;
    sum.doubts += said.doubts.length;
    sum.compiled += said.compiled;
    sum.failed += Object.values(said.failed).reduce((a, b) => a + b, 0);
    if (said.isQuiet && said.selected.length > 0) {
      sum.quiet += 1;
      sum.quietDbt += said.selected.length;
      sum.quietNamed += said.named.length;
    }
    showHeld(said, folder);
  }
  for (const [why, times] of refusals) print(`  dbt cannot read ${times}: ${why}`);
  print(`${folder || '.'}: ${JSON.stringify(sum)}`);
  return sum.lost;
}

function showHeld(
  { commit, selected, named, ofPackages, decided, lost: gone, doubts, failed, isQuiet }: Held,
  folder: string,
): void {
  print(
    `${commit.slice(0, 10)} ${folder || '.'}: dbt ${selected.length} (and ${ofPackages} of packages), impact ${named.length}, decided none ${decided.length}, lost ${gone.length}${isQuiet ? ', nothing compiled otherwise' : ''}`,
  );
  for (const id of gone) print(`  lost: ${id}`);
  for (const { id, what, said, because, before, after } of doubts)
    print(`  doubt: ${id} ${what} said ${said}: ${because}\n<<<<\n${before}\n====\n${after}\n>>>>`);
  for (const [reason, times] of Object.entries(failed)) print(`  not compiled ${times}: ${reason}`);
}
