import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { z } from 'zod';
import { awaitRun, runOutput, runState, startRun, stopRun } from './recorded-run.ts';

let root: string;
let runs = 0;
before(async () => {
  root = await mkdtemp(join(tmpdir(), 'headgate-runs-'));
});
after(() => rm(root, { recursive: true, force: true }));

async function start(script: string, env: Record<string, string> = {}): Promise<string> {
  const folder = join(root, `run-${runs++}`);
  await startRun(folder, { key: 'k', argv: [process.execPath, '-e', script], cwd: root }, env);
  return folder;
}

test('a run ends with its status and keeps what it wrote; it sees only the environment that it was given', async () => {
  const folder = await start('console.log(Object.keys(process.env).join()); console.error("bad"); process.exit(7)', {
    WORD: 'x',
  });
  const state = await awaitRun(folder, 30_000);
  assert.ok(state.state === 'ended');
  assert.deepEqual([state.end.code, state.end.because], [7, 'exit 7']);
  assert.equal(await runOutput(folder), 'WORD\nbad\n');
});

test('a run that nobody started is absent, one that cannot start has ended badly', async () => {
  assert.deepEqual(await runState(join(root, 'nothing')), { state: 'absent' });
  const folder = join(root, 'no-program');
  await startRun(folder, { key: 'k', argv: ['/no/such/program'], cwd: root }, {});
  const state = await awaitRun(folder, 30_000);
  assert.ok(state.state === 'ended' && state.end.code === null);
  assert.match(state.end.because, /ENOENT/);
});

test('a running run can be stopped', async () => {
  const folder = await start('setInterval(() => {}, 1000)');
  assert.equal((await runState(folder)).state, 'running');
  await stopRun(folder);
  const state = await runState(folder);
  assert.deepEqual(state.state === 'ended' && [state.end.code, state.end.because], [null, 'stopped by SIGTERM']);
});

test('a run whose watcher and all were killed is lost, and may be started again', async () => {
  const folder = await start('setInterval(() => {}, 1000)');
  const { pid } = z.object({ pid: z.number() }).parse(JSON.parse(await readFile(join(folder, 'start.json'), 'utf8')));
  process.kill(-pid, 'SIGKILL');
  assert.equal((await awaitRun(folder, 10_000)).state, 'lost');
  await startRun(folder, { key: 'k', argv: [process.execPath, '-e', ''], cwd: root }, {});
  const state = await awaitRun(folder, 30_000);
  assert.equal(state.state === 'ended' && state.end.code, 0);
});
