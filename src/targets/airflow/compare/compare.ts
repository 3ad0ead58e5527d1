import type { Asset } from '../../../model/asset.ts';
import type { AssetChange } from '../../../model/change.ts';
import type { AssetKey } from '../../../model/identifiers.ts';
import { changeOf, type Said } from '../../code-changes/said.ts';
import type { CompareInput, PartRevision } from '../../contract.ts';
import { type Comparison, openComparison } from './comparison.ts';
import { factChanges } from './dag-facts.ts';
import { fileSaid } from './file-said.ts';
import { unclearChanges, unclearFiles } from './unclear-dags.ts';

/**
 * What a change does to each DAG of a part, from text alone: the facts of both revisions, what the code means that its file
 * reaches, the files that this code reads, and the settings, values and packages that it runs with.
 */
export async function compare({ base, head, changed }: CompareInput): Promise<AssetChange[]> {
  if (base === null || head === null) return oneSided(base ?? head, head !== null);
  const [before, after] = [dagsOf(base), dagsOf(head)];
  const comparison = await openComparison({ base, head, changed });
  const unclear = unclearFiles(base);
  const changes = [...new Set([...before.keys(), ...after.keys()])].sort().flatMap((key) => {
    const [was = [], is = []] = [before.get(key), after.get(key)];
    if (was.length === 0) return isNew(key, is, unclear);
    if (is.length === 0) return [{ key, effect: 'breaking' as const, because: 'It is gone.', columns: null }];
    return changeOf(key, pairSaid(comparison, was, is)) ?? [];
  });
  return [...changes, ...unclearChanges(comparison)];
}

/** A DAG that could not be named in the base may have been there. */
function isNew(key: AssetKey, is: readonly Asset[], unclear: ReadonlyMap<string, unknown>): AssetChange {
  return is.some(({ path }) => unclear.has(path ?? ''))
    ? { key, effect: 'unknown', because: 'Its file made DAGs before whose ids could not be told.', columns: null }
    : { key, effect: 'compatible', because: 'It is new.', columns: null };
}

function oneSided(part: PartRevision | null, comes: boolean): AssetChange[] {
  const dags = part === null ? [] : [...dagsOf(part).keys()];
  return dags.sort().map((key) => ({
    key,
    effect: comes ? 'compatible' : 'breaking',
    because: comes ? 'It is new.' : 'It is gone with its part.',
    columns: null,
  }));
}

/** More than one file may make a DAG of one id, though only one of them wins. */
function dagsOf(part: PartRevision): Map<AssetKey, Asset[]> {
  const dags = part.discovery.assets.filter((asset) => asset.kind === 'airflow:dag' && asset.path !== null);
  return Map.groupBy(dags, (asset) => asset.key);
}

function pairSaid(comparison: Comparison, was: readonly Asset[], is: readonly Asset[]): Said[] {
  const [only, now] = [was[0], is[0]];
  if (was.length === 1 && is.length === 1 && only !== undefined && now !== undefined)
    return dagSaid(comparison, only, now);
  const pairs = was.flatMap((asset) =>
    is.filter(({ path }) => path === asset.path).map((other) => [asset, other] as const),
  );
  const met = pairs.length === was.length && pairs.length === is.length;
  const said = pairs.flatMap(([one, other]) => dagSaid(comparison, one, other));
  return met ? said : [...said, { effect: 'unknown', because: 'more than one file makes it, and they are others now' }];
}

function dagSaid(comparison: Comparison, was: Asset, is: Asset): Said[] {
  const read = factChanges(was, is);
  const { code, rest, touched } = fileSaid(comparison, was, is);
  // Only Python differs and it means the same: then facts that differ were read from it less well in one of the two.
  const facts = comparison.onlyPython && code.length + rest.length === 0 ? read.filter(isShown) : read;
  // What the facts say of the DAG's own file is said better by them.
  const explained = facts.some(({ effect }) => effect === 'breaking');
  const told = code.filter(({ own }) => !(own && explained)).map(({ said }) => said);
  const said = [...facts, ...told, ...rest, ...comparison.everywhere];
  if (said.length > 0 || !touched) return said;
  const how = was.path === is.path ? 'only the text differs: it does' : `it moved to \`${is.path}\` and does`;
  return [{ effect: 'none', because: `${how} what it did` }];
}

function isShown({ effect }: Said): boolean {
  return effect === 'none' || effect === 'compatible';
}
