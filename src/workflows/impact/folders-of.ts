import { canonicalJson } from '../../model/json.ts';
import type { ProjectFiles } from '../../model/project-files.ts';
import type { DeclaredPart, DiscoverInput, Target } from '../../targets/contract.ts';

/** Folders that a part may look at; null: everything. */
export type Folders = readonly string[] | null;

const texts = new WeakMap<DeclaredPart, Map<string, string>>();

/** A part of a target as a text that is equal for equal settings only. */
export function settingsOf(target: Target, part: DeclaredPart): string {
  const known = texts.get(part) ?? new Map<string, string>();
  texts.set(part, known);
  const text = known.get(target.id) ?? canonicalJson([target.id, part]);
  known.set(target.id, text);
  return text;
}

const known = new WeakMap<ProjectFiles, Map<string, Folders>>();

/** The folders that a part may look at. Worked out once for the same files and part. */
export function foldersOf(target: Target, { files, part }: DiscoverInput): Folders {
  if (target.inputFolders === null) return null;
  const ofFiles = known.get(files) ?? new Map<string, Folders>();
  known.set(files, ofFiles);
  const key = settingsOf(target, part);
  const found = ofFiles.get(key);
  if (found !== undefined) return found;
  const folders = target.inputFolders({ files, part });
  ofFiles.set(key, folders);
  return folders;
}
