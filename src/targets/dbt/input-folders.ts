import { readYaml } from '../../base/yaml/yaml-document.ts';
import { joinPath } from '../../model/join-path.ts';
import { normalFolder } from '../../model/path-schema.ts';
import type { DiscoverInput } from '../contract.ts';
import { DbtPart } from './config.ts';
import { listOf, mapOf } from './dbt-project-texts.ts';

/** The project's own folder and those of the packages that it takes from this repository, directly or through others. */
export function inputFolders({ files, part }: DiscoverInput): string[] {
  const folders = new Set([normalFolder(DbtPart.parse(part.settings).path)]);
  for (const folder of folders) {
    for (const name of ['packages.yml', 'dependencies.yml', 'packages.yaml']) {
      const text = files.text(joinPath(folder, name));
      if (text === null || !text.includes('local')) continue;
      for (const { local } of listOf(mapOf(readYaml(text).value).packages))
        if (typeof local === 'string') folders.add(joinPath(folder, local));
    }
  }
  return [...folders];
}
