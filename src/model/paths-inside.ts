import type { FileEntry } from './project-files.ts';

/** The paths of sorted entries that lie in a folder (normal; the root is the empty text), found without looking at all of them. */
export function pathsInside(entries: readonly FileEntry[], folder: string): string[] {
  if (folder === '') return entries.map(({ path }) => path);
  const from = firstAt(entries, `${folder}/`);
  // In the order of paths `0` comes right after `/`.
  const to = firstAt(entries, `${folder}0`);
  return entries.slice(from, to).map(({ path }) => path);
}

/** The index of the first entry that is not before `path`. */
function firstAt(entries: readonly FileEntry[], path: string): number {
  let [low, high] = [0, entries.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((entries[middle]?.path ?? '') < path) low = middle + 1;
    else high = middle;
  }
  return low;
}
