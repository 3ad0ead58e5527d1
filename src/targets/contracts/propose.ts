import type { ProjectFiles } from '../../model/project-files.ts';
import { folderOf, isSampleOrTest, outermost, uniqueNames } from '../../model/proposals.ts';
import type { ProposedPart } from '../contract.ts';

/** Folders that hold YAML files of a data contract standard. */
export async function propose(files: ProjectFiles): Promise<ProposedPart[]> {
  const contracts = files.entries
    .map((entry) => entry.path)
    .filter(
      (path) =>
        /\.ya?ml$/.test(path) &&
        !isSampleOrTest(path) &&
        /^(kind:\s*["']?DataContract\b|dataContractSpecification:)/m.test(files.text(path) ?? ''),
    );
  const folders = outermost(contracts.map(folderOf));
  const names = uniqueNames(folders, (folder) => folder);
  return folders.map((folder, index) => ({
    name: names[index] ?? 'contracts',
    settings: { path: folder || '.' },
    because: `${folder || 'the root'} holds data contracts`,
  }));
}
