import type { ProjectFiles } from '../../model/project-files.ts';
import type { ProposedPart } from '../contract.ts';

export async function propose(files: ProjectFiles): Promise<ProposedPart[]> {
  return files.entries.length === 0 ? [] : [];
}
