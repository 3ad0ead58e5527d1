import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { childEnv } from '../../../src/base/child-env.ts';
import { ensureRuntime } from '../../../src/base/python/ensure-runtime.ts';
import { runtimeEnv } from '../../../src/base/python/runtime.ts';

const Node = z.object({
  sql: z.string().nullable(),
  config: z.string(),
  path: z.string(),
  reads: z.array(z.string()),
});
/** What dbt makes of a project: each node, where each relation lies, and what `state:modified` selects beside an earlier state. */
const State = z.object({
  nodes: z.record(z.string(), Node),
  relations: z.record(z.string(), z.string()),
  modified: z.array(z.string()).nullable(),
});
export type State = z.infer<typeof State>;
const Answer = z.union([State, z.object({ error: z.string() })]);

/**
 * `keep`: a name for the state; `against`: the name of one that was kept. `modified`: what dbt calls modified is asked for. `only`: these models'
 * texts are all that differs from the kept one.
 */
type Request = {
  project: string;
  files: { [path: string]: string };
  target: string;
  incremental: boolean;
  keep: string | null;
  against: string | null;
  modified: boolean;
  only: string[] | null;
};

/** One warm process of dbt that compiles project after project. */
export async function openDbt() {
  const runtime = await ensureRuntime('dbt');
  const folder = mkdtempSync(join(tmpdir(), 'headgate-dbt-oracle-'));
  const script = fileURLToPath(new URL('compile_states.py', import.meta.url));
  const child = spawn(runtime.python, [script, folder], {
    env: childEnv([], runtimeEnv(runtime)),
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    async ask(request: Request) {
      child.stdin.write(`${JSON.stringify(request)}\n`);
      const line = await lines.next();
      if (line.done) throw new Error('dbt ended.');
      return Answer.parse(JSON.parse(line.value));
    },
    close() {
      child.stdin.end();
      child.once('close', () => rmSync(folder, { recursive: true, force: true }));
    },
  };
}

export type Dbt = Awaited<ReturnType<typeof openDbt>>;
