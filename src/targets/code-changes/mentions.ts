import { isInside } from '../../model/path-schema.ts';
import type { ProjectFiles } from '../../model/project-files.ts';

/** The files, other than Python, that name a file in either revision, and those that name these. */
export type Mentions = (path: string) => readonly string[];

/** Names of files, and of Python modules that are started as programs. */
const NAMED = /[\w@+-][\w.@+-]*\.\w+|-m["',\s]+([\w.]+)/g;

const most = 8_000;
const kept = new Map<string, readonly string[]>();

function namesIn(text: string): readonly string[] {
  const known = kept.get(text);
  if (known !== undefined) return known;
  const names = [...text.matchAll(NAMED)].map(([name, module]) =>
    module === undefined ? name : `${module.split('.').at(-1)}.py`,
  );
  const found = [...new Set(names)];
  if (kept.size >= most) kept.delete(kept.keys().next().value ?? '');
  kept.set(text, found);
  return found;
}

/**
 * Templates include others, scripts start others, lists of files are read: who names whom among the files of these folders. They are
 * read when the first question is asked.
 */
export function mentionsIn(
  revisions: readonly ProjectFiles[],
  folders: readonly string[],
  mayLeadOn: (path: string) => boolean,
): Mentions {
  let byName: Map<string, Set<string>> | null = null;
  const known = new Map<string, readonly string[]>();
  return (path) => {
    const before = known.get(path);
    if (before !== undefined) return before;
    byName ??= mentioned(revisions, (one) => mayLeadOn(one) && folders.some((folder) => isInside(one, folder)));
    const found = new Set<string>([path]);
    for (const one of found) for (const other of byName.get(nameOf(one)) ?? []) found.add(other);
    found.delete(path);
    known.set(path, [...found]);
    return known.get(path) ?? [];
  };
}

function mentioned(revisions: readonly ProjectFiles[], isWanted: (path: string) => boolean): Map<string, Set<string>> {
  const names = new Set(revisions.flatMap(({ entries }) => entries.map(({ path }) => nameOf(path))));
  const byName = new Map<string, Set<string>>();
  const seen = new Map<string, string>();
  for (const { entries, text } of revisions)
    for (const { path } of entries) {
      const written = isWanted(path) ? text(path) : null;
      if (written === null || seen.get(path) === written) continue;
      seen.set(path, written);
      for (const name of namesIn(written))
        if (names.has(name)) byName.set(name, (byName.get(name) ?? new Set()).add(path));
    }
  return byName;
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
