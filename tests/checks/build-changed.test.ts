import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { BridgeDbtRehearsal } from '../../src/base/bridge/shapes.ts';
import { withBridge } from '../../src/base/bridge/with-bridge.ts';
import { ensureRuntime } from '../../src/base/python/ensure-runtime.ts';
import { chanceOf, changeProject, exampleTexts, writeTexts } from './changed-project.ts';

const runtime = await ensureRuntime('dbt');
const scratch = await mkdtemp(join(tmpdir(), 'headgate-build-changed-'));
after(() => rm(scratch, { recursive: true, force: true }));

const sameTables = fileURLToPath(new URL('same_tables.py', import.meta.url));
const isLong = process.env.HEADGATE_BUILD_CHANGES !== undefined;
const CHANGES = Number(process.env.HEADGATE_BUILD_CHANGES ?? 3);
const SEED = Number(process.env.HEADGATE_BUILD_SEED ?? 7);

async function build(project: string, keep: string, earlier: string | null): Promise<BridgeDbtRehearsal> {
  await mkdir(keep, { recursive: true });
  const params = { projectDir: project, profilesDir: null, vars: {}, env: {}, target: null, what: 'build' as const };
  const more = { sourceData: join(project, 'source-data'), earlier, keep };
  return withBridge(runtime, (bridge) => bridge.rehearseDbt({ ...params, ...more }));
}

function dbt(project: string, args: string[]): string {
  const places = ['--project-dir', project, '--profiles-dir', project, '--log-path', join(scratch, 'logs')];
  return execFileSync(join(runtime.home, 'bin', 'dbt'), ['--quiet', ...args, ...places], {
    encoding: 'utf8',
    cwd: project,
  });
}

/** What was not built now although dbt itself would select it as changed. */
function takenThoughModified(project: string, states: string, { results }: BridgeDbtRehearsal): string[] {
  const target = ['--target-path', join(scratch, 'target')];
  const said = dbt(project, ['ls', '--select', 'state:modified+', '--state', states, ...target, '--output', 'json']);
  const modified = said
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => String(JSON.parse(line).unique_id));
  const taken = new Set(results.filter((one) => one.taken === true).map(({ uniqueId }) => uniqueId));
  return modified.filter((id) => taken.has(id));
}

/** What each node came to; what has nothing to build has no word in it. */
function verdict({ results, errors, withoutData }: BridgeDbtRehearsal): unknown {
  const told = results
    .filter(({ status }) => status !== 'no-op')
    .map(({ uniqueId, status, failures }) => `${uniqueId} ${status} ${failures}`);
  return { told: told.sort(), errors: errors.map(({ message }) => message.split('\n')[0]), withoutData };
}

test('what is built of a change over the build before it comes to what a build of everything comes to, in verdict and rows', async (t) => {
  const [project, chance] = [join(scratch, 'shop'), chanceOf(SEED)];
  let texts = exampleTexts();
  await writeTexts(project, texts);
  let earlier = join(scratch, 'kept-0');
  const states = join(scratch, 'states');
  dbt(project, ['parse', '--target-path', states]);
  const first = await build(project, earlier, null);
  assert.ok(first.results.filter(({ status }) => status === 'success').length > 20);
  let taken = 0;
  for (let turn = 1; turn <= CHANGES; turn += 1) {
    const next = new Map(texts);
    const what = changeProject(next, chance);
    await writeTexts(project, next);
    const [part, whole] = [join(scratch, `kept-${turn}`), join(scratch, 'whole')];
    await rm(whole, { recursive: true, force: true });
    const changed = await build(project, part, earlier);
    const everything = await build(project, whole, null);
    assert.deepEqual(verdict(changed), verdict(everything), what);
    // dbt could not begin: nothing was kept, and the next change is one to the build before.
    if (everything.results.length === 0) continue;
    const differing: unknown = JSON.parse(
      execFileSync(runtime.python, [sameTables, join(part, 'build.duckdb'), join(whole, 'build.duckdb')], {
        encoding: 'utf8',
      }),
    );
    assert.deepEqual(differing, [], what);
    if (turn === 1 || isLong) assert.deepEqual(takenThoughModified(project, states, changed), [], what);
    t.diagnostic(`${changed.taken} of ${changed.results.length} taken (${changed.because}): ${what}`);
    taken += changed.taken ?? 0;
    [texts, earlier] = [next, part];
    if (isLong) dbt(project, ['parse', '--target-path', states]);
  }
  assert.ok(taken > 0, 'nothing was taken from a build before');
});
