import type { AssetChange } from '../model/change.ts';
import { plainEnvironment } from '../model/environment.ts';
import type { Json, JsonObject } from '../model/json.ts';
import { textsAsFiles } from '../model/texts-as-files.ts';
import type { PartRevision, Target } from './contract.ts';

export type Texts = { [path: string]: string };
type Revision = { texts: Texts; values?: { [name: string]: Json } };

/** What a target says of two revisions of a part named `x`, given as texts; `values` are those of the environment `prod`. */
export async function compareTexts(
  target: Target,
  settings: JsonObject,
  revisions: { base: Revision; head: Revision },
): Promise<AssetChange[]> {
  if (target.compare === null) throw new Error(`${target.id} compares nothing`);
  const [base, head] = [revisions.base, revisions.head].map((revision) => read(target, settings, revision));
  return target.compare({ base: (await base) ?? null, head: (await head) ?? null });
}

async function read(target: Target, settings: JsonObject, { texts, values = {} }: Revision): Promise<PartRevision> {
  const part = { name: 'x', settings };
  const files = textsAsFiles(texts);
  return {
    files,
    part,
    discovery: await target.discover({ files, part }),
    environments: [plainEnvironment('prod', values)],
  };
}
