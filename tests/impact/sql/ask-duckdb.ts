import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { childEnv } from '../../../src/base/child-env.ts';
import { ensureRuntime } from '../../../src/base/python/ensure-runtime.ts';
import { runtimeEnv } from '../../../src/base/python/runtime.ts';

/** Two queries. `except`: columns of the base that may differ. `before`: statements that are run first, those that fail left out. */
export type DataPair = { base: string; head: string; ordered: boolean; except: string[]; before?: string[] };

/**
 * What DuckDB says of a pair. `same`: the results are, with names and types. `kept`: the columns of the base are, in a head that may have
 * more. `why`: the error, where one of them does not run.
 */
const DataAnswer = z.object({
  ran: z.boolean(),
  baseRan: z.boolean(),
  same: z.boolean(),
  kept: z.boolean(),
  why: z.string().nullable(),
});
export type DataAnswer = z.infer<typeof DataAnswer>;

/** A database of its own in memory that answers pair by pair. Statements of `setup` that fail are left out. */
export async function openDuckDb(setup: readonly string[]) {
  const runtime = await ensureRuntime('dbt');
  const script = fileURLToPath(new URL('run_pairs.py', import.meta.url));
  const child = spawn(runtime.python, [script], {
    env: childEnv([], runtimeEnv(runtime)),
    stdio: ['pipe', 'pipe', process.env.ORACLE_SHOW ? 'inherit' : 'ignore'],
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  child.stdin.write(`${JSON.stringify({ setup })}\n`);
  const answer = async () => {
    const line = await lines.next();
    if (line.done) throw new Error('DuckDB ended.');
    return DataAnswer.parse(JSON.parse(line.value));
  };
  return {
    /** All questions are sent before the first answer is read. */
    async ask(pairs: readonly DataPair[]): Promise<DataAnswer[]> {
      child.stdin.write(pairs.map((pair) => `${JSON.stringify(pair)}\n`).join(''));
      const answers: DataAnswer[] = [];
      for (const _ of pairs) answers.push(await answer());
      return answers;
    },
    close: () => child.stdin.end(),
  };
}

export async function askDuckDb(setup: readonly string[], pairs: readonly DataPair[]): Promise<DataAnswer[]> {
  const database = await openDuckDb(setup);
  try {
    return await database.ask(pairs);
  } finally {
    database.close();
  }
}
