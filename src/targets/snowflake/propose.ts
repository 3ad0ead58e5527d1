import type { ProjectFiles } from '../../model/project-files.ts';
import { folderOf, isSampleOrTest, outermost, uniqueNames } from '../../model/proposals.ts';
import type { ProposedPart } from '../contract.ts';

const creates = /\bcreate\s+(or\s+replace\s+)?(secure\s+|transient\s+|dynamic\s+)*(table|view)\b/i;
const speaksSnowflake =
  /\bcreate\s+(or\s+replace\s+)?(stage|pipe|warehouse|file\s+format|stream|task|dynamic\s+table|transient\s+table)\b|\b(variant|timestamp_ntz|copy\s+grants)\b/i;

/** Folders with DDL scripts that are Snowflake's by their path or by what they say; not dbt models, not other SQL. */
export async function propose(files: ProjectFiles): Promise<ProposedPart[]> {
  const projects = files.entries
    .map((entry) => entry.path)
    .filter((path) => /(^|\/)dbt_project\.ya?ml$/.test(path))
    .map(folderOf);
  const scripts = files.entries
    .map((entry) => entry.path)
    .filter(
      (path) =>
        path.endsWith('.sql') &&
        !isSampleOrTest(path) &&
        !projects.some((folder) => folder === '' || path.startsWith(`${folder}/`)),
    )
    .filter((path) => isSnowflake(path, files.text(path)));
  const folders = outermost(scripts.map(folderOf));
  const names = uniqueNames(folders, (folder) => folder || 'snowflake');
  return folders.map((folder, index) => ({
    name: names[index] ?? folder,
    settings: { path: folder || '.' },
    because: `${folder || 'the root'} holds Snowflake DDL`,
  }));
}

function isSnowflake(path: string, text: string | null): boolean {
  return (
    text !== null &&
    !text.includes('{{') &&
    creates.test(text) &&
    (/(^|[/_-])snowflake/i.test(path) || speaksSnowflake.test(text))
  );
}
