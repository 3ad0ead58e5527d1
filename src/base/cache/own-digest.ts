import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { fileDigests, filesBelow } from './file-digests.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));

/** What decides Headgate's own answers: its code, the bridge, the locks of its runtimes, the versions of its packages. */
const FOLDERS = ['src', 'bridge/src', 'bridge/bin', 'bridge/locks'];
const FILES = ['package.json', 'package-lock.json'];

let known: string | null = null;

/**
 * The digest of Headgate itself on this kind of machine, so that whoever changes Headgate never sees an answer of before.
 * Read once a process; about 30 ms.
 */
export function ownDigest(): string {
  known ??= digestOf(root);
  return known;
}

/** The same for the program in `folder`. */
export function digestOf(folder: string): string {
  const digests = fileDigests();
  const hash = createHash('sha256').update(JSON.stringify([process.version, process.platform, process.arch]));
  for (const path of filesOf(folder)) hash.update(`${path.slice(folder.length)} ${digests.of(path)}\n`);
  return hash.digest('hex');
}

/** What changes when a file of the program in `folder` is written, comes or goes; nothing is read but the state of its files. */
export function sealOf(folder: string = root): string {
  return fileDigests().seal(filesOf(folder));
}

function filesOf(folder: string): string[] {
  const below = FOLDERS.flatMap((name) => filesBelow(join(folder, name), (inner) => inner === '__pycache__'));
  return [...below.filter((path) => !path.endsWith('.test.ts')), ...FILES.map((name) => join(folder, name))];
}
