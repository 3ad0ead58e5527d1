import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { openBundleStore } from '../../src/base/bundle-store.ts';
import { BUNDLE_TYPE } from '../../src/delivery/bundle/media-types.ts';
import { asDigest } from '../../src/workflows/bundle/pack-files.ts';
import { verifyBundle } from '../../src/workflows/bundle/verify-bundle.ts';
import { verifyStore } from '../../src/workflows/bundle/verify-store.ts';
import { smallProject, workshop } from './small-project.ts';

const main = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));
const large = Object.fromEntries(
  Array.from({ length: 60 }, (_, index) => [`jobs/settle/m${index}.py`, `x = ${index}\n`.repeat(4000)]),
);

test('a bundle that is killed at any moment leaves a whole store, and the next one is made as if nothing had been', async (t) => {
  const shop = await workshop({ ...smallProject, ...large });
  t.after(shop.close);
  const folder = join(shop.root, '..', 'killed');
  const argv = [main, 'bundle', shop.root, '--skip-checks', '--static', '--store', folder, '--json'];
  const began = performance.now();
  await promisify(execFile)(process.execPath, argv);
  const milliseconds = performance.now() - began;
  for (let kill = 0; kill < 10; kill += 1) {
    await shop.write({ 'jobs/rates/rates.py': `print(${kill})\n` });
    const making = spawn(process.execPath, argv, { stdio: 'ignore' });
    const ended = once(making, 'exit');
    await sleep(milliseconds * (0.4 + kill * 0.06));
    making.kill('SIGKILL');
    await ended;
    await wholeStore(folder);
  }
  const made = await Promise.all(Array.from({ length: 3 }, () => promisify(execFile)(process.execPath, argv)));
  const digests = made.map(({ stdout }) => (JSON.parse(stdout) as { digest: string }).digest);
  assert.deepEqual(digests, [(await shop.bundle()).digest, digests[0], digests[0]]);
  await wholeStore(folder);
});

async function wholeStore(folder: string): Promise<void> {
  const store = openBundleStore(folder);
  if (existsSync(join(folder, 'index.json'))) assert.deepEqual(await verifyStore(store), []);
  for (const digest of await store.digests(BUNDLE_TYPE)) {
    assert.deepEqual((await verifyBundle(store, asDigest(digest), [])).problems, []);
  }
}
