import { createHash } from 'node:crypto';
import { closeSync, constants, existsSync, fstatSync, openSync, readFileSync, type Stats } from 'node:fs';
import { join } from 'node:path';
import { projectFileName } from '../../delivery/project/project-file-name.ts';
import type { ProjectFiles } from '../../model/project-files.ts';
import { projectRoot } from '../project/project-root.ts';
import type { GitIndex, IndexEntry } from '../project/read-git-index.ts';
import { projectReading } from '../project/read-project.ts';
import { readTree } from '../project/read-tree.ts';
import type { RevisionReading, SharedTexts } from './read-revision.ts';

/** The working tree as a revision; `absent` are tracked files that a sparse checkout left out, so that nobody takes them for deleted. */
export type WorkingTree = RevisionReading & { absent: ReadonlySet<string>; shared: SharedTexts };

/**
 * Reads the project that `folder` is in as it stands on disk, with Git's names of the contents. A file that is as the
 * index saw it is not read again. Files of submodules are left out, as they are in every commit.
 */
export async function readWorkingTree(folder: string): Promise<WorkingTree> {
  const root = projectRoot(folder);
  const tree = readTree(root);
  const reading = await projectReading(root, tree, existsSync(join(root, projectFileName)));
  const index = tree.index ?? { entries: [], written: 0 };
  const submodules = index.entries.filter((entry) => entry.kind === 'submodule');
  const files = withoutFolders(
    reading.files,
    submodules.map(({ path }) => path),
  );
  const ids = idsOf({ root, files, index, stats: tree.stats });
  return {
    ...{ ...reading, commit: null, files, ids },
    submodules: new Map(submodules.map(({ path, id }) => [path, id])),
    absent: new Set(index.entries.filter(({ isAbsent, path }) => isAbsent && !ids.has(path)).map(({ path }) => path)),
    shared: sharedTexts(files, ids),
  };
}

function withoutFolders(files: ProjectFiles, folders: readonly string[]): ProjectFiles {
  if (folders.length === 0) return files;
  const isIn = (path: string) => folders.some((folder) => path.startsWith(`${folder}/`));
  return {
    entries: files.entries.filter(({ path }) => !isIn(path)),
    text: (path) => (isIn(path) ? null : files.text(path)),
  };
}

type Place = { root: string; files: ProjectFiles; index: GitIndex; stats: ReadonlyMap<string, Stats> };

function idsOf({ root, files, index, stats }: Place): Map<string, string> {
  const known = new Map(index.entries.map((entry) => [entry.path, entry]));
  const ids = new Map<string, string>();
  for (const { path } of files.entries) {
    const [entry, state] = [known.get(path), stats.get(path)];
    const isKnown = entry !== undefined && state !== undefined && isAsIndexed(state, entry, index.written);
    const id = isKnown ? entry.id : contentId(join(root, path));
    if (id !== null) ids.set(path, id);
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

function sharedTexts(files: ProjectFiles, ids: ReadonlyMap<string, string>): SharedTexts {
  const pathOf = new Map([...ids].map(([path, id]) => [id, path]));
  return {
    has: (id) => pathOf.has(id),
    textOf(id) {
      const path = pathOf.get(id);
      return path === undefined ? null : files.text(path);
    },
  };
}
