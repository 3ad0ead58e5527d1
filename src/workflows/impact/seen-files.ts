import type { FileEntry, ProjectFiles } from '../../model/project-files.ts';
import type { RevisionReading } from '../revision/read-revision.ts';

/** Which files a revision has, and Git's names of their contents. */
export type SeenFiles = { entries: readonly FileEntry[]; ids: ReadonlyMap<string, string> };

/** How two sets of files differ: paths that one alone has, and paths with other contents. */
export type SeenDifference = { lone: readonly string[]; changed: ReadonlySet<string> };

const seen = new WeakMap<ProjectFiles, SeenFiles>();

/** The same object for one reading. */
export function seenFiles({ files, ids }: RevisionReading): SeenFiles {
  const known = seen.get(files) ?? { entries: files.entries, ids };
  seen.set(files, known);
  return known;
}

const differences = new WeakMap<SeenFiles, WeakMap<SeenFiles, SeenDifference>>();

/** Worked out once for two readings. */
export function differenceOf(a: SeenFiles, b: SeenFiles): SeenDifference {
  const known = differences.get(a) ?? new WeakMap<SeenFiles, SeenDifference>();
  differences.set(a, known);
  const found = known.get(b) ?? compared(a, b);
  known.set(b, found);
  return found;
}

/** Entries are sorted by their paths. */
function compared(a: SeenFiles, b: SeenFiles): SeenDifference {
  const lone: string[] = [];
  const changed = new Set<string>();
  let [at, other] = [0, 0];
  while (at < a.entries.length || other < b.entries.length) {
    const [left, right] = [a.entries[at]?.path, b.entries[other]?.path];
    if (left !== undefined && left === right) {
      if (a.ids.get(left) !== b.ids.get(left)) changed.add(left);
      at += 1;
      other += 1;
    } else if (right === undefined || (left !== undefined && left < right)) {
      lone.push(left ?? '');
      at += 1;
    } else {
      lone.push(right);
      other += 1;
    }
  }
  return { lone, changed };
}
