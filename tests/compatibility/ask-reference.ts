import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bridgeFolder } from '../../src/base/python/bridge-folder.ts';
import { ensureAt } from '../../src/base/python/ensure-runtime.ts';
import { placeOfLock } from '../../src/base/python/runtime.ts';
import type { Json } from '../../src/model/json.ts';

/** Asks reference.py in a runtime of its own, which is made when it is missing. */
export async function askReference<Answers>(asked: { [format: string]: Json }): Promise<Answers> {
  const runtime = await ensureAt(placeOfLock('compat', join(bridgeFolder, 'locks', 'compat.txt')));
  const program = fileURLToPath(new URL('./reference.py', import.meta.url));
  const ran = spawnSync(runtime.python, ['-I', program], {
    input: JSON.stringify(asked),
    encoding: 'utf8',
    maxBuffer: 512 * 1024 * 1024,
  });
  if (ran.status !== 0) throw new Error(`reference.py ended ${ran.status}: ${ran.stderr.slice(-3000)}`);
  return JSON.parse(ran.stdout);
}
