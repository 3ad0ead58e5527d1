import { createHash } from 'node:crypto';
import { mkdir, open, readdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fail } from '../errors.ts';
import { readTar, type TarLimits } from './read-tar.ts';

/** An archive that can be read more than once, and the digest `sha256:<hex>` it must have. */
export type Archive = { digest: string; open(): Promise<AsyncIterable<Uint8Array>> };

/** What was unpacked. */
export type Unpacked = { files: number; bytes: number };

/**
 * Unpacks an archive into an empty or new folder. The whole archive is read and judged once before the first byte is
 * written; files are made anew (never followed, never overwritten) with mode 0644 or 0755.
 * Throws `archive-refused`, `blob-damaged`; the folder is empty then.
 */
export async function unpackTar(archive: Archive, folder: string, limits: TarLimits): Promise<Unpacked> {
  await judgeTar(archive, limits);
  await mkdir(folder, { recursive: true });
  if ((await readdir(folder)).length > 0) throw new Error(`unpackTar: ${folder} is not empty`);
  const unpacked: Unpacked = { files: 0, bytes: 0 };
  try {
    await readTar(await archive.open(), limits, async (file, body) => {
      await writeNew(join(folder, ...file.path.split('/')), body, file.executable);
      unpacked.files += 1;
      unpacked.bytes += file.size;
    });
  } catch (error) {
    for (const name of await readdir(folder)) await rm(join(folder, name), { recursive: true, force: true });
    throw error;
  }
  return unpacked;
}

/** Reads an archive through without writing. Throws as `unpackTar` does. */
export async function judgeTar(archive: Archive, limits: TarLimits): Promise<Unpacked> {
  const hash = createHash('sha256');
  const found: Unpacked = { files: 0, bytes: 0 };
  let trouble: unknown = null;
  const stream = hashed(await archive.open(), hash);
  try {
    await readTar(stream, limits, async (file, body) => {
      for await (const _chunk of body);
      found.files += 1;
      found.bytes += file.size;
    });
  } catch (error) {
    trouble = error;
    for await (const _chunk of stream);
  }
  const digest = `sha256:${hash.digest('hex')}`;
  if (digest !== archive.digest) throw fail('blob-damaged', { digest: archive.digest, found: digest }, trouble);
  if (trouble !== null) throw trouble;
  return found;
}

async function* hashed(
  chunks: AsyncIterable<Uint8Array>,
  hash: ReturnType<typeof createHash>,
): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) {
    hash.update(chunk);
    yield chunk;
  }
}

async function writeNew(file: string, body: AsyncIterable<Uint8Array>, executable: boolean): Promise<void> {
  await mkdir(dirname(file), { recursive: true, mode: 0o755 });
  const handle = await open(file, 'wx', executable ? 0o755 : 0o644);
  try {
    for await (const chunk of body) await handle.writeFile(chunk);
    await handle.chmod(executable ? 0o755 : 0o644);
  } finally {
    await handle.close();
  }
}
