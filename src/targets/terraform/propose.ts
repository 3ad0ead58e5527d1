import type { ProjectFiles } from '../../model/project-files.ts';
import { folderOf, isSampleOrTest, uniqueNames } from '../../model/proposals.ts';
import type { ProposedPart } from '../contract.ts';

/** Folders that are run by themselves: with a backend or a provider of their own, and not used as a module. */
export async function propose(files: ProjectFiles): Promise<ProposedPart[]> {
  const byFolder = new Map<string, string[]>();
  for (const { path } of files.entries) {
    if (!path.endsWith('.tf') || isSampleOrTest(path) || /(^|\/)(modules?|examples?)\//.test(path)) continue;
    byFolder.set(folderOf(path), [...(byFolder.get(folderOf(path)) ?? []), files.text(path) ?? '']);
  }
  const used = modulesUsed(byFolder);
  const stacks = [...byFolder]
    .filter(([folder, texts]) => !used.has(folder) && texts.some(isStack))
    .map(([folder]) => folder);
  const names = uniqueNames(stacks, (folder) => folder || 'root');
  return stacks.map((folder, index) => ({
    name: names[index] ?? folder,
    settings: { path: folder || '.' },
    because: `${folder || 'the root'} has a Terraform backend or provider`,
  }));
}

function isStack(text: string): boolean {
  return /^\s*(provider|resource)\s+"/m.test(text) || /\bbackend\s+"/.test(text);
}

/** Folders that another one names as the source of a module. */
function modulesUsed(byFolder: ReadonlyMap<string, string[]>): Set<string> {
  const used = new Set<string>();
  for (const [folder, texts] of byFolder) {
    for (const found of texts.join('\n').matchAll(/\bsource\s*=\s*"(\.[^"]*)"/g))
      used.add(joined(folder, found[1] ?? ''));
  }
  return used;
}

function joined(folder: string, path: string): string {
  const steps = folder === '' ? [] : folder.split('/');
  for (const step of path.split('/')) {
    if (step === '..') steps.pop();
    else if (step !== '.' && step !== '') steps.push(step);
  }
  return steps.join('/');
}
