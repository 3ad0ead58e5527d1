import { readYamlDocuments } from '../../base/yaml/yaml-document.ts';
import type { ProjectFiles } from '../../model/project-files.ts';
import { folderOf, isSampleOrTest, outermost, uniqueNames } from '../../model/proposals.ts';
import type { ProposedPart } from '../contract.ts';
import { topicsIn } from './kafka-files.ts';

/** Folders with topics or Avro and Protobuf schemas; a `schemas` folder beside the topics belongs to them. */
export async function propose(files: ProjectFiles): Promise<ProposedPart[]> {
  const paths = files.entries.map((entry) => entry.path).filter((path) => !isSampleOrTest(path));
  const schemas = paths.filter(
    (path) => /\.avsc$/.test(path) || (/\.proto$/.test(path) && /(^|\/)(kafka|schemas?|proto|events?)\//i.test(path)),
  );
  const topics = paths.filter(
    (path) => /\.ya?ml$/.test(path) && /topic|kafka/i.test(path) && holdsTopics(files.text(path)),
  );
  const folders = outermost([...topics.map(folderOf), ...schemas.map(schemaHome)]).filter((folder) => folder !== '');
  const names = uniqueNames(folders, (folder) => folder);
  return folders.map((folder, index) => ({
    name: names[index] ?? folder,
    settings: { path: folder },
    because: `${folder} holds ${topics.some((path) => path.startsWith(`${folder}/`)) ? 'topics' : 'schemas'}`,
  }));
}

function holdsTopics(text: string | null): boolean {
  if (text === null || !/KafkaTopic|topics?\s*:|partitions/.test(text)) return false;
  return readYamlDocuments(text).some((yaml) =>
    topicsIn(yaml.value).some((topic) => topic.facts.partitions !== null || /KafkaTopic/.test(text)),
  );
}

/** The folder that is named for schemas, or the file's own. */
function schemaHome(path: string): string {
  const found = /^(.*?(?:^|\/)(?:kafka|schemas?|avro|proto|protobuf|events?))\//i.exec(path);
  return found?.[1] ?? folderOf(path);
}
