import { lstatSync, readdirSync, readFileSync, type Stats } from 'node:fs';
import { join } from 'node:path';
import ignore, { type Ignore } from 'ignore';
import type { FileEntry } from '../../model/project-files.ts';
import { type GitIndex, openIndex } from './read-git-index.ts';
import { isSameState, isSettled } from './same-state.ts';

/** What stands in a folder under a name. `stats` are of it itself, not of what a link names; null where they cannot be had. */
export type Child = {
  name: string;
  /** Relative to the project. */
  path: string;
  real: string;
  kind: 'file' | 'folder' | 'link' | 'other';
  stats: Stats | null;
};

/** A folder as it is now: its children by name, sorted. */
export type FolderState = { children: readonly Child[]; names: ReadonlySet<string> };

/**
 * What a walk over a project asks of its disk. Each question is answered by what is on the disk then; what is kept from one walk to the next
 * are names, compiled .gitignore files and Git's index, each for as long as the disk shows that it is what it was.
 */
export type TreeFolders = {
  /** Before each walk: what the last one did not come by is forgotten. */
  begin(): void;
  /** Throws what the system says of a folder that cannot be read. */
  folder(path: string, real: string): FolderState;
  /** The rules of the .gitignore in a folder; null when it cannot be read. */
  rules(real: string): Ignore | null;
  index(root: string): GitIndex | null;
  /** The entry of a file: the same object while it says the same. */
  entry(path: string, stats: Stats): FileEntry;
};

type KeptFolder = { real: string; listed: readonly string[]; places: readonly Place[]; names: ReadonlySet<string> };
type Place = Pick<Child, 'name' | 'path' | 'real'>;
type KeptRules = { stats: Stats; looked: number; rules: Ignore };

export function openFolders(): TreeFolders {
  const index = openIndex();
  let before = new Map<string, KeptFolder>();
  let now = new Map<string, KeptFolder>();
  const rules = new Map<string, KeptRules>();
  let entriesBefore = new Map<string, FileEntry>();
  let entries = new Map<string, FileEntry>();
  return {
    begin() {
      [before, now] = [now, new Map()];
      [entriesBefore, entries] = [entries, new Map()];
    },
    folder(path, real) {
      const listed = readdirSync(real);
      const known = before.get(path);
      const kept = known?.real === real && isSameList(known.listed, listed) ? known : placed(path, real, listed);
      now.set(path, kept);
      return { children: childrenOf(kept), names: kept.names };
    },
    rules(real) {
      try {
        const file = join(real, '.gitignore');
        const looked = Date.now();
        const stats = lstatSync(file);
        const known = rules.get(file);
        // What a link leads to may change while the link does not.
        if (known !== undefined && stats.isFile() && isSameState(known.stats, stats) && isSettled(stats, known.looked))
          return known.rules;
        const read = { stats, looked, rules: ignore().add(readFileSync(file, 'utf8')) };
        rules.set(file, read);
        return read.rules;
      } catch {
        return null;
      }
    },
    index,
    entry(path, { size, mode }) {
      const executable = (mode & 0o100) !== 0;
      const known = entriesBefore.get(path);
      const entry = known?.size === size && known.executable === executable ? known : { path, size, executable };
      entries.set(path, entry);
      return entry;
    },
  };
}

function isSameList(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((name, at) => name === b[at]);
}

function placed(folder: string, real: string, listed: readonly string[]): KeptFolder {
  const names = listed.toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  const places = names.map((name) => ({
    name,
    path: folder === '' ? name : `${folder}/${name}`,
    real: join(real, name),
  }));
  return { real, listed, places, names: new Set(names) };
}

/** What went away in this moment is left out. */
function childrenOf({ real, places }: KeptFolder): Child[] {
  const children: Child[] = [];
  try {
    for (const { name, path, real: place } of places) {
      const stats = lstatSync(place, { throwIfNoEntry: false });
      if (stats !== undefined) children.push({ name, path, real: place, kind: kindOf(stats), stats });
    }
    return children;
  } catch {
    return unknownChildren(real, places);
  }
}

/** Of a folder whose files nobody may look at, the system still says what they are. */
function unknownChildren(real: string, places: readonly Place[]): Child[] {
  const kinds = new Map(readdirSync(real, { withFileTypes: true }).map((found) => [found.name, kindOf(found)]));
  return places.flatMap((place) => {
    const kind = kinds.get(place.name);
    return kind === undefined ? [] : [{ ...place, kind, stats: null }];
  });
}

function kindOf(found: Pick<Stats, 'isFile' | 'isDirectory' | 'isSymbolicLink'>): Child['kind'] {
  if (found.isFile()) return 'file';
  if (found.isDirectory()) return 'folder';
  return found.isSymbolicLink() ? 'link' : 'other';
}
