import { readFileSync, type Stats, statSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { isSameState, isSettled } from './same-state.ts';

/**
 * A path as the index has it. `id` is Git's name of its content when the file had this size, inode and times (in
 * milliseconds). `isAbsent`: it is tracked and was left out of a sparse checkout.
 */
export type IndexEntry = {
  path: string;
  id: string;
  kind: 'file' | 'link' | 'submodule';
  size: number;
  inode: number;
  changed: number;
  modified: number;
  isAbsent: boolean;
};

/** The index of the repository that `root` is in, paths relative to `root`. `written`: when, in milliseconds. */
export type GitIndex = { entries: IndexEntry[]; written: number };

/**
 * Tells what Git tracks below a `root`: part of the project even where .gitignore names it. Read from the index itself, as running git would
 * obey the repository's own settings. Null without a repository or readable index. The same object again while the index is as it was.
 */
export function openIndex(): (root: string) => GitIndex | null {
  let last: (ReadIndex & { root: string; own: GitIndex | null }) | null = null;
  return (root) => {
    const place = repositoryOf(root);
    const read = place === null ? null : indexOf(place, last);
    if (place === null || read === null) return null;
    if (last !== null && last.index === read.index && last.root === root) return last.own;
    last = { ...read, root, own: inRoot(read.index, relative(place.repository, root).split(sep).join('/')) };
    return last.own;
  };
}

type Place = { repository: string; isFolder: boolean };

function repositoryOf(root: string): Place | null {
  for (let at = root; ; at = dirname(at)) {
    const stats = statSync(join(at, '.git'), { throwIfNoEntry: false });
    if (stats !== undefined) return { repository: at, isFolder: stats.isDirectory() };
    if (dirname(at) === at) return null;
  }
}

type ReadIndex = { file: string; stats: Stats; looked: number; index: GitIndex | null };

/** A worktree's `.git` is a file that names its folder. */
function indexOf({ repository, isFolder }: Place, last: ReadIndex | null): ReadIndex | null {
  try {
    const git = join(repository, '.git');
    const folder = isFolder
      ? git
      : resolve(
          repository,
          readFileSync(git, 'utf8')
            .replace(/^gitdir:\s*/, '')
            .trim(),
        );
    const file = join(folder, 'index');
    const looked = Date.now();
    const stats = statSync(file);
    if (last?.file === file && isSameState(last.stats, stats) && isSettled(stats, last.looked)) return last;
    const entries = entriesInIndex(readFileSync(file));
    return { file, stats, looked, index: entries === null ? null : { entries, written: stats.mtimeMs } };
  } catch {
    return null;
  }
}

function inRoot(index: GitIndex | null, prefix: string): GitIndex | null {
  if (index === null || prefix === '') return index;
  const start = `${prefix}/`;
  const entries = index.entries.filter(({ path }) => path.startsWith(start));
  return { ...index, entries: entries.map((entry) => ({ ...entry, path: entry.path.slice(start.length) })) };
}

/** Entries of an index of version 2 to 4; null for any other. */
function entriesInIndex(bytes: Buffer): IndexEntry[] | null {
  if (bytes.length < 12 || bytes.toString('latin1', 0, 4) !== 'DIRC') return null;
  const version = bytes.readUInt32BE(4);
  const count = bytes.readUInt32BE(8);
  if (version < 2 || version > 4) return null;
  const entries: IndexEntry[] = [];
  let previous = '';
  let at = 12;
  for (let index = 0; index < count && at + 62 < bytes.length; index += 1) {
    const isExtended = (bytes.readUInt16BE(at + 60) & 0x4000) !== 0;
    const start = at + 62 + (isExtended ? 2 : 0);
    const kept = version === 4 ? shortened(bytes, start, previous) : { prefix: '', from: start };
    const end = bytes.indexOf(0, kept.from);
    if (end === -1) break;
    previous = kept.prefix + bytes.toString('utf8', kept.from, end);
    entries.push(
      entryAt(bytes, at, { path: previous, isAbsent: isExtended && (bytes.readUInt16BE(at + 62) & 0x4000) !== 0 }),
    );
    at = version === 4 ? end + 1 : at + Math.ceil((end + 1 - at) / 8) * 8;
  }
  return entries;
}

function entryAt(bytes: Buffer, at: number, known: { path: string; isAbsent: boolean }): IndexEntry {
  const kinds: { [mode: number]: IndexEntry['kind'] } = { 10: 'link', 14: 'submodule' };
  return {
    ...known,
    id: bytes.toString('hex', at + 40, at + 60),
    kind: kinds[bytes.readUInt32BE(at + 24) >> 12] ?? 'file',
    size: bytes.readUInt32BE(at + 36),
    inode: bytes.readUInt32BE(at + 20),
    changed: bytes.readUInt32BE(at) * 1000 + bytes.readUInt32BE(at + 4) / 1e6,
    modified: bytes.readUInt32BE(at + 8) * 1000 + bytes.readUInt32BE(at + 12) / 1e6,
  };
}

/** Version 4 writes how many bytes of the path before to drop, then the rest. */
function shortened(bytes: Buffer, start: number, previous: string): { prefix: string; from: number } {
  let at = start;
  let drop = (bytes[at] ?? 0) & 127;
  while (((bytes[at] ?? 0) & 128) !== 0) {
    at += 1;
    drop = ((drop + 1) << 7) | ((bytes[at] ?? 0) & 127);
  }
  const before = Buffer.from(previous, 'utf8');
  return { prefix: before.toString('utf8', 0, Math.max(0, before.length - drop)), from: at + 1 };
}
