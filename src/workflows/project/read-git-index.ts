import { readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';

/**
 * The files below `root` that Git tracks, which are part of the project even where .gitignore names them. Read from the
 * index itself, as running git would obey the repository's own settings. Null without a repository or readable index.
 */
export function trackedFiles(root: string): Set<string> | null {
  for (let at = root; ; at = dirname(at)) {
    const stats = statSync(join(at, '.git'), { throwIfNoEntry: false });
    if (stats !== undefined) return inRoot(indexOf(at, stats.isDirectory()), relative(at, root).split(sep).join('/'));
    if (dirname(at) === at) return null;
  }
}

/** A worktree's `.git` is a file that names its folder. */
function indexOf(repository: string, isFolder: boolean): string[] | null {
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
    return pathsInIndex(readFileSync(join(folder, 'index')));
  } catch {
    return null;
  }
}

function inRoot(paths: string[] | null, prefix: string): Set<string> | null {
  if (paths === null) return null;
  const start = prefix === '' ? '' : `${prefix}/`;
  return new Set(paths.filter((path) => path.startsWith(start)).map((path) => path.slice(start.length)));
}

/** Paths in an index of version 2 to 4; null for any other. */
function pathsInIndex(bytes: Buffer): string[] | null {
  if (bytes.length < 12 || bytes.toString('latin1', 0, 4) !== 'DIRC') return null;
  const version = bytes.readUInt32BE(4);
  const count = bytes.readUInt32BE(8);
  if (version < 2 || version > 4) return null;
  const paths: string[] = [];
  let previous = '';
  let at = 12;
  for (let index = 0; index < count && at + 62 < bytes.length; index += 1) {
    const isExtended = (bytes.readUInt16BE(at + 60) & 0x4000) !== 0;
    const start = at + 62 + (isExtended ? 2 : 0);
    const kept = version === 4 ? shortened(bytes, start, previous) : { prefix: '', from: start };
    const end = bytes.indexOf(0, kept.from);
    if (end === -1) break;
    previous = kept.prefix + bytes.toString('utf8', kept.from, end);
    paths.push(previous);
    at = version === 4 ? end + 1 : at + Math.ceil((end + 1 - at) / 8) * 8;
  }
  return paths;
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
