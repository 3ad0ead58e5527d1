import { readYamlDocuments } from '../../../base/yaml/yaml-document.ts';
import { type AssetKey, assetKey } from '../../../model/identifiers.ts';
import { canonicalJson } from '../../../model/json.ts';
import type { PartRevision } from '../../contract.ts';
import { type FoundTopic, topicsIn } from '../kafka-files.ts';

/** A topic with its whole entry as one text, so that equal entries are quickly told, and the text of its file. */
export type WrittenTopic = { topic: FoundTopic; text: string; file: string | null };

/** The topics of a revision, each where its asset says that it is written. */
export function topicsOf({ files, discovery }: PartRevision): Map<AssetKey, WrittenTopic> {
  const topics = discovery.assets.filter((asset) => asset.kind === 'kafka:topic');
  const paths = [...new Set(topics.flatMap(({ path }) => path ?? []))];
  const found = new Map<AssetKey, WrittenTopic>();
  for (const path of paths) {
    const file = files.text(path);
    for (const { value } of readYamlDocuments(file ?? '')) {
      for (const topic of topicsIn(value)) {
        const key = assetKey('kafka:topic', topic.name);
        if (!found.has(key)) found.set(key, { topic, text: canonicalJson(topic.said), file });
      }
    }
  }
  return found;
}
