import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Figure, medianOf, medianOfFirst, milliseconds, runHeadgate, runProgram } from './measure.ts';

const example = fileURLToPath(new URL('../examples/payments/', import.meta.url));

/** The everyday commands on the example estate, each as a whole process: start-up, reading and writing included. */
export async function exampleEstate(): Promise<Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), 'headgate-bench-'));
  const estate = join(folder, 'payments');
  cpSync(example, estate, { recursive: true });
  const timed = (runs: number, ...words: string[]) => medianOf(runs, () => void runHeadgate(words, { cwd: estate }));
  const first = (runs: number, ...words: string[]) =>
    medianOfFirst(runs, (env) => void runHeadgate(words, { cwd: estate, env }));
  try {
    git(estate);
    const figures: [what: string, median: number][] = [
      ['headgate version', await timed(5, 'version')],
      ['headgate catalog, from the text alone', await timed(3, 'catalog', '--exact', 'never', '--json')],
      ['headgate catalog, by the real Airflow and dbt', await first(3, 'catalog', '--exact', 'always', '--json')],
      ['headgate check, nothing known yet', await first(3, 'check', '--json')],
      ['headgate check again, nothing changed', await timed(3, 'check', '--json')],
      [
        'headgate bundle without checks, from the text alone',
        await timed(3, 'bundle', '--skip-checks', '--static', '--json'),
      ],
    ];
    return figures.map(([what, median]) => ({
      what,
      value: milliseconds(median),
      beside: 'example estate',
    }));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function git(estate: string): void {
  writeFileSync(join(estate, '.gitignore'), '.headgate/\n__pycache__/\n');
  const identity = ['-c', 'user.name=bench', '-c', 'user.email=bench@example.invalid'];
  for (const argv of [
    ['init', '-q', '-b', 'main'],
    ['add', '--all'],
    [...identity, 'commit', '-q', '-m', 'bench'],
  ]) {
    runProgram(['git', ...argv], { cwd: estate });
  }
}
