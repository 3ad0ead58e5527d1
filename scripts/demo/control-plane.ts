import { spawn } from 'node:child_process';
import { open, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { isAlive } from '../../src/base/is-alive.ts';
import { places } from './places.ts';

const main = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));
const pidFile = join(places.all, 'control-plane.pid');

/** A control plane that runs as a process of its own. It outlives the demo when it is not stopped. */
export type ControlPlane = { url: string; pid: number; stop(): Promise<void> };

/** Starts `headgate serve` with the secrets it may resolve in its environment, and waits until it says where it is. */
export async function startControlPlane(project: string, secrets: { [name: string]: string }): Promise<ControlPlane> {
  await stopEarlier();
  const log = await open(places.log, 'w');
  const argv = [
    'serve',
    '--data',
    places.plane,
    '--port',
    '0',
    '--project',
    project,
    '--token-file',
    places.token,
    '--json',
  ];
  const child = spawn(process.execPath, [main, ...argv], {
    detached: true,
    env: { ...process.env, ...secrets },
    stdio: ['ignore', log.fd, log.fd],
  });
  const { pid } = child;
  if (pid === undefined) throw new Error('the control plane could not be started');
  child.unref();
  await writeFile(pidFile, String(pid));
  const url = await urlInLog(pid);
  await log.close();
  return { url, pid, stop: () => stopProcess(pid) };
}

/** A control plane that an earlier run of the demo left. Its pid was written by us, and only by us. */
async function stopEarlier(): Promise<void> {
  const pid = Number(await readFile(pidFile, 'utf8').catch(() => '0'));
  if (pid === 0) return;
  const words = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
  if (words.includes(places.plane)) await stopProcess(pid);
}

async function stopProcess(pid: number): Promise<void> {
  const deadline = Date.now() + 30_000;
  for (let signal: NodeJS.Signals | 0 = 'SIGTERM'; Date.now() < deadline; signal = 0) {
    try {
      process.kill(pid, signal);
    } catch {
      return;
    }
    await sleep(100);
  }
  throw new Error(`the control plane (pid ${pid}) did not stop`);
}

async function urlInLog(pid: number): Promise<string> {
  const deadline = Date.now() + 60_000;
  while (Date.now() < deadline) {
    const text = await readFile(places.log, 'utf8');
    const url = /"url": "(http[^"]+)"/.exec(text)?.[1];
    if (url !== undefined) return url;
    if (!isAlive(pid)) throw new Error(`the control plane ended at once:\n${text.slice(-2000)}`);
    await sleep(100);
  }
  throw new Error(`the control plane did not say where it is; see ${places.log}`);
}
