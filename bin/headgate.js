#!/usr/bin/env node
// Starts Headgate on the Node it is pinned to, whatever Node the machine has.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import module from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const entry = fileURLToPath(new URL('../src/cli/main.ts', import.meta.url));
const pinned = fileURLToPath(new URL('../node_modules/node/bin/node', import.meta.url));
const major = Number(process.versions.node.split('.')[0]);

if (major >= 24) {
  // In the user's own folder: what is compiled there is run.
  const { cacheHome } = await import('../src/base/python/cache-home.ts');
  module.enableCompileCache(join(cacheHome(), 'compiled'));
  await import(entry);
} else if (existsSync(pinned)) {
  const child = spawn(pinned, [entry, ...process.argv.slice(2)], { stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('exit', (code, signal) => process.exit(signal ? 128 + (signal === 'SIGINT' ? 2 : 15) : (code ?? 3)));
} else {
  process.stderr.write(
    'Headgate needs Node 24 and found neither it nor its pinned copy.\nRun `npm install` in the Headgate folder first.\n',
  );
  process.exit(2);
}
