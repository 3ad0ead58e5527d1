import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { childEnv } from '../../../src/base/child-env.ts';
import { ensureRuntime } from '../../../src/base/python/ensure-runtime.ts';
import { runtimeEnv } from '../../../src/base/python/runtime.ts';
import { readColumns } from '../../../src/base/sql/read-columns.ts';
import { asked } from '../asked.ts';
import { tableColumns, tableStatements, tableTypes } from './tables.ts';
import { trickyQueries } from './tricky-queries.ts';
import { moreWideQueries, orderedQueries, wideQueries } from './wide-queries.ts';

const queries = [...wideQueries, ...moreWideQueries, ...orderedQueries, ...trickyQueries];
const Found = z.array(z.tuple([z.number(), z.number(), z.array(z.string()), z.boolean()]));
const { seed } = asked(1, { seed: 3, count: 1 });

test('no query hangs on a column that is not said to be used, and no output on one that it is not said to be made of', async (context) => {
  const columns = Object.entries(tableTypes).flatMap(([table, types]) =>
    Object.entries(types).map(([column, type]) => [table, column, type] as const),
  );
  const runtime = await ensureRuntime('dbt');
  const script = fileURLToPath(new URL('run_altered.py', import.meta.url));
  const input = JSON.stringify({ setup: tableStatements(seed), columns, queries });
  const env = childEnv([], runtimeEnv(runtime));
  const found = Found.parse(
    JSON.parse(execFileSync(runtime.python, [script], { input, env, maxBuffer: 2e8, encoding: 'utf8' })),
  );
  const read = await Promise.all(
    queries.map((sql) => readColumns(sql, 'duckdb', (table) => tableColumns[table] ?? null)),
  );
  const wrong: string[] = [];
  for (const [at, place, outputs] of found) {
    const [table, column] = columns[at] ?? ['', ''];
    const said = read[place];
    if (said === undefined || said.uses === null || said.stars.includes(table)) continue;
    const has = (all: { table: string; column: string }[] | null) =>
      all === null || all.some((use) => use.table === table && use.column === column);
    if (!has(said.uses)) wrong.push(`${table}.${column} is used by: ${queries[place]}`);
    if (has(said.rows)) continue;
    for (const name of outputs) {
      const output = said.outputs?.find((one) => one.name === name);
      if (output !== undefined && !has(output.from))
        wrong.push(`${name} is made of ${table}.${column} in: ${queries[place]}`);
    }
  }
  context.diagnostic(JSON.stringify({ seed, queries: queries.length, seen: found.length, wrong: wrong.length }));
  assert.deepEqual([...new Set(wrong)], []);
  assert.ok(found.length > 300, `${found.length} uses are seen`);
});
