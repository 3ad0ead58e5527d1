import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { ensureRuntime } from '../../../src/base/python/ensure-runtime.ts';
import { jobColumns } from '../../../src/base/spark-source/job-columns.ts';
import { textsAsFiles } from '../../../src/model/texts-as-files.ts';
import { programs } from './programs.ts';

const head = `from pyspark.sql import SparkSession, Window
from pyspark.sql import functions as F
spark = SparkSession.builder.getOrCreate()
`;
const columns = ['a.id', 'a.k', 'a.x', 'a.y', 'a.s', 'b.id', 'b.k', 'b.z', 'b.w'];

test('no column that a program is said not to use changes what the real Spark writes', async () => {
  const given = Object.fromEntries(
    await Promise.all(
      Object.entries(programs).map(
        async ([what, body]) => [what, { body, columns: await notUsed(what, body) }] as const,
      ),
    ),
  );
  const { python } = await ensureRuntime('spark');
  const process = spawn(python, [fileURLToPath(new URL('run_programs.py', import.meta.url))], {
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  process.stdin.end(JSON.stringify(given));
  const said = (await text(process.stdout))
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line): unknown => JSON.parse(line));
  assert.deepEqual(
    said,
    Object.keys(programs).map((name, at) => ({ ...(said[at] ?? {}), name, moved: [] })),
  );
});

/** Columns that the program's reading says can be anything. A table that it does not read at all is left out. */
async function notUsed(what: string, body: string): Promise<string[]> {
  const files = textsAsFiles({ 'job.py': head + body });
  const read = await jobColumns({ files, file: 'job.py', searchPath: [''] });
  assert.ok(!('unread' in read), `${what}: ${'unread' in read ? read.unread : ''}`);
  const used = new Set(read.uses.map(({ place, column }) => `${place.name}.${column}`));
  const stars = new Set(read.stars.map(({ name }) => name));
  const tables = new Set(read.reads.map(({ name }) => name));
  return columns.filter((column) => {
    const [table = ''] = column.split('.');
    return tables.has(table) && !stars.has(table) && !used.has(column);
  });
}
