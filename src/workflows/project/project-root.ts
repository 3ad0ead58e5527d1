import { existsSync, realpathSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fail } from '../../base/errors.ts';
import { projectFileName } from '../../delivery/project/project-file-name.ts';

/**
 * The nearest folder at or above `folder` with a headgate.yaml, not leaving the Git repository; else `folder`.
 * Throws `project-folder-missing`.
 */
export function projectRoot(folder: string): string {
  const start = resolve(folder);
  if (statSync(start, { throwIfNoEntry: false })?.isDirectory() !== true)
    throw fail('project-folder-missing', { folder });
  for (let at = realpathSync(start); ; at = dirname(at)) {
    if (existsSync(join(at, projectFileName))) return at;
    if (existsSync(join(at, '.git')) || dirname(at) === at) return realpathSync(start);
  }
}
