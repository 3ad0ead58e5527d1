// Plain JavaScript for whatever Node the machine has: installs the locked packages when they are missing or old,
// then runs a script on the pinned Node. `node scripts/launch.mjs scripts/run-tests.ts ...`
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const stamp = join(root, 'node_modules', '.installed-lock');
const pinned = join(root, 'node_modules', 'node', 'bin', 'node');
const lock = createHash('sha256').update(readFileSync(join(root, 'package-lock.json'))).digest('hex');

if (!existsSync(pinned) || !existsSync(stamp) || readFileSync(stamp, 'utf8') !== lock) {
  process.stderr.write('Installing the locked packages (about half a minute, once) ...\n');
  const installed = spawnSync('npm', ['ci', '--no-audit', '--no-fund'], { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] });
  if (installed.status !== 0 || !existsSync(pinned)) {
    process.stderr.write('`npm ci` did not work, so nothing was run. Its own message is above.\n');
    process.exit(3);
  }
  writeFileSync(stamp, lock);
}

const path = `${join(root, 'node_modules', '.bin')}${process.platform === 'win32' ? ';' : ':'}${process.env.PATH ?? ''}`;
const [script, ...rest] = process.argv.slice(2);
const run = spawnSync(pinned, [join(root, script), ...rest], { cwd: root, stdio: 'inherit', env: { ...process.env, PATH: path } });
process.exit(run.status ?? 3);
