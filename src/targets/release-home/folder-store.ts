import { randomBytes } from 'node:crypto';
import { cp, mkdir, open, readdir, readFile, rename, rm, unlink } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { fail, messageOf } from '../../base/errors.ts';
import { digestOf } from '../../model/identifiers.ts';
import { exclusiveOn } from './exclusive.ts';
import { type Expected, type FileStore, insideRoot } from './file-store.ts';

/** The ending of files that are not whole yet. */
const DRAFT = '.headgate-draft';

/**
 * Files in a folder. `lockFile` is relative to it. Two writers are kept apart by the lock, so conditional writes are
 * only safe inside `exclusively`. Throws `release-home-unusable` when the disk refuses.
 */
export function folderStore(folder: string, lockFile: string): FileStore {
  const root = resolve(folder);
  const exclusive = exclusiveOn(join(root, insideRoot(lockFile)));
  const at = (path: string) => join(root, insideRoot(path));
  const read = (path: string) => readOrNull(at(path));
  const meets = async (path: string, expected: Expected) => {
    if (expected === 'any') return true;
    const found = await read(path);
    return expected === 'absent' ? found === null : found?.version === expected.version;
  };
  return {
    location: root,
    read,
    async write(path, bytes, expected) {
      if (!(await meets(path, expected))) return null;
      await onDisk(root, () => writeWhole(at(path), bytes));
      return digestOf(bytes);
    },
    async remove(path, expected) {
      if (!(await meets(path, expected))) return false;
      await onDisk(root, () => removeFile(at(path)));
      return true;
    },
    list: (folder) => listFiles(root, insideRoot(folder)),
    putTree: (from, to) => onDisk(root, () => putTree(from, at(to))),
    removeTree: (folder) => onDisk(root, () => removeTree(at(folder))),
    exclusively: (work) => exclusive.hold(work),
    close: async () => exclusive.close(),
  };
}

async function readOrNull(file: string): Promise<{ bytes: Uint8Array; version: string } | null> {
  try {
    const bytes = await readFile(file);
    return { bytes, version: digestOf(bytes) };
  } catch (error) {
    if (isCode(error, ['ENOENT', 'ENOTDIR'])) return null;
    throw fail('release-home-unreadable', { file, because: messageOf(error) }, error);
  }
}

/** Beside first, flushed, renamed over, and the folder flushed, so that a power cut leaves the old or the new file. */
async function writeWhole(file: string, bytes: Uint8Array): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await sweepDrafts(dirname(file));
  const draft = newDraft(dirname(file));
  try {
    const handle = await open(draft, 'wx', 0o644);
    try {
      await handle.writeFile(bytes);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(draft, file);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
  await flushFolder(dirname(file));
}

function newDraft(folder: string): string {
  return join(folder, `.${randomBytes(8).toString('hex')}${DRAFT}`);
}

/** What killed writers left. Only the holder of the lock writes, so no draft here belongs to a living one. */
async function sweepDrafts(folder: string): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  for (const name of names) if (name.endsWith(DRAFT)) await rm(join(folder, name), { recursive: true, force: true });
}

async function removeFile(file: string): Promise<void> {
  await sweepDrafts(dirname(file));
  try {
    await unlink(file);
  } catch (error) {
    if (!isCode(error, ['ENOENT'])) throw error;
    return;
  }
  await flushFolder(dirname(file));
}

/** Copies beside and renames, so that the folder never holds half of one tree and half of another. */
async function putTree(from: string, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true });
  await sweepDrafts(dirname(to));
  const draft = newDraft(dirname(to));
  try {
    await cp(from, draft, { recursive: true, verbatimSymlinks: true });
    await flushTree(draft);
    await rm(to, { recursive: true, force: true });
    await rename(draft, to);
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
  await flushFolder(dirname(to));
}

/** Out of sight at once, then removed; a later writer sweeps up what a killed one left of it. */
async function removeTree(folder: string): Promise<void> {
  await sweepDrafts(dirname(folder));
  const draft = newDraft(dirname(folder));
  try {
    await rename(folder, draft);
  } catch (error) {
    if (!isCode(error, ['ENOENT'])) throw error;
    return;
  }
  await rm(draft, { recursive: true, force: true });
  await flushFolder(dirname(folder));
}

async function flushTree(folder: string): Promise<void> {
  const entries = await readdir(folder, { withFileTypes: true });
  for (const entry of entries) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) await flushTree(path);
    else if (entry.isFile()) await flush(path);
  }
  await flushFolder(folder);
}

const flushFolder = flush;

async function flush(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } catch (error) {
    if (!isCode(error, ['EINVAL', 'ENOTSUP', 'EISDIR'])) throw error;
  } finally {
    await handle.close();
  }
}

async function listFiles(root: string, folder: string): Promise<string[]> {
  const entries = await readdir(join(root, folder), { withFileTypes: true, recursive: true }).catch((error) => {
    if (isCode(error, ['ENOENT', 'ENOTDIR'])) return [];
    throw fail('release-home-unreadable', { file: join(root, folder), because: messageOf(error) }, error);
  });
  return entries
    .filter((entry) => entry.isFile() && !entry.name.endsWith(DRAFT))
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(root.length + 1)
        .replaceAll('\\', '/'),
    )
    .sort();
}

async function onDisk<Result>(root: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    throw fail('release-home-unusable', { home: root, because: messageOf(error) }, error);
  }
}

function isCode(error: unknown, codes: string[]): boolean {
  return error instanceof Error && 'code' in error && codes.includes(String(error.code));
}
