import type { Asset } from '../../model/asset.ts';
import type { AssetChange } from '../../model/change.ts';
import { canonicalJson, type Json } from '../../model/json.ts';
import { normalFolder } from '../../model/path-schema.ts';
import { type Application, programChanges } from '../code-changes/program-changes.ts';
import { changeOf, type Said } from '../code-changes/said.ts';
import { submitChanges } from '../code-changes/submit-changes.ts';
import type { CompareInput, PartRevision } from '../contract.ts';
import { SparkPart } from './config.ts';

/** What a change does to a Spark job: how it is started, what its code means, and what it reads and writes. */
export async function compare({ base, head, changed }: CompareInput): Promise<AssetChange[]> {
  const [was, is] = [jobOf(base), jobOf(head)];
  if (base === null || head === null || was === null || is === null) return oneSided(was, is);
  const [before, after] = [SparkPart.parse(base.part.settings), SparkPart.parse(head.part.settings)];
  const environments = { base: base.environments, head: head.environments };
  // Where the file lies is the business of the code below.
  const started = submitChanges({ base: { ...before, main: '' }, head: { ...after, main: '' }, environments });
  const code = await programChanges(applicationOf(base, before), applicationOf(head, after), changed);
  const said = [...started, ...accessSaid(was, is), ...declaredSaid(before, after), ...code.said];
  const key = is.key;
  const same: Said[] = code.touched ? [{ effect: 'none', because: 'only the text differs: it does what it did' }] : [];
  const change = changeOf(key, said.length > 0 ? said : same);
  const renamed = was.key === key ? [] : oneSided(was, null);
  return change === null ? renamed : [change, ...renamed];
}

function jobOf(part: PartRevision | null): Asset | null {
  return part?.discovery.assets.find((asset) => asset.kind === 'spark:job') ?? null;
}

function oneSided(was: Asset | null, is: Asset | null): AssetChange[] {
  if (is !== null && was === null) return [{ key: is.key, effect: 'compatible', because: 'It is new.', columns: null }];
  if (was !== null && is === null) return [{ key: was.key, effect: 'breaking', because: 'It is gone.', columns: null }];
  return [];
}

function applicationOf({ files }: PartRevision, { path, main }: SparkPart): Application {
  const folder = normalFolder(path);
  return { files, folder, main: normalFolder(`${folder}/${main}`) };
}

/** What its text says that it reads and writes. */
function accessSaid(was: Asset, is: Asset): Said[] {
  return (['reads', 'writes'] as const).flatMap((way): Said[] => {
    const [before, after] = [words(was.facts[way]), words(is.facts[way])];
    const gone = before.filter((one) => !after.includes(one));
    const fresh = after.filter((one) => !before.includes(one));
    return [
      ...gone.map((one): Said => ({ effect: 'breaking', because: `it no longer ${way} the ${one}` })),
      ...fresh.map((one): Said => ({ effect: 'breaking', because: `it ${way} the ${one} now` })),
    ];
  });
}

function words(value: Json | undefined): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}

/** What headgate.yaml says that it reads and writes decides whom it reaches, not what it does. */
function declaredSaid(before: SparkPart, after: SparkPart): Said[] {
  const declared = (part: SparkPart) => canonicalJson([part.reads ?? [], part.writes ?? []]);
  return declared(before) === declared(after)
    ? []
    : [{ effect: 'unknown', because: 'headgate.yaml says otherwise what it reads or writes' }];
}
