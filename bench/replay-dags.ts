import { resolve } from 'node:path';
import { ensureRuntime } from '../src/base/python/ensure-runtime.ts';
import { tellImpact } from '../src/workflows/impact/tell-impact.ts';
import { besideAirflow, type HeldDag } from './beside-airflow.ts';
import { runProgram } from './measure.ts';

/**
 * `node bench/replay-dags.ts <repository> <commits> [folder]`: holds what impact tells of each of the last commits on the first parents' line
 * (those that touch the folder) against the real Airflow: each DAG that it serialises otherwise, or whose tasks come to run other code, must be
 * named. Prints what is not, what is named without such a difference, by reason, and how commits come out that change the layout alone.
 * Exit 1 where something is called `none` or `compatible`, or is not named at all, and differs in more than that.
 */
const [repository = '.', asked = '25', folder = '.'] = process.argv.slice(2);
const root = resolve(repository);
const listed = runProgram(
  ['git', '-C', root, 'rev-list', '--first-parent', '--parents', '-n', asked, 'HEAD', '--', folder],
  { cwd: root },
);
const commits = listed.split('\n').flatMap((line) => (line.includes(' ') ? [line.split(' ')[0] ?? ''] : []));

const counts = { commits: 0, judged: 0, unreadable: 0, differ: 0, wrong: 0, loud: 0, unknown: 0, named: 0 };
const layout = { commits: 0, quiet: 0 };
const reasons = new Map<string, number>();
let seconds = 0;

async function tell(commit: string) {
  const started = performance.now();
  const { impact } = await tellImpact(root, { base: `${commit}~1..${commit}`, head: null });
  seconds += (performance.now() - started) / 1000;
  for (const { status, message } of impact.findings) if (status === 'errored') print(`  errored: ${message}`);
  return impact;
}

for await (const held of besideAirflow(
  await ensureRuntime('airflow'),
  { repository: root, commits: commits.reverse() },
  tell,
)) {
  const { commit, dags, wrong } = held;
  counts.commits += 1;
  counts.judged += held.judged;
  counts.unreadable += held.unreadable;
  counts.differ += dags.filter(isEssential).length;
  counts.wrong += wrong.length;
  const named = dags.filter(isLoud);
  counts.named += named.length;
  counts.unknown += named.filter(({ effect }) => effect === 'unknown').length;
  const loud = named.filter((dag) => !isEssential(dag));
  counts.loud += loud.length;
  for (const { effect, because } of loud) {
    const reason = `${effect}: ${because.replaceAll(/`[^`]*`/g, '`..`')}`;
    reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
  }
  if (held.layout !== '') {
    layout.commits += 1;
    if (named.length === 0) layout.quiet += 1;
  }
  const figures = [
    `${held.judged} judged`,
    `${dags.filter(isEssential).length} differ`,
    `${named.length} named`,
    `${loud.length} of them as they were`,
  ];
  print(`${commit.slice(0, 10)} ${held.layout === '' ? '' : `(layout: ${held.layout}) `}${figures.join(', ')}`);
  if (held.layout !== '') for (const dag of named) print(`  loud: ${dag.id} ${dag.effect}: ${dag.because}`);
  for (const dag of wrong)
    print(`  WRONG: ${dag.id} ${dag.effect ?? 'is not named'} (${dag.because}) ${dag.differs.join('; ')}`);
}

for (const [reason, times] of [...reasons].sort((a, b) => b[1] - a[1]).slice(0, 20))
  print(`${String(times).padStart(6)}  ${reason}`);
print(
  `${JSON.stringify(counts)} layout ${layout.quiet}/${layout.commits} quiet; impact ${(seconds / Math.max(1, counts.commits)).toFixed(2)} s a commit`,
);
process.exitCode = counts.wrong > 0 ? 1 : 0;

function isEssential({ weight }: HeldDag): boolean {
  return weight === 'essence' || weight === 'new';
}

function isLoud({ effect }: HeldDag): boolean {
  return effect === 'breaking' || effect === 'unknown';
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
