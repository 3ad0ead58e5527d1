import type { Asset } from '../../../model/asset.ts';
import type { AssetChange } from '../../../model/change.ts';
import { normalFolder } from '../../../model/path-schema.ts';
import { pathsInside } from '../../../model/paths-inside.ts';
import { sumUp } from '../../../model/sum-up.ts';
import type { CompareInput, PartRevision } from '../../contract.ts';
import { KafkaPart } from '../config.ts';
import { compareSchemaTexts, schemaSources } from './compare-schema-texts.ts';
import { topicRemarks } from './topic-remarks.ts';
import { topicsOf } from './topics-of.ts';

/** Topics by what their entries say, schemas by whether old and new can read each other's records. */
export async function compare({ base, head }: CompareInput): Promise<AssetChange[]> {
  if (base === null || head === null) return [];
  return [...topicChanges(base, head), ...(await schemaChanges(base, head))];
}

function topicChanges(base: PartRevision, head: PartRevision): AssetChange[] {
  const [before, after] = [topicsOf(base), topicsOf(head)];
  return [...after].flatMap(([key, topic]) => {
    const old = before.get(key);
    if (old === undefined || (old.text === topic.text && old.file === topic.file)) return [];
    const remarks = old.text === topic.text ? [] : topicRemarks(old.topic, topic.topic);
    return [sumUp(key, remarks, 'Only how its entry is written or described differs.')];
  });
}

async function schemaChanges(base: PartRevision, head: PartRevision): Promise<AssetChange[]> {
  const before = new Map(schemas(base).map((asset) => [asset.key, asset]));
  const changes: AssetChange[] = [];
  for (const asset of schemas(head)) {
    const old = before.get(asset.key);
    if (old === undefined || old.path === null || asset.path === null) continue;
    const texts = { base: base.files.text(old.path), head: head.files.text(asset.path) };
    const others = { base: sourcesBeside(base, asset), head: sourcesBeside(head, asset) };
    const same = texts.base === texts.head && JSON.stringify(others.base) === JSON.stringify(others.head);
    if (!same) changes.push(await compareSchemaTexts({ asset, texts, others }));
  }
  return changes;
}

function schemas({ discovery }: PartRevision): Asset[] {
  return discovery.assets.filter((asset) => asset.kind === 'kafka:schema');
}

/** Other files of the part that a Protobuf schema may import. */
function sourcesBeside({ files, part }: PartRevision, asset: Asset): { name: string; text: string }[] {
  if (asset.path?.endsWith('.proto') !== true) return [];
  const folder = normalFolder(KafkaPart.parse(part.settings).path);
  const paths = pathsInside(files.entries, folder).filter((path) => path.endsWith('.proto') && path !== asset.path);
  return schemaSources(asset.path, folder, paths, files.text);
}
