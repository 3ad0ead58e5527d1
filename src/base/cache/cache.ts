import { createHash } from 'node:crypto';
import { type CacheTable, openTable, type Table } from './cache-table.ts';
import type { EntryFolder, EntryStore } from './entry-folder.ts';
import { sealed, unsealed } from './sealed-entry.ts';

/**
 * Answers by the fingerprint of all that decides them. What is damaged or gone counts as never kept; nothing here throws
 * for the state of the store. `name` says what kind of answer it is, so that two kinds never meet under one key.
 */
export type Cache = {
  /** A large answer by itself. Text as it was given to `put`. */
  get(name: string, fingerprint: string): Promise<string | null>;
  put(name: string, fingerprint: string, text: string): Promise<void>;
  /** Many small answers in one entry. Opened once a name; written by `close`. */
  table(name: string): Promise<CacheTable>;
  /** Writes the tables and trims the store. To be called once, when nothing is asked any more. */
  close(): Promise<void>;
};

/** `shared` is read when `local` has no answer, and written when `writesShared`. */
export type CachePlaces = {
  local: EntryFolder;
  limitBytes: number;
  shared: EntryStore | null;
  writesShared: boolean;
};

export function openCache(places: CachePlaces): Cache {
  const { local, shared } = places;
  const tables = new Map<string, Promise<Table>>();
  let written = 0;

  async function read(key: string): Promise<string | null> {
    const own = await local.read(key);
    const text = own === null ? null : unsealed(own);
    if (text !== null) return text;
    const theirs = (await shared?.read(key)) ?? null;
    const found = theirs === null ? null : unsealed(theirs);
    if (theirs !== null && found !== null) await local.write(key, theirs);
    return found;
  }

  async function writeLocal(key: string, bytes: Uint8Array): Promise<void> {
    written += 1;
    await local.write(key, bytes);
  }

  async function write(key: string, text: string): Promise<void> {
    const bytes = sealed(text);
    await writeLocal(key, bytes);
    if (places.writesShared) await shared?.write(key, bytes);
  }

  return {
    get: (name, fingerprint) => read(keyOf('entry', name, fingerprint)),
    put: (name, fingerprint, text) => write(keyOf('entry', name, fingerprint), text),
    table(name) {
      const key = keyOf('table', name, '');
      const known =
        tables.get(name) ??
        openTable({
          local: async () => textOf(await local.read(key)),
          shared: async () => textOf((await shared?.read(key)) ?? null),
          writeLocal: (text) => writeLocal(key, sealed(text)),
          writeShared: places.writesShared ? async (text) => shared?.write(key, sealed(text)) : null,
        });
      tables.set(name, known);
      return known;
    },
    async close() {
      for (const table of tables.values()) await (await table).save();
      tables.clear();
      if (written > 0) await local.trim(places.limitBytes);
    },
  };
}

function textOf(bytes: Uint8Array | null): string | null {
  return bytes === null ? null : unsealed(bytes);
}

function keyOf(...parts: string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}
