import { lstatSync, mkdirSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cacheHome } from '../../base/python/cache-home.ts';
import { helperName } from './helper-name.ts';

/** Where the helper of one project listens: a Unix socket in a folder that only its user can enter. */
export type HelperPlace = { folder: string; name: string; root: string; socket: string };

/** Addresses of Unix sockets hold 104 bytes on some systems, with the byte that ends them. */
const LONGEST_ADDRESS = 100;

const program = fileURLToPath(new URL('../../..', import.meta.url));

/** `root` is the project's real path. Null where there can be no helper: no such sockets, or a cache folder with too long a path. */
export function helperPlace(root: string, environment: NodeJS.ProcessEnv = process.env): HelperPlace | null {
  const user = process.getuid?.();
  if (user === undefined || process.platform === 'win32') return null;
  const node = `${process.version} ${process.execPath}`;
  const name = helperName({ root, program: realpathSync(program), node, user, environment });
  const folder = helperFolder(environment);
  const socket = join(folder, `${name}.sock`);
  return Buffer.byteLength(socket) > LONGEST_ADDRESS ? null : { folder, name, root, socket };
}

export function helperFolder(environment: NodeJS.ProcessEnv = process.env): string {
  return join(cacheHome(environment), 'warm');
}

/** Whether the folder is this user's alone. Somebody else's could hold a socket that answers what it likes. */
export function isOwnFolder(folder: string): boolean {
  try {
    const stats = lstatSync(folder);
    return stats.isDirectory() && stats.uid === process.getuid?.() && (stats.mode & 0o077) === 0;
  } catch {
    return false;
  }
}

/** Makes the folder where there is none. False when it is not this user's alone. */
export function makeOwnFolder(folder: string): boolean {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  } catch {
    return false;
  }
  return isOwnFolder(folder);
}
