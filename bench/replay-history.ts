import { resolve } from 'node:path';
import { runtimePresent } from '../src/base/python/runtime.ts';
import type { Impact } from '../src/delivery/impact/impact.ts';
import { tellImpact } from '../src/workflows/impact/tell-impact.ts';
import { besideDbt } from './beside-dbt.ts';
import { runProgram } from './measure.ts';

/**
 * `node bench/replay-history.ts <repository> <commits> [folder of dbt packages]`: asks for the impact of each of the last commits on the
 * first parents' line and prints what came out and why something is unknown; then holds each dbt project that dbt can read without a
 * network against dbt's own `state:modified+`. Exit 1 where dbt selects what impact neither names nor decided to be as it was.
 */
const [repository = '.', asked = '25', packages = null] = process.argv.slice(2);
const root = resolve(repository);
const count = Number(asked);

const reasons = new Map<string, number>();
for (const commit of commits(count, '.').reverse()) await replay(commit);
for (const [reason, times] of [...reasons].sort((a, b) => b[1] - a[1]).slice(0, 15))
  print(`${String(times).padStart(6)}  ${reason}`);
let lost = 0;
for (const folder of dbtFolders()) lost += await hold(folder);
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

async function tell(commit: string): Promise<Impact> {
  return (await tellImpact(root, { base: `${commit}~1..${commit}`, head: null })).impact;
}

async function replay(commit: string): Promise<void> {
  const started = performance.now();
  const { changed, reached, findings } = await tell(commit);
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  print(`${commit.slice(0, 10)} ${seconds} s: changed ${countsOf(changed)}; reached ${countsOf(reached)}`);
  for (const { status, message } of findings) if (status === 'errored') print(`  errored: ${message}`);
  for (const { effect, because } of changed) {
    const reason = because.replaceAll(/`[^`]*`/g, '`..`');
    if (effect === 'unknown') reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
  }
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

/** Prints how one dbt project compares; gives how much was lost. */
async function hold(folder: string): Promise<number> {
  const runtime = runtimePresent('dbt');
  if (runtime === null)
    throw new Error('dbt is not set up on this machine; `headgate catalog --exact always` does that.');
  const history = { repository: root, folder, commits: commits(count + 1, folder || '.').reverse(), packages };
  let all = 0;
  for await (const said of besideDbt(runtime.python, history, tell)) {
    const name = `${said.commit.slice(0, 10)} ${folder || '.'}`;
    if ('error' in said) {
      print(`${name}: dbt cannot read it: ${said.error.replaceAll(/\s+/g, ' ')}`);
      continue;
    }
    const { selected, named, beyond, decided, lost: gone } = said;
    print(
      `${name}: dbt ${selected.length}, impact ${named.length} (${beyond.length} beyond dbt), decided none ${decided.length}, lost ${gone.length}`,
    );
    for (const id of decided) print(`  none: ${id}`);
    for (const id of gone) print(`  lost: ${id}`);
    all += gone.length;
  }
  return all;
}
