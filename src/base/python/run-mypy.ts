import { createHash } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { z } from 'zod';
import { childEnv } from '../child-env.ts';
import { runTool, type ToolEnd } from '../run-tool.ts';
import { withScratch } from '../scratch-folder.ts';
import { bridgeFolder } from './bridge-folder.ts';
import { cacheHome } from './cache-home.ts';
import { type Runtime, runtimeEnv } from './runtime.ts';

const Line = z.object({
  file: z.string(),
  line: z.number(),
  message: z.string(),
  code: z.string().nullable(),
  severity: z.enum(['error', 'note', 'warning']),
});
export type TypeProblem = z.infer<typeof Line>;

/** `paths`, `sources` (folders of modules) and `settings` are relative to `root`; `packages` is the runtime that the code is for. */
export type MypyOrder = {
  mypy: Runtime;
  packages: Runtime;
  root: string;
  paths: readonly string[];
  sources: readonly string[];
  settings: string;
  signal: AbortSignal | undefined;
};

/** What mypy finds, or why it could not look. Its own cache, outside the project, makes a second run quick. */
export async function runMypy(order: MypyOrder): Promise<TypeProblem[] | { failed: string }> {
  const { mypy, packages, root, paths, sources, settings } = order;
  const key = createHash('sha256')
    .update(JSON.stringify([root, mypy.lock, packages.lock, settings, sources]))
    .digest('hex');
  const cache = join(cacheHome(), 'mypy', key.slice(0, 16));
  await mkdir(cache, { recursive: true });
  return withScratch('mypy', async (scratch) => {
    const env = childEnv([], {
      ...runtimeEnv(mypy),
      ...{ HOME: scratch, TMPDIR: scratch, PYTHONPATH: join(bridgeFolder, 'src'), PYTHONDONTWRITEBYTECODE: '1' },
      MYPYPATH: sources.map((path) => join(root, path)).join(delimiter),
    });
    const argv = [
      ...[mypy.python, '-m', 'headgate_bridge.confined', [scratch, cache].join(delimiter), 'mypy'],
      ...['--config-file', settings, '--python-executable', packages.python, '--cache-dir', cache],
      ...['--output', 'json', '--no-error-summary', '--explicit-package-bases', '--', ...paths],
    ];
    const ended = await runTool({ argv, cwd: root, env, signal: order.signal });
    return answerOf(ended);
  });
}

/**
 * Its lines, where it came to its end. 1: it found something; 2: it could not go on, because of a file that it names, or of its settings.
 */
export function answerOf(
  ended: Pick<ToolEnd, 'status' | 'failure' | 'out' | 'err' | 'truncated'>,
): TypeProblem[] | { failed: string } {
  const { status, failure, out, err, truncated } = ended;
  const said = (err || out).trim().split('\n').at(-1)?.slice(0, 300);
  if (status === null) return { failed: failure ?? 'it was ended' };
  if (truncated) return { failed: 'it said more than can be taken in' };
  const lines = out.split('\n').filter((line) => line.startsWith('{'));
  const problems = lines.map((line) => Line.parse(JSON.parse(line)));
  const isAnswer = status === 0 || ((status === 1 || status === 2) && problems.length > 0);
  return isAnswer ? problems : { failed: said || `it ended with ${status} and said nothing` };
}
