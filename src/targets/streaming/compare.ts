import type { Asset } from '../../model/asset.ts';
import type { AssetChange } from '../../model/change.ts';
import type { AssetKey } from '../../model/identifiers.ts';
import { normalFolder } from '../../model/path-schema.ts';
import { type ProgramChanges, programChanges } from '../code-changes/program-changes.ts';
import { changeOf, type Said } from '../code-changes/said.ts';
import { submitChanges } from '../code-changes/submit-changes.ts';
import type { CompareInput, PartRevision } from '../contract.ts';
import { StreamingPart } from './config.ts';
import { streamSaid } from './stream-changes.ts';

/** What a change does to the streaming queries of an application, its state and its place in the source included. */
export async function compare({ base, head, changed }: CompareInput): Promise<AssetChange[]> {
  const [before, after] = [queriesOf(base), queriesOf(head)];
  const found: AssetChange[] = [];
  for (const key of [...new Set([...before.keys(), ...after.keys()])].sort()) {
    const [was, is] = [before.get(key), after.get(key)];
    if (was === undefined) found.push({ key, effect: 'compatible', because: 'It is new.', columns: null });
    else if (is === undefined || base === null || head === null)
      found.push({ key, effect: 'breaking', because: 'It is gone, or its name is another.', columns: null });
    else found.push(...(await queryChange({ base, head, changed, was, is })));
  }
  return found;
}

function queriesOf(part: PartRevision | null): Map<AssetKey, Asset> {
  const queries = (part?.discovery.assets ?? []).filter((asset) => asset.kind === 'streaming:query');
  return new Map(queries.map((asset) => [asset.key, asset]));
}

type Pair = { base: PartRevision; head: PartRevision; changed: CompareInput['changed']; was: Asset; is: Asset };

async function queryChange({ base, head, changed, was, is }: Pair): Promise<AssetChange[]> {
  const [before, after] = [StreamingPart.parse(base.part.settings), StreamingPart.parse(head.part.settings)];
  const environments = { base: base.environments, head: head.environments };
  const started = submitChanges({ base: { ...before, main: '' }, head: { ...after, main: '' }, environments });
  const code = await programChanges(
    { files: base.files, ...placeOf(before, was) },
    { files: head.files, ...placeOf(after, is) },
    changed,
  );
  const said = [...checkpointSaid(was, is), ...streamSaid(code.sources), ...started, ...code.said];
  const change = changeOf(is.key, said.length > 0 ? said : sameSaid(code));
  return change === null ? [] : [change];
}

function sameSaid({ touched }: ProgramChanges): Said[] {
  return touched ? [{ effect: 'none', because: 'only the text differs: it does what it did' }] : [];
}

/** Without a main file each file that starts a query is an application. */
function placeOf({ path, main }: StreamingPart, query: Asset): { folder: string; main: string } {
  const folder = normalFolder(path);
  return { folder, main: main === undefined ? (query.path ?? '') : normalFolder(`${folder}/${main}`) };
}

function checkpointSaid(was: Asset, is: Asset): Said[] {
  if (was.facts.checkpoint === is.facts.checkpoint) return [];
  return [
    { effect: 'breaking', because: 'its checkpoint is at another place, so that it starts without what it knew' },
  ];
}
