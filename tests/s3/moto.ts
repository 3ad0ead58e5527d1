import { type ChildProcess, spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { freePort } from '../../src/base/free-port.ts';
import { ensureAt } from '../../src/base/python/ensure-runtime.ts';
import { placeOfLock } from '../../src/base/python/runtime.ts';
import type { S3Place } from '../../src/targets/release-home/home-settings.ts';

/** An S3 server of its own, empty, with one bucket. */
export type Moto = { place: S3Place; stop(): Promise<void> };

/** Starts moto, made from the lock beside this file, and sets the credentials that the AWS SDK of this process needs. */
export async function startMoto(): Promise<Moto> {
  const runtime = await ensureAt(placeOfLock('moto', fileURLToPath(new URL('./moto.txt', import.meta.url))));
  const port = await freePort();
  const endpoint = `http://127.0.0.1:${port}`;
  const child = spawn(runtime.python, ['-m', 'moto.server', '-H', '127.0.0.1', '-p', String(port)], {
    stdio: 'ignore',
  });
  Object.assign(process.env, { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' });
  const bucket = 'releases';
  await answers(`${endpoint}/${bucket}`, child);
  return {
    place: { bucket, prefix: 'dags', region: 'us-east-1', endpoint },
    async stop() {
      const ended = new Promise((done) => child.once('exit', done));
      child.kill('SIGKILL');
      await ended;
    },
  };
}

async function answers(bucket: string, child: ChildProcess): Promise<void> {
  const deadline = Date.now() + 60_000;
  for (;;) {
    const made = await fetch(bucket, { method: 'PUT' }).catch(() => null);
    if (made?.ok === true) return;
    if (child.exitCode !== null || Date.now() > deadline) throw new Error('moto did not start');
    await sleep(100);
  }
}
