import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import type { AirflowParseParams } from '../src/base/bridge/shapes.ts';
import type { Runtime } from '../src/base/python/runtime.ts';
import { runtimeEnv } from '../src/base/python/runtime.ts';

const Json = z.record(z.string(), z.unknown());
const State = z.object({
  dag: Json.nullable(),
  tasks: z.record(z.string(), Json),
  work: z.record(z.string(), z.string()),
  error: z.string().nullable(),
});
/** A DAG as Airflow serialises it, its tasks apart, and the project's code that these come to run: a hash by name. */
export type DagState = z.infer<typeof State>;

const StateFile = z.object({
  path: z.string(),
  status: z.string(),
  imports: z.array(z.string()),
  error: z.object({ message: z.string() }).nullish(),
  dags: z.array(z.object({ dagId: z.string(), state: State })),
});
export type StateFile = z.infer<typeof StateFile>;

/** Reads with one warm Airflow; one question at a time. Close it: it holds the program open otherwise. */
export type DagReader = {
  read(params: AirflowParseParams): Promise<StateFile[]>;
  /** For each pair of Python texts: `tree` where only layout and docstrings differ, `imports` where the order of imports does too. */
  howSame(pairs: readonly (readonly [string, string])[]): Promise<string[]>;
  close(): void;
};

const Answer = z.union([z.object({ files: z.array(StateFile) }), z.object({ same: z.array(z.string()) })]);

export function openDagReader(runtime: Runtime): DagReader {
  const scratch = mkdtempSync(join(tmpdir(), 'headgate-states-'));
  const script = fileURLToPath(new URL('dag_states.py', import.meta.url));
  const airflow = spawn(runtime.python, ['-B', script], {
    // The order of sets must be the same each time.
    env: { ...process.env, ...runtimeEnv(runtime), PYTHONHASHSEED: '0', HEADGATE_BRIDGE_SCRATCH: scratch },
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  const answers = createInterface({ input: airflow.stdout })[Symbol.asyncIterator]();
  async function ask(question: object): Promise<z.infer<typeof Answer>> {
    airflow.stdin.write(`${JSON.stringify(question)}\n`);
    const line = await answers.next();
    if (line.done === true) throw new Error('Airflow ended before it had answered.');
    return Answer.parse(JSON.parse(line.value));
  }
  return {
    async read(params) {
      const answer = await ask(params);
      return 'files' in answer ? answer.files : [];
    },
    async howSame(pairs) {
      const answer = await ask({ pairs });
      return 'same' in answer ? answer.same : [];
    },
    close() {
      airflow.stdin.end();
      airflow.kill();
      rmSync(scratch, { recursive: true, force: true });
    },
  };
}
