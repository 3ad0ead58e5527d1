import type { Finding } from '../../model/finding.ts';
import { isInside } from '../../model/path-schema.ts';

/** The findings for changed files that lie in no part of the project and are nothing that Headgate itself reads. */
export function looseFiles(input: {
  /** Paths whose content differs, with the word for how. */
  changed: readonly { path: string; change: 'added' | 'removed' | 'changed' }[];
  /** Folders and files that the parts of either revision name. */
  places: readonly string[];
  /** Files and folders that decide for all parts: headgate.yaml, the environments, the lock. */
  ofProject: readonly string[];
}): Finding[] {
  const known = [...input.places, ...input.ofProject];
  return input.changed
    .filter(({ path }) => !known.some((place) => isInside(path, place)))
    .map(({ path, change }) => ({
      check: 'impact-loose-file',
      asset: null,
      path,
      line: null,
      status: 'failed',
      severity: 'note',
      message: `This file was ${change} and is not part of any asset.`,
      hint: 'If something depends on it, name its folder in a part of headgate.yaml.',
    }));
}
