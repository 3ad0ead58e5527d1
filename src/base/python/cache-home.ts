import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';

/**
 * Where Headgate keeps what it can always make again: HEADGATE_CACHE, else `headgate` in XDG_CACHE_HOME, else in
 * ~/.cache. Package cache and runtimes live in it together, so one file system can hard-link them.
 */
export function cacheHome(env: NodeJS.ProcessEnv = process.env): string {
  if (isUsable(env.HEADGATE_CACHE)) return env.HEADGATE_CACHE;
  if (isUsable(env.XDG_CACHE_HOME)) return join(env.XDG_CACHE_HOME, 'headgate');
  return join(env.HOME || homedir(), '.cache', 'headgate');
}

/** The XDG rules say that a relative path is to be ignored. */
function isUsable(folder: string | undefined): folder is string {
  return folder !== undefined && isAbsolute(folder);
}
