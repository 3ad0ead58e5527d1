import { folderOf, joinPath } from '../../model/join-path.ts';
import { normalFolder } from '../../model/path-schema.ts';
import { pathsInside } from '../../model/paths-inside.ts';
import type { DiscoverInput } from '../contract.ts';
import { TerraformPart } from './config.ts';

/** The stack's own folder and those of the modules of the project that it uses, directly or through others. */
export function inputFolders({ files, part }: DiscoverInput): string[] {
  const folders = new Set([normalFolder(TerraformPart.parse(part.settings).path)]);
  for (const folder of folders) {
    for (const path of pathsInside(files.entries, folder)) {
      if (!path.endsWith('.tf')) continue;
      for (const [, source = ''] of (files.text(path) ?? '').matchAll(/\bsource\s*=\s*"(\.[^"]*)"/g))
        folders.add(joinPath(folderOf(path), source));
    }
  }
  return [...folders];
}
