import { createHash, randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fail, messageOf } from './errors.ts';

/** Bytes in one piece or in many. */
export type Bytes = Uint8Array | AsyncIterable<Uint8Array>;

/** What is stored under a digest: `match` false when the bytes there are others; null when nothing is there. */
export type BlobState = { size: number; digest: string; match: boolean };

/** Content-addressed files, `sha256/<hex>`. A file has its name only once it is whole and on the disk. */
export type BlobFolder = {
  has(digest: string): Promise<boolean>;
  /** Writes the bytes unless the blob is there already and whole; `written` says which. Throws `blob-damaged` when they are not of that digest. */
  put(bytes: Bytes, digest: string): Promise<{ written: boolean }>;
  /** The blob as a stream, not verified. Throws `blob-missing`. */
  stream(digest: string): Promise<AsyncIterable<Uint8Array>>;
  /** The blob's bytes, verified. Throws `blob-missing`, `blob-damaged`. */
  read(digest: string): Promise<Buffer>;
  /** Reads the blob through and says what is there; null when it is missing. */
  inspect(digest: string): Promise<BlobState | null>;
  list(): Promise<string[]>;
  /** Removes what writers that were killed left half-written, an hour ago or longer. */
  sweep(): Promise<void>;
};

const digestPattern = /^sha256:[0-9a-f]{64}$/;

export function blobFolder(folder: string): BlobFolder {
  const fileOf = (digest: string) => join(folder, ...safe(digest).split(':'));
  const missing = (digest: string, error: unknown) => fail('blob-missing', { digest, folder }, error);
  return {
    has: (digest) => exists(fileOf(digest)),
    async put(bytes, digest) {
      const file = fileOf(digest);
      if ((await stateOf(file, digest))?.match === true) return { written: false };
      await writeVerified({ file, bytes, digest, folder });
      return { written: true };
    },
    async stream(digest) {
      if (!(await exists(fileOf(digest)))) throw missing(digest, undefined);
      return createReadStream(fileOf(digest), { highWaterMark: 256 * 1024 });
    },
    async read(digest) {
      const { bytes, found } = await readThrough(fileOf(digest)).catch((error: unknown) => {
        throw missing(digest, error);
      });
      if (found !== digest) throw fail('blob-damaged', { digest, found });
      return bytes;
    },
    inspect: (digest) => stateOf(fileOf(digest), digest),
    async list() {
      const names = await readdir(join(folder, 'sha256')).catch(() => []);
      return names
        .map((name) => `sha256:${name}`)
        .filter((digest) => digestPattern.test(digest))
        .sort();
    },
    sweep: () => sweep(join(folder, 'sha256')),
  };
}

const ABANDONED_MILLISECONDS = 60 * 60 * 1000;

async function sweep(folder: string): Promise<void> {
  const drafts = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith('.part'));
  for (const name of drafts) {
    const { mtimeMs } = await stat(join(folder, name)).catch(() => ({ mtimeMs: Date.now() }));
    if (Date.now() - mtimeMs > ABANDONED_MILLISECONDS) await rm(join(folder, name), { force: true });
  }
}

async function stateOf(file: string, digest: string): Promise<BlobState | null> {
  if (!(await exists(file))) return null;
  const { size, found } = await hashFile(file);
  return { size, digest: found, match: found === digest };
}

/** Writes a file whole or not at all: beside it first, flushed, then renamed over it. */
export async function writeWhole(file: string, bytes: Bytes): Promise<string> {
  await mkdir(dirname(file), { recursive: true });
  const draft = join(dirname(file), `.${process.pid}-${randomBytes(6).toString('hex')}.part`);
  try {
    const found = await writeHashed(draft, bytes);
    await rename(draft, file);
    return found;
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}

async function writeVerified(input: { file: string; bytes: Bytes; digest: string; folder: string }): Promise<void> {
  const { file, bytes, digest, folder } = input;
  const checked = async function* () {
    const hash = createHash('sha256');
    for await (const chunk of pieces(bytes)) {
      hash.update(chunk);
      yield chunk;
    }
    const found = `sha256:${hash.digest('hex')}`;
    if (found !== digest) throw fail('blob-damaged', { digest, found });
  };
  try {
    await writeWhole(file, checked());
  } catch (error) {
    if (isDiskTrouble(error)) throw fail('bundle-store-unusable', { folder, because: messageOf(error) }, error);
    throw error;
  }
}

async function writeHashed(file: string, bytes: Bytes): Promise<string> {
  const hash = createHash('sha256');
  const handle = await open(file, 'wx', 0o644);
  try {
    for await (const chunk of pieces(bytes)) {
      hash.update(chunk);
      await handle.writeFile(chunk);
    }
    await handle.sync();
  } finally {
    await handle.close();
  }
  return `sha256:${hash.digest('hex')}`;
}

async function* pieces(bytes: Bytes): AsyncGenerator<Uint8Array> {
  if (bytes instanceof Uint8Array) yield bytes;
  else yield* bytes;
}

async function readThrough(file: string): Promise<{ bytes: Buffer; found: string }> {
  const chunks: Buffer[] = [];
  for await (const chunk of createReadStream(file)) chunks.push(chunk);
  const bytes = Buffer.concat(chunks);
  return { bytes, found: `sha256:${createHash('sha256').update(bytes).digest('hex')}` };
}

async function hashFile(file: string): Promise<{ size: number; found: string }> {
  const hash = createHash('sha256');
  let size = 0;
  for await (const chunk of createReadStream(file, { highWaterMark: 256 * 1024 })) {
    hash.update(chunk);
    size += chunk.length;
  }
  return { size, found: `sha256:${hash.digest('hex')}` };
}

async function exists(file: string): Promise<boolean> {
  return stat(file).then(
    (found) => found.isFile(),
    () => false,
  );
}

function safe(digest: string): string {
  if (!digestPattern.test(digest)) throw new Error(`not a digest: ${JSON.stringify(digest.slice(0, 100))}`);
  return digest;
}

/** True for errors of the disk itself: no room, no rights, read-only, failing. */
export function isDiskTrouble(error: unknown): boolean {
  const codes = [
    'ENOSPC',
    'EDQUOT',
    'EACCES',
    'EPERM',
    'EROFS',
    'EIO',
    'ENOTDIR',
    'EISDIR',
    'EFBIG',
    'ERR_SQLITE_ERROR',
  ];
  return error instanceof Error && 'code' in error && codes.includes(String(error.code));
}
