import { cpSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { type Figure, medianOf, milliseconds, runHeadgate, runProgram } from './measure.ts';

const example = fileURLToPath(new URL('../examples/payments/', import.meta.url));
const runs = 5;

/** The whole command on the example, start of its process included: alone, and handed over to the warm helper of the project. */
export async function helperFigures(): Promise<Figure[]> {
  const home = realpathSync(mkdtempSync(join(tmpdir(), 'headgate-bench-')));
  const folder = join(home, 'payments');
  cpSync(example, folder, { recursive: true, filter: (path) => !path.includes('/changes') });
  const git = (...argv: string[]) =>
    runProgram(['git', '-c', 'user.name=bench', '-c', 'user.email=bench@example.invalid', ...argv], { cwd: folder });
  try {
    for (const argv of [
      ['init', '-q', '-b', 'main'],
      ['add', '-A'],
      ['commit', '-qm', 'one'],
    ])
      git(...argv);
    return [await figureOf(folder, ['impact']), await figureOf(folder, ['check'])];
  } finally {
    // The helper goes when its project has gone.
    rmSync(home, { recursive: true, force: true });
  }
}

async function figureOf(folder: string, words: string[]): Promise<Figure> {
  const ask = (helper: string) => void headgate(folder, [...words, '--json'], helper);
  const alone = await medianOf(runs, () => ask('off'));
  ask('on');
  await helperOf(folder);
  const warm = await medianOf(runs, () => ask('on'));
  return {
    what: `headgate ${words.join(' ')} again, with the helper`,
    value: milliseconds(warm),
    beside: `without it ${milliseconds(alone)} (${(alone / warm).toFixed(1)} times)`,
  };
}

function headgate(folder: string, words: string[], helper: string): string {
  return runHeadgate(words, { cwd: folder, env: { HEADGATE_HELPER: helper } });
}

const Listed = z.array(z.object({ root: z.string() }));

/** Waits until the helper of the project in this folder, a real path, is there. */
export async function helperOf(folder: string): Promise<void> {
  for (let look = 0; look < 100; look += 1) {
    const listed = Listed.parse(JSON.parse(headgate(folder, ['helper', 'status', '--json'], 'off')));
    if (listed.some(({ root }) => root === folder)) return;
  }
  throw new Error('no helper came');
}
