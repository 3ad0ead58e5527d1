import { readdir, readFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { type Expected, type FileStore, insideRoot } from './file-store.ts';
import type { S3Place } from './home-settings.ts';
import { type PutCondition, type S3Calls, s3Calls } from './s3-client.ts';

const AT_ONCE = 16;

/**
 * Files under an S3 prefix. Nothing locks across processes there: every write that must not overtake another is
 * conditional on the version that was read (If-Match, If-None-Match).
 */
export async function s3Store(place: S3Place): Promise<FileStore> {
  return storeOver(await s3Calls(place), place);
}

function storeOver(calls: S3Calls, place: S3Place): FileStore {
  const prefix = place.prefix === '' ? '' : `${place.prefix.replace(/\/+$/, '')}/`;
  const keyOf = (path: string) => prefix + insideRoot(path);
  let queue: Promise<unknown> = Promise.resolve();
  const list = async (folder: string) =>
    (await calls.keys(`${keyOf(folder)}/`)).map((key) => key.slice(prefix.length)).sort();
  async function read(path: string) {
    const found = await calls.get(keyOf(path));
    return found === null ? null : { bytes: found.bytes, version: found.etag };
  }
  return {
    location: `s3://${place.bucket}/${prefix}`.replace(/\/$/, ''),
    read,
    write: (path, bytes, expected) => calls.put(keyOf(path), bytes, conditionOf(expected)),
    async remove(path, expected) {
      if (expected !== 'any') {
        const version = (await read(path))?.version ?? null;
        if (version !== (expected === 'absent' ? null : expected.version)) return false;
      }
      await calls.remove(keyOf(path));
      return true;
    },
    list,
    async putTree(from, to) {
      const wanted = await localFiles(from);
      const kept = new Set(wanted.map((path) => `${to}/${path}`));
      const left = (await list(to)).filter((path) => !kept.has(path));
      await eachAtOnce(left, (path) => calls.remove(keyOf(path)));
      await eachAtOnce(wanted, async (path) => {
        await calls.put(keyOf(`${to}/${path}`), await readFile(join(from, path)), {});
      });
    },
    async removeTree(folder) {
      await eachAtOnce(await list(folder), (path) => calls.remove(keyOf(path)));
    },
    exclusively(work) {
      const turn = queue.then(work);
      queue = turn.catch(() => undefined);
      return turn;
    },
    close: async () => calls.close(),
  };
}

function conditionOf(expected: Expected): PutCondition {
  if (expected === 'any') return {};
  return expected === 'absent' ? { IfNoneMatch: '*' } : { IfMatch: expected.version };
}

async function localFiles(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'));
}

/** Does `work` for each item, a few at once; the first failure ends it. */
async function eachAtOnce<Item>(items: readonly Item[], work: (item: Item) => Promise<void>): Promise<void> {
  const rest = [...items];
  const worker = async () => {
    for (let item = rest.shift(); item !== undefined; item = rest.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, items.length) }, worker));
}
