import { rmSync } from 'node:fs';
import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { atTheEnd } from './last-acts.ts';

/** Lends an empty folder of the system's temporary folder to `use`; it is removed afterwards, and when this process is ended. */
export async function withScratch<Answer>(name: string, use: (folder: string) => Promise<Answer>): Promise<Answer> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), `headgate-${name}-`)));
  const forget = atTheEnd(() => rmSync(folder, { recursive: true, force: true }));
  try {
    return await use(folder);
  } finally {
    forget();
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}
