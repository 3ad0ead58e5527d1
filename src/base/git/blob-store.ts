import { fail } from '../errors.ts';
import { askGit } from './run-git.ts';

/** Objects of a repository by their ids. What was read once is kept. */
export type BlobStore = {
  /** Reads these at once, in one process, if they are not there yet. */
  prefetch(ids: Iterable<string>): void;
  /** Whether this one was read already. */
  has(id: string): boolean;
  /** Null when the repository does not have the object (a partial or damaged clone). */
  blob(id: string): Buffer | null;
};

/** How much is asked of one process, so that an answer stays well inside what a buffer holds. */
const MOST_AT_ONCE = 20_000;

/** Throws `git-refused` when git itself cannot answer. */
export function openBlobs(repository: string): BlobStore {
  const known = new Map<string, Buffer | null>();
  function prefetch(ids: Iterable<string>): void {
    const wanted = [...new Set(ids)].filter((id) => !known.has(id));
    for (let at = 0; at < wanted.length; at += MOST_AT_ONCE)
      for (const [id, blob] of readBlobs(repository, wanted.slice(at, at + MOST_AT_ONCE))) known.set(id, blob);
  }
  return {
    prefetch,
    has: (id) => known.has(id),
    blob(id) {
      if (!known.has(id)) prefetch([id]);
      return known.get(id) ?? null;
    },
  };
}

function readBlobs(repository: string, ids: readonly string[]): Map<string, Buffer | null> {
  const { out, said } = askGit(repository, ['cat-file', '--batch', '--buffer'], `${ids.join('\n')}\n`);
  if (out === null) throw fail('git-refused', { what: 'read its objects', said });
  const found = new Map<string, Buffer | null>();
  let at = 0;
  for (const id of ids) {
    const end = out.indexOf(10, at);
    const [, kind, size] = out.toString('latin1', at, end).split(' ');
    at = end + 1;
    if (kind === 'missing' || size === undefined) {
      found.set(id, null);
      continue;
    }
    found.set(id, out.subarray(at, at + Number(size)));
    at += Number(size) + 1;
  }
  return found;
}
