#!/usr/bin/env node
// Starts Headgate on the Node it is pinned to, whatever Node the machine has.
import module from 'node:module';
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const entry = fileURLToPath(new URL('../src/cli/main.ts', import.meta.url));
const major = Number(process.versions.node.split('.')[0]);

if (major >= 24) {
  // Before the first line of TypeScript is read; in the user's own folder, as what is compiled there is run.
  module.enableCompileCache(join(cacheHome(), 'compiled'));
  await import(entry);
} else {
  await runPinned();
}

/** The same as src/base/python/cache-home.ts, which cannot be read yet. */
function cacheHome() {
  const { HEADGATE_CACHE = '', XDG_CACHE_HOME = '', HOME } = process.env;
  if (isAbsolute(HEADGATE_CACHE)) return HEADGATE_CACHE;
  if (isAbsolute(XDG_CACHE_HOME)) return join(XDG_CACHE_HOME, 'headgate');
  return join(HOME || homedir(), '.cache', 'headgate');
}

async function runPinned() {
  const [{ spawn }, { existsSync }] = await Promise.all([import('node:child_process'), import('node:fs')]);
  const pinned = fileURLToPath(new URL('../node_modules/node/bin/node', import.meta.url));
  if (!existsSync(pinned)) {
    process.stderr.write(
      'Headgate needs Node 24 and found neither it nor its pinned copy.\nRun `npm install` in the Headgate folder first.\n',
    );
    process.exit(2);
  }
  const child = spawn(pinned, [entry, ...process.argv.slice(2)], { stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('exit', (code, signal) => process.exit(signal ? 128 + (signal === 'SIGINT' ? 2 : 15) : (code ?? 3)));
}
