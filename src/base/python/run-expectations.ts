import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { childEnv } from '../child-env.ts';
import { runTool, whyNothing } from '../run-tool.ts';
import { withScratch } from '../scratch-folder.ts';
import { bridgeFolder } from './bridge-folder.ts';
import { type Runtime, runtimeEnv } from './runtime.ts';

/** `data` is the absolute path of a CSV file; `path` only names the suite. */
export type SuiteOrder = {
  path: string;
  expectations: readonly { type: string; kwargs: { [name: string]: unknown } }[];
  data: string;
};

const Answer = z.object({
  results: z.array(
    z.object({ path: z.string(), index: z.number(), success: z.boolean().nullable(), said: z.string() }),
  ),
});
export type ExpectationResult = z.infer<typeof Answer>['results'][number];

/** What each expectation comes to on its data, or why they could not be asked. `success` null: this one could not be told. */
export async function runExpectations(
  expectations: Runtime,
  suites: readonly SuiteOrder[],
  signal: AbortSignal | undefined,
): Promise<ExpectationResult[] | { failed: string }> {
  return withScratch('expectations', async (scratch) => {
    const env = childEnv([], {
      ...runtimeEnv(expectations),
      ...{
        HOME: scratch,
        TMPDIR: scratch,
        PYTHONPATH: join(bridgeFolder, 'src'),
        PYTHONDONTWRITEBYTECODE: '1',
        TQDM_DISABLE: '1',
      },
    });
    const argv = [expectations.python, '-m', 'headgate_bridge.run_expectations', scratch];
    const ended = await runTool({ argv, cwd: scratch, env, signal, input: JSON.stringify({ suites }) });
    if (ended.status !== 0) return { failed: whyNothing(ended) };
    return answerTo(suites, await readFile(join(scratch, 'answer.json'), 'utf8').catch(() => ''));
  });
}

/** The results, where each expectation has exactly one. */
export function answerTo(suites: readonly SuiteOrder[], text: string): ExpectationResult[] | { failed: string } {
  if (text === '') return { failed: 'it ended without an answer' };
  const { results } = Answer.parse(JSON.parse(text));
  const nameOf = (path: string, index: number) => JSON.stringify([path, index]);
  const wanted = suites.flatMap(({ path, expectations }) => expectations.map((_, index) => nameOf(path, index)));
  const given = new Set(results.map(({ path, index }) => nameOf(path, index)));
  const without = wanted.filter((name) => !given.has(name)).length;
  return without === 0 ? results : { failed: `it says nothing of ${without} of ${wanted.length} expectations` };
}
