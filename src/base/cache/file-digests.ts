import { createHash } from 'node:crypto';
import {
  type BigIntStats,
  closeSync,
  constants,
  fstatSync,
  openSync,
  readdirSync,
  readFileSync,
  statSync,
} from 'node:fs';
import { join } from 'node:path';

/**
 * Digests of what is on the disk now, each read once. Paths are absolute. Nothing throws: what is not there, is no regular
 * file or cannot be read has a digest of its own.
 */
export type FileDigests = {
  /** Of a file's bytes: 64 hex digits, `absent`, `folder` or `unreadable`. */
  of(path: string): string;
  /** Of the names in a folder and which of them are folders; `absent` where there is none. */
  listing(path: string): string;
  /** The names in a folder; empty where there is none. */
  names(path: string): readonly string[];
  kind(path: string): 'file' | 'folder' | 'absent';
  /** Notes how these files are now, before something reads them that says only afterwards what it read. */
  witness(paths: Iterable<string>): void;
  /** Whether each of these files is still as it was when it was noted, or else when its digest was taken. */
  areUnchanged(paths: Iterable<string>): boolean;
  /** The files below a folder, as `filesBelow`; `anew`: as they are now, else as they were when it was first asked. */
  below(folder: string, skips: SkipsFolder, anew: boolean): readonly string[];
  /** Lets all that `act` asks about what is unchanged be told from one look at each file. */
  atOnce<Told>(act: () => Told): Told;
  /** What changes when one of these files is written or another takes its place. */
  seal(paths: Iterable<string>): string;
  /** Whether this file or folder was as it is now already at that time, in milliseconds; by the clock of its file system. */
  isOlderThan(path: string, time: number): boolean;
};

/** File systems note times in steps of up to this many milliseconds. */
const CLOCK_STEP = 50;

type Known = { digest: string; seal: string };

export function fileDigests(): FileDigests {
  const files = new Map<string, Known>();
  const noted = new Map<string, string>();
  const listings = new Map<string, string>();
  const names = new Map<string, readonly string[]>();
  const kinds = new Map<string, 'file' | 'folder' | 'absent'>();
  const walks = new Map<string, readonly string[]>();
  let looks: Map<string, string> | null = null;
  let walksNow: Map<string, readonly string[]> | null = null;
  const sealNow = (path: string) =>
    looks === null ? sealOf(statOf(path)) : remembered(looks, path, (one) => sealOf(statOf(one)));
  return {
    of: (path) => remembered(files, path, digestFile).digest,
    listing: (path) => remembered(listings, path, digestListing),
    names: (path) =>
      remembered(names, path, (folder) =>
        entriesOf(folder)
          .map(({ name }) => name)
          .sort(),
      ),
    kind: (path) => remembered(kinds, path, kindOf),
    witness(paths) {
      for (const path of paths) noted.set(path, sealOf(statOf(path)));
    },
    areUnchanged(paths) {
      for (const path of paths) {
        const seal = noted.get(path) ?? files.get(path)?.seal;
        if (seal !== undefined && seal !== sealNow(path)) return false;
      }
      return true;
    },
    below(folder, skips, anew) {
      const walk = (at: string) => filesBelow(at, skips);
      const known = anew ? walksNow : walks;
      return known === null ? walk(folder) : remembered(known, folder, walk);
    },
    atOnce(act) {
      looks = new Map();
      walksNow = new Map();
      try {
        return act();
      } finally {
        looks = null;
        walksNow = null;
      }
    },
    seal: (paths) => [...paths].map((path) => `${path} ${sealOf(statOf(path))}`).join('\n'),
    isOlderThan(path, time) {
      const stats = statOf(path);
      return stats === null || Number(stats.ctimeMs) < time - CLOCK_STEP;
    },
  };
}

function remembered<Value>(known: Map<string, Value>, path: string, read: (path: string) => Value): Value {
  const found = known.get(path) ?? read(path);
  known.set(path, found);
  return found;
}

function digestFile(path: string): Known {
  const stats = statOf(path);
  const seal = sealOf(stats);
  if (stats === null) return { digest: 'absent', seal };
  if (stats.isDirectory()) return { digest: 'folder', seal };
  const bytes = stats.isFile() ? bytesOf(path) : null;
  return { digest: bytes === null ? 'unreadable' : createHash('sha256').update(bytes).digest('hex'), seal };
}

/** What changes whenever the file is written or another takes its place. */
function sealOf(stats: BigIntStats | null): string {
  return stats === null ? '' : `${stats.dev}/${stats.ino}/${stats.size}/${stats.mtimeNs}/${stats.ctimeNs}`;
}

function statOf(path: string): BigIntStats | null {
  try {
    return statSync(path, { bigint: true });
  } catch {
    return null;
  }
}

/** A file's text whatever its encoding, letter for byte; null when there is none. */
export function bytesAsText(path: string): string | null {
  const bytes = bytesOf(path);
  return bytes === null ? null : Buffer.from(bytes).toString('latin1');
}

/** Opened without waiting, so that a pipe that took the file's place cannot hold the reader. */
function bytesOf(path: string): Uint8Array | null {
  try {
    const descriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      return fstatSync(descriptor).isFile() ? readFileSync(descriptor) : null;
    } finally {
      closeSync(descriptor);
    }
  } catch {
    return null;
  }
}

function digestListing(path: string): string {
  try {
    const names = readdirSync(path, { withFileTypes: true })
      .filter(({ name }) => name !== '__pycache__')
      .map((entry) => `${entry.isDirectory() ? 'd' : entry.isSymbolicLink() ? 'l' : 'f'} ${entry.name}`)
      .sort();
    return createHash('sha256').update(JSON.stringify(names)).digest('hex');
  } catch {
    return 'absent';
  }
}

function kindOf(path: string): 'file' | 'folder' | 'absent' {
  const stats = statOf(path);
  return stats === null ? 'absent' : stats.isDirectory() ? 'folder' : 'file';
}

/** Whether a folder is left out; `beside` are the names next to it, `inside` says whether a name is in it. */
export type SkipsFolder = (name: string, beside: ReadonlySet<string>, inside: (name: string) => boolean) => boolean;

/** The files below a folder, sorted. Absolute; links are followed, each folder is walked once. */
export function filesBelow(folder: string, skips: SkipsFolder): string[] {
  const found: string[] = [];
  const seen = new Set<string>();
  const walk = (at: string) => {
    const stats = statOf(at);
    const identity = stats === null ? '' : `${stats.dev}/${stats.ino}`;
    if (stats?.isDirectory() !== true || seen.has(identity)) return;
    seen.add(identity);
    const entries = entriesOf(at);
    const beside = new Set(entries.map(({ name }) => name));
    for (const entry of entries) {
      const path = join(at, entry.name);
      const isFolder = entry.isSymbolicLink() ? kindOf(path) === 'folder' : entry.isDirectory();
      if (!isFolder) found.push(path);
      else if (!skips(entry.name, beside, (name) => kindOf(join(path, name)) !== 'absent')) walk(path);
    }
  };
  walk(folder);
  return found.sort();
}

function entriesOf(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}
