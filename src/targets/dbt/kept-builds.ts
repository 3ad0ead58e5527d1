import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Cache } from '../../base/cache/cache.ts';

/** Builds of a dbt project on DuckDB that are kept whole, as the bridge's `dbt.rehearse` leaves and takes them. */
export type KeptBuilds = {
  /** Puts the build of this key into a new folder; null when there is none. */
  find(key: string, folder: string): Promise<string | null>;
  /** Puts the build that was kept last into a new folder. */
  last(folder: string): Promise<string | null>;
  /** Keeps the build that is in a folder; one that is very large is left. */
  keep(key: string, folder: string): Promise<void>;
};

const [STATE, DATABASE] = ['state.json', 'build.duckdb'];
const NAME = 'dbt build';
const MOST_BYTES = 96 * 1024 * 1024;
const MOST_NAMES = 6;

const Kept = z.object({ state: z.string(), database: z.string() });
const Names = z.array(z.string());

/** `subject` tells projects apart whose builds have nothing in common. What the cache has lost counts as never built. */
export function keptBuilds(cache: Cache, subject: string): KeptBuilds {
  async function names(): Promise<string[]> {
    const text = await (await cache.table(NAME)).get(subject);
    return Names.safeParse(text === null ? [] : JSON.parse(text)).data ?? [];
  }

  async function find(key: string, folder: string): Promise<string | null> {
    const text = await cache.get(NAME, key);
    const kept = text === null ? undefined : Kept.safeParse(JSON.parse(text)).data;
    if (kept === undefined) return null;
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, STATE), kept.state);
    await writeFile(join(folder, DATABASE), Buffer.from(kept.database, 'base64'));
    return folder;
  }

  return {
    find,
    async last(folder) {
      for (const key of await names()) {
        const found = await find(key, folder);
        if (found !== null) return found;
      }
      return null;
    },
    async keep(key, folder) {
      const { size } = await stat(join(folder, DATABASE));
      if (size > MOST_BYTES) return;
      const state = await readFile(join(folder, STATE), 'utf8');
      const database = await readFile(join(folder, DATABASE), 'base64');
      await cache.put(NAME, key, JSON.stringify({ state, database }));
      const others = (await names()).filter((one) => one !== key);
      (await cache.table(NAME)).set(subject, JSON.stringify([key, ...others].slice(0, MOST_NAMES)));
    },
  };
}
