import { randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** Entries by a key of hex digits. Any of them may be gone at any time. */
export type EntryStore = {
  read(key: string): Promise<Uint8Array | null>;
  /** Whole or not at all; the last of several writers wins. */
  write(key: string, bytes: Uint8Array): Promise<void>;
};

export type EntryFolder = EntryStore & {
  /** Removes the entries that were not used for longest until the rest is within the limit, and what killed writers left. */
  trim(limitBytes: number): Promise<void>;
};

/** A use is noted at most this often: what is used every day never looks old. */
const NOTED_EVERY_MILLISECONDS = 60 * 60 * 1000;
const ABANDONED_MILLISECONDS = 60 * 60 * 1000;
/** Trimming goes below the limit, so that the next entry does not begin it again. */
const TRIM_TO = 0.8;

/** Entries as files. Never throws for what stands there: an entry that cannot be read or written is one that is not there. */
export function entryFolder(folder: string): EntryFolder {
  const fileOf = (key: string) => join(folder, safe(key).slice(0, 2), key);
  return {
    async read(key) {
      try {
        const file = fileOf(key);
        const bytes = await readFile(file);
        await noteUse(file).catch(() => undefined);
        return bytes;
      } catch {
        return null;
      }
    },
    async write(key, bytes) {
      const file = fileOf(key);
      const draft = join(dirname(file), `.${process.pid}-${randomBytes(6).toString('hex')}.part`);
      try {
        await mkdir(dirname(file), { recursive: true });
        await writeFile(draft, bytes, { flag: 'wx' });
        await rename(draft, file);
      } catch {
        await rm(draft, { force: true }).catch(() => undefined);
      }
    },
    trim: (limitBytes) => trim(folder, limitBytes),
  };
}

/** The time of a file's last change says when the entry was last used. */
async function noteUse(file: string): Promise<void> {
  const { mtimeMs } = await stat(file);
  const now = Date.now();
  if (now - mtimeMs > NOTED_EVERY_MILLISECONDS) await utimes(file, now / 1000, now / 1000);
}

type Found = { file: string; size: number; used: number; draft: boolean };

async function trim(folder: string, limitBytes: number): Promise<void> {
  const found = await entriesIn(folder);
  const abandoned = found.filter(({ draft, used }) => draft && Date.now() - used > ABANDONED_MILLISECONDS);
  for (const { file } of abandoned) await rm(file, { force: true }).catch(() => undefined);
  const entries = found.filter(({ draft }) => !draft).sort((a, b) => a.used - b.used);
  let held = entries.reduce((sum, { size }) => sum + size, 0);
  if (held <= limitBytes) return;
  for (const { file, size } of entries) {
    if (held <= limitBytes * TRIM_TO) return;
    await rm(file, { force: true }).catch(() => undefined);
    held -= size;
  }
}

async function entriesIn(folder: string): Promise<Found[]> {
  const names = await readdir(folder, { withFileTypes: true, recursive: true }).catch(() => []);
  const found: Found[] = [];
  for (const entry of names.filter((one) => one.isFile())) {
    const file = join(entry.parentPath, entry.name);
    const stats = await stat(file).catch(() => null);
    if (stats !== null) {
      found.push({ file, size: stats.size, used: stats.mtimeMs, draft: entry.name.endsWith('.part') });
    }
  }
  return found;
}

function safe(key: string): string {
  if (!/^[0-9a-f]{64}$/.test(key)) throw new Error(`not a cache key: ${JSON.stringify(key.slice(0, 100))}`);
  return key;
}
