import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { openBridge } from '../../src/base/bridge/open-bridge.ts';
import type { BridgeDagFile } from '../../src/base/bridge/shapes.ts';
import { bridgeFolder } from '../../src/base/python/bridge-folder.ts';
import { ensureRuntime } from '../../src/base/python/ensure-runtime.ts';
import type { Runtime } from '../../src/base/python/runtime.ts';

const folder = mkdtempSync(join(tmpdir(), 'headgate-garbage-'));
after(() => rmSync(folder, { recursive: true, force: true }));

test('the golden DAG file is described as the golden answer', async () => {
  const bridge = openBridge({ runtime: await ensureRuntime('airflow') });
  const root = join(bridgeFolder, 'golden/project');
  const files: BridgeDagFile[] = [];
  for await (const file of bridge.parseAirflow({ root, dagsFolder: 'dags', files: null })) files.push(file);
  await bridge.close();
  const golden = JSON.parse(readFileSync(join(bridgeFolder, 'golden/dag-file.json'), 'utf8'));
  assert.deepEqual({ ...files[0], milliseconds: 0 }, golden);
});

/** A runtime whose Python is this script: a bridge that misbehaves. */
function badRuntime(script: string): Runtime {
  const python = join(folder, `python-${Math.abs(hash(script))}`);
  writeFileSync(python, `#!/bin/sh\n${script}\n`);
  chmodSync(python, 0o755);
  return { name: 'airflow', home: folder, python, pythonVersion: '3.11.0', lock: 'sha256:0' };
}

function hash(text: string): number {
  return [...text].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) | 0, 7);
}

async function readWith(runtime: Runtime): Promise<[string, string][]> {
  const bridge = openBridge({ runtime });
  const found: [string, string][] = [];
  const params = { root: folder, dagsFolder: '.', files: ['a.py', 'b.py'] };
  for await (const file of bridge.parseAirflow(params)) found.push([file.path, file.status]);
  await bridge.close();
  return found;
}

const BAD: Record<string, string> = {
  'prints a traceback instead of frames': 'echo "Traceback (most recent call last):"; sleep 5',
  'ends at once': 'echo "Illegal instruction" >&2; exit 132',
  'answers with a frame that is not in the protocol': "printf '\\000\\000\\000\\002{}'; sleep 5",
  'ends inside a frame': "printf '\\000\\000\\001\\000{'",
};

for (const [does, script] of Object.entries(BAD)) {
  test(`a bridge that ${does} gives a crashed result for each file, and no hang`, async () => {
    assert.deepEqual(await readWith(badRuntime(script)), [
      ['a.py', 'crashed'],
      ['b.py', 'crashed'],
    ]);
  });
}

test('any other request fails with what the process said', async () => {
  const bridge = openBridge({ runtime: badRuntime('echo "Illegal instruction" >&2; exit 132') });
  await assert.rejects(
    bridge.hello(),
    (error: Error) => /bridge-closed/.test(JSON.stringify(error)) && /status 132\nIllegal/.test(error.message),
  );
});

test('a Python that is not there is an error too', async () => {
  const bridge = openBridge({ runtime: { ...badRuntime('exit 1'), python: join(folder, 'nowhere') } });
  await assert.rejects(bridge.hello(), { code: 'bridge-closed' });
  await bridge.close();
});

test('after a caller stops listening, the next request is answered by a fresh process', async () => {
  const bridge = openBridge({ runtime: await ensureRuntime('airflow') });
  const root = join(bridgeFolder, 'golden/project');
  for await (const _ of bridge.parseAirflow({ root, dagsFolder: 'dags', files: null })) break;
  assert.equal((await bridge.hello()).runtime, 'airflow');
  await bridge.close();
});
