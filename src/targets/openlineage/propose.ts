import type { ProjectFiles } from '../../model/project-files.ts';
import { folderOf, isSampleOrTest, outermost, uniqueNames } from '../../model/proposals.ts';
import type { ProposedPart } from '../contract.ts';

/** Folders that hold files of OpenLineage events. */
export async function propose(files: ProjectFiles): Promise<ProposedPart[]> {
  const events = files.entries
    .map((entry) => entry.path)
    .filter((path) => /\.(json|jsonl|ndjson)$/.test(path) && !isSampleOrTest(path) && isEvents(files.text(path)));
  const folders = outermost(events.map(folderOf)).filter((folder) => folder !== '');
  const names = uniqueNames(folders, (folder) => folder);
  return folders.map((folder, index) => ({
    name: names[index] ?? 'lineage',
    settings: { path: folder },
    because: `${folder} holds OpenLineage events`,
  }));
}

function isEvents(text: string | null): boolean {
  if (text === null) return false;
  const head = text.slice(0, 20_000);
  return (
    head.includes('"eventTime"') && head.includes('"runId"') && head.includes('"job"') && head.includes('"producer"')
  );
}
