import { join } from 'node:path';
import type { BridgeDagFile, BridgeRestsOn } from '../../base/bridge/shapes.ts';
import type { FileDigests } from '../../base/cache/file-digests.ts';
import { digestOf } from '../../model/identifiers.ts';

/**
 * Why a reading could come out otherwise with everything that it rests on unchanged; null when it could not. Such a reading is
 * used once and never kept.
 */
export function whyNotKept(file: BridgeDagFile): string | null {
  if (file.restsOn === undefined) return 'it is not known what it rests on';
  if (file.status !== 'ok' && file.status !== 'no-dags') return `it ended with ${file.status}`;
  if (file.topLevel.some(({ kind }) => kind === 'slow' || kind === 'subprocess'))
    return 'it is slow or starts a process';
  return file.restsOn.changing[0] ?? null;
}

export type SealInput = {
  root: string;
  restsOn: BridgeRestsOn;
  /** Names of modules that were stood in for, because nothing had them. */
  assumed: readonly string[];
  digests: FileDigests;
  /** Every name of a folder or of a file without its ending in the project. */
  projectNames: ReadonlySet<string>;
};

/**
 * The digest of all that a reading rests on, as it is now: the bytes of the files that were read, the names in the folders
 * that were listed, what stood at the places that were looked at, and what each module name would lead to.
 */
export function sealOf({ root, restsOn, assumed, digests, projectNames }: SealInput): string {
  const at = (path: string) => join(path.startsWith('/') ? '' : root, path);
  const missing = new Set(assumed.filter((name) => !name.includes(':')).map((name) => name.split('.')[0] ?? ''));
  return digestOf(
    JSON.stringify([
      restsOn.files.map((path) => [path, digests.of(at(path))]),
      restsOn.listed.map((path) => [path, digests.listing(at(path))]),
      restsOn.looked.map((path) => [path, digests.kind(at(path))]),
      restsOn.sought.map((name) => [name, restsOn.searched.map((folder) => leadsTo(name, at(folder), digests))]),
      [...missing].sort().map((name) => [name, projectNames.has(name)]),
    ]),
  );
}

/** What the import of a dotted name would find from a folder: which of its steps are there, as a package, folder or module. */
function leadsTo(name: string, folder: string, digests: FileDigests): string[] {
  const found: string[] = [];
  let at = folder;
  for (const step of name.split('.')) {
    const here = digests.names(at).filter((entry) => entry === step || entry.split('.')[0] === step);
    found.push(here.map((entry) => `${entry} ${digests.kind(join(at, entry))}`).join(','));
    if (!here.includes(step)) break;
    at = join(at, step);
    found.push(digests.names(at).filter((entry) => entry.startsWith('__init__.'))[0] ?? '');
  }
  return found;
}

/** The absolute paths of the files that a reading read and of the folders that it listed. */
export function placesIn(root: string, restsOn: BridgeRestsOn): string[] {
  return [...restsOn.files, ...restsOn.listed].map((path) => join(path.startsWith('/') ? '' : root, path));
}
