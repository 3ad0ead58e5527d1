import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { HelperPlace } from './helper-place.ts';

const main = fileURLToPath(new URL('../main.ts', import.meta.url));

/** Starts a helper for the next time and does not wait for it: in a session of its own, with nothing open that is this process's. */
export function startHelper({ root }: HelperPlace): void {
  const child = spawn(process.execPath, [main, 'helper', 'serve', root], { cwd: '/', detached: true, stdio: 'ignore' });
  child.on('error', () => undefined);
  child.unref();
}
