import { canonicalJson } from '../../model/json.ts';
import type { ProjectFiles } from '../../model/project-files.ts';
import type { DiscoverInput, Target } from '../../targets/contract.ts';

const known = new WeakMap<ProjectFiles, Map<string, readonly string[] | null>>();

/** The folders that a part may look at; null for all. Worked out once for the same files and part. */
export function foldersOf(target: Target, { files, part }: DiscoverInput): readonly string[] | null {
  const ofFiles = known.get(files) ?? new Map<string, readonly string[] | null>();
  known.set(files, ofFiles);
  const key = canonicalJson([target.id, part]);
  const found = ofFiles.get(key);
  if (found !== undefined) return found;
  const folders = target.inputFolders?.({ files, part }) ?? null;
  ofFiles.set(key, folders);
  return folders;
}
