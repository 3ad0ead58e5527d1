import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { childEnv } from '../../../src/base/child-env.ts';
import { ensureRuntime } from '../../../src/base/python/ensure-runtime.ts';
import { runtimeEnv } from '../../../src/base/python/runtime.ts';
import type { Texts } from './estate.ts';

const Mutated = z.object({ text: z.string(), kind: z.enum(['harmless', 'meant']) });
const Dags = z.record(z.string(), z.union([z.object({ error: z.string() }), z.record(z.string(), z.json())]));
const Live = z.record(z.string(), z.record(z.string(), z.string()));
const Yaml = z.object({ differing: z.array(z.string()).nullable() });

/** A warm process with Airflow in it that answers about texts; see read_estate.py. */
export async function openPython() {
  const runtime = await ensureRuntime('airflow');
  const script = fileURLToPath(new URL('read_estate.py', import.meta.url));
  const child = spawn(runtime.python, ['-W', 'ignore', script], {
    env: childEnv([], {
      ...runtimeEnv(runtime),
      AIRFLOW__CORE__LOAD_EXAMPLES: 'False',
      AIRFLOW__LOGGING__LOGGING_LEVEL: 'ERROR',
    }),
    stdio: ['pipe', 'pipe', process.env.ORACLE_SHOW ? 'inherit' : 'ignore'],
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const ask = async <Answer>(question: object, shape: z.ZodType<Answer>): Promise<Answer> => {
    child.stdin.write(`${JSON.stringify(question)}\n`);
    const line = await lines.next();
    if (line.done) throw new Error('Python ended.');
    return shape.parse(JSON.parse(line.value));
  };
  return {
    mutate: (seed: number, text: string) => ask({ op: 'mutate', seed, text }, Mutated),
    dags: (files: Texts, paths: readonly string[], given: { roots: string[]; variables: Texts }) =>
      ask({ op: 'dags', files, ask: paths, ...given }, Dags),
    live: (files: Texts, entry: string, roots: readonly string[]) => ask({ op: 'live', files, entry, roots }, Live),
    yaml: (base: string, head: string) => ask({ op: 'yaml', texts: [base, head] }, Yaml),
    close: () => child.stdin.end(),
  };
}

export type Python = Awaited<ReturnType<typeof openPython>>;
