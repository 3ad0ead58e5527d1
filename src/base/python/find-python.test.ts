import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { cacheHome } from './cache-home.ts';
import { findPython, isSupported } from './find-python.ts';

/** A folder that is the whole PATH: programs are shell scripts. */
function pathWith(programs: Record<string, string>): { env: NodeJS.ProcessEnv; remove: () => void } {
  const folder = mkdtempSync(join(tmpdir(), 'headgate-path-'));
  for (const [name, script] of Object.entries(programs)) {
    writeFileSync(join(folder, name), `#!/bin/sh\n${script}\n`);
    chmodSync(join(folder, name), 0o755);
  }
  return { env: { PATH: folder }, remove: () => rmSync(folder, { recursive: true }) };
}

test('a name on PATH with nothing behind it, and a Python that is too new, are passed over', async (t) => {
  const path = pathWith({
    'python3.11': 'echo "no such version" >&2; exit 127',
    'python3.12': 'echo /opt/python; echo 3.13.1',
    'python3.10': 'echo /opt/python3.10; echo 3.10.9',
  });
  t.after(path.remove);
  assert.deepEqual(await findPython(path.env), { path: '/opt/python3.10', version: '3.10.9' });
});

test('without any, the error names what was tried and what to do', async (t) => {
  const path = pathWith({});
  t.after(path.remove);
  await assert.rejects(findPython(path.env), { code: 'python-not-found', exit: 3 });
  await assert.rejects(findPython({ ...path.env, HEADGATE_PYTHON: '/nowhere/python' }), /tried \/nowhere\/python/);
});

test('3.10 to 3.12 are supported', () => {
  const versions = ['3.9.18', '3.10.0', '3.11.7', '3.12.1', '3.13.0', '3.1.5', '2.7.18'];
  assert.deepEqual(versions.filter(isSupported), ['3.10.0', '3.11.7', '3.12.1']);
});

test('the cache is where the user says, by absolute paths only', () => {
  assert.equal(cacheHome({ HEADGATE_CACHE: '/c', XDG_CACHE_HOME: '/x', HOME: '/h' }), '/c');
  assert.equal(cacheHome({ HEADGATE_CACHE: 'relative', XDG_CACHE_HOME: '/x', HOME: '/h' }), '/x/headgate');
  assert.equal(cacheHome({ XDG_CACHE_HOME: 'relative', HOME: '/h' }), '/h/.cache/headgate');
});
