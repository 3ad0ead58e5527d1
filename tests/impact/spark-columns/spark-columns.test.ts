import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { ensureRuntime } from '../../../src/base/python/ensure-runtime.ts';
import { jobColumns } from '../../../src/base/spark-source/job-columns.ts';
import { textsAsFiles } from '../../../src/model/texts-as-files.ts';
import { programs } from './programs.ts';

const head =
  'from pyspark.sql import SparkSession, Window\nfrom pyspark.sql import functions as F\nspark = SparkSession.builder.getOrCreate()\n';

/** Columns that change what each program writes, on the real Spark. */
let moved: { [program: string]: string[] } = {};

before(async () => {
  const { python } = await ensureRuntime('spark');
  const process = spawn(python, [fileURLToPath(new URL('run_programs.py', import.meta.url))], {
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  process.stdin.end(JSON.stringify({ programs }));
  const said: unknown = JSON.parse((await text(process.stdout)).trim().split('\n').at(-1) ?? '');
  moved = said as typeof moved;
});

for (const [what, body] of Object.entries(programs)) {
  test(`${what}: every column that changes the result is one that the code is said to use`, async () => {
    const files = textsAsFiles({ 'job.py': head + body });
    const read = await jobColumns({ files, file: 'job.py', searchPath: [''] });
    assert.ok(!('unread' in read), 'unread' in read ? read.unread : '');
    const used = new Set(read.uses.map(({ place, column }) => `${place.name}.${column}`));
    const stars = read.stars.map(({ name }) => name);
    const missing = (moved[what] ?? []).filter((use) => !used.has(use) && !stars.includes(use.split('.')[0] ?? ''));
    assert.deepEqual(missing, []);
    assert.ok((moved[what] ?? []).length > 0, 'the program does something with its data');
  });
}
