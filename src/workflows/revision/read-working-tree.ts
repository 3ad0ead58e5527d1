import { createHash } from 'node:crypto';
import { closeSync, constants, existsSync, fstatSync, openSync, readFileSync, type Stats } from 'node:fs';
import { join } from 'node:path';
import { projectFileName } from '../../delivery/project/project-file-name.ts';
import type { ProjectFiles } from '../../model/project-files.ts';
import { projectRoot } from '../project/project-root.ts';
import type { GitIndex, IndexEntry } from '../project/read-git-index.ts';
import { projectReading } from '../project/read-project.ts';
import { defaultLimits, readTree } from '../project/read-tree.ts';
import { isSameState, isSettled } from '../project/same-state.ts';
import { openFolders, type TreeFolders } from '../project/tree-folders.ts';
import type { RevisionReading } from './read-revision.ts';

/** The working tree as a revision; `absent` are tracked files that a sparse checkout left out, so that nobody takes them for deleted. */
export type WorkingTree = RevisionReading & { absent: ReadonlySet<string> };

/** What one reading of a working tree leaves for the next: the names of contents whose files show that they are as they were. */
export type TreeMemory = { folders: TreeFolders; ids: ReadonlyMap<string, string>; read: Map<string, ReadId> };

/** A content's name, and the state of its file before it was read; `looked` is when, in milliseconds. */
type ReadId = { id: string; stats: Stats; looked: number };

export function newMemory(): TreeMemory {
  return { folders: openFolders(), ids: new Map(), read: new Map() };
}

/**
 * Reads the project that `folder` is in as it stands on disk, with Git's names of the contents. A file that is as the
 * index saw it, or as it was when it was read before, is not read again. Files of submodules are left out, as they are in every commit.
 * The same `ids` again where nothing differs from the reading before.
 */
export async function readWorkingTree(folder: string, memory: TreeMemory = newMemory()): Promise<WorkingTree> {
  const root = projectRoot(folder);
  const looked = Date.now();
  const tree = readTree(root, defaultLimits, memory.folders);
  const reading = await projectReading(root, tree, existsSync(join(root, projectFileName)));
  const index = tree.index ?? noIndex;
  const { submodules, absent } = oddOnes(index);
  const files = withoutFolders(
    reading.files,
    submodules.map(({ path }) => path),
  );
  const found = idsOf({ root, files, index, stats: tree.stats, looked, read: memory.read });
  const ids = isSameMap(found, memory.ids) ? memory.ids : found;
  memory.ids = ids;
  return {
    ...{ ...reading, commit: null, files, ids },
    submodules: new Map(submodules.map(({ path, id }) => [path, id])),
    absent: new Set(absent.filter(({ path }) => !ids.has(path)).map(({ path }) => path)),
  };
}

const noIndex: GitIndex = { entries: [], written: 0 };

type OddOnes = { submodules: IndexEntry[]; absent: IndexEntry[]; byPath: ReadonlyMap<string, IndexEntry> };
const oddOnesOf = new WeakMap<GitIndex, OddOnes>();

/** Worked out once for an index. */
function oddOnes(index: GitIndex): OddOnes {
  const known = oddOnesOf.get(index) ?? {
    submodules: index.entries.filter((entry) => entry.kind === 'submodule'),
    absent: index.entries.filter((entry) => entry.isAbsent),
    byPath: new Map(index.entries.map((entry) => [entry.path, entry])),
  };
  oddOnesOf.set(index, known);
  return known;
}

function isSameMap(a: ReadonlyMap<string, string>, b: ReadonlyMap<string, string>): boolean {
  if (a.size !== b.size) return false;
  for (const [path, id] of a) if (b.get(path) !== id) return false;
  return true;
}

function withoutFolders(files: ProjectFiles, folders: readonly string[]): ProjectFiles {
  if (folders.length === 0) return files;
  const isIn = (path: string) => folders.some((folder) => path.startsWith(`${folder}/`));
  return {
    entries: files.entries.filter(({ path }) => !isIn(path)),
    text: (path) => (isIn(path) ? null : files.text(path)),
  };
}

type Place = {
  root: string;
  files: ProjectFiles;
  index: GitIndex;
  stats: ReadonlyMap<string, Stats>;
  looked: number;
  read: Map<string, ReadId>;
};

function idsOf({ root, files, index, stats, looked, read }: Place): Map<string, string> {
  const { byPath } = oddOnes(index);
  const before = new Map(read);
  const ids = new Map<string, string>();
  read.clear();
  for (const { path } of files.entries) {
    const [entry, state, known] = [byPath.get(path), stats.get(path), before.get(path)];
    if (entry !== undefined && state !== undefined && isAsIndexed(state, entry, index.written)) {
      ids.set(path, entry.id);
      continue;
    }
    const isKnown = known !== undefined && state !== undefined && isSameState(known.stats, state);
    const id = isKnown && isSettled(known.stats, known.looked) ? known.id : contentId(join(root, path));
    if (id === null) continue;
    ids.set(path, id);
    if (state !== undefined)
      read.set(path, {
        id,
        stats: state,
        looked: isKnown && isSettled(known.stats, known.looked) ? known.looked : looked,
      });
  }
  return ids;
}

/** Times are compared to the microsecond, as a number of milliseconds holds no more. */
const SAME_MOMENT = 0.002;

/** A file that was touched in the moment the index was written may have changed after it; its content decides. */
function isAsIndexed(stats: Stats, entry: IndexEntry, written: number): boolean {
  return (
    entry.kind === 'file' &&
    stats.size % 2 ** 32 === entry.size &&
    stats.ino % 2 ** 32 === entry.inode &&
    Math.abs(stats.mtimeMs - entry.modified) < SAME_MOMENT &&
    Math.abs(stats.ctimeMs - entry.changed) < SAME_MOMENT &&
    stats.mtimeMs + SAME_MOMENT < written
  );
}

/** Git's name for a content: SHA-1 over its length and bytes. Null for what cannot be read. */
function contentId(file: string): string | null {
  try {
    const descriptor = openSync(file, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      if (!fstatSync(descriptor).isFile()) return null;
      const bytes = readFileSync(descriptor);
      return createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex');
    } finally {
      closeSync(descriptor);
    }
  } catch {
    return null;
  }
}
