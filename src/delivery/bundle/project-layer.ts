import { parse } from 'yaml';
import { isInside, isProjectPath, normalFolder } from '../../model/path-schema.ts';
import type { ProjectFiles } from '../../model/project-files.ts';
import { neverPacked } from './never-packed.ts';

const PROJECT_FILE = 'headgate.yaml';
const LOCK_FILE = 'headgate.lock';

/**
 * The files that say what the project is: headgate.yaml, headgate.lock and the environments. They make the last layer of
 * a bundle.
 */
export function projectLayerPaths(files: ProjectFiles): string[] {
  const folder = environmentsFolder(files.text(PROJECT_FILE) ?? '');
  return files.entries
    .map((entry) => entry.path)
    .filter((path) => path === PROJECT_FILE || path === LOCK_FILE || isEnvironmentFile(path, folder))
    .filter((path) => neverPacked(path) === null);
}

function isEnvironmentFile(path: string, folder: string): boolean {
  return /\.ya?ml$/.test(path) && isInside(path, folder) && !path.slice(folder.length + 1).includes('/');
}

function environmentsFolder(projectFile: string): string {
  const declared: unknown = parse(projectFile);
  const folder =
    declared !== null && typeof declared === 'object' && 'environments' in declared ? declared.environments : null;
  return normalFolder(typeof folder === 'string' && isProjectPath(folder) ? folder : 'environments');
}
