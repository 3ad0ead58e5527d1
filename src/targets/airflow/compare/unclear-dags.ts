import type { Asset } from '../../../model/asset.ts';
import type { AssetChange } from '../../../model/change.ts';
import type { PartRevision } from '../../contract.ts';
import { dagKey } from '../dag-assets.ts';
import { filesWithUnclearDags } from '../unclear-ids.ts';
import type { Comparison } from './comparison.ts';
import { fileSaid } from './file-said.ts';

/**
 * DAGs that no one can name from the text: where what is behind their file differs they are unknown, all under one key that holds `*` for
 * what is not known of their ids.
 */
export function unclearChanges(comparison: Comparison): AssetChange[] {
  const [before, after] = [unclearFiles(comparison.base), unclearFiles(comparison.head)];
  return [...new Set([...before.keys(), ...after.keys()])].sort().flatMap((path) => {
    const because = difference(comparison, path);
    if (because === null) return [];
    const ids = new Set([...(before.get(path) ?? []), ...(after.get(path) ?? [])]);
    return [...ids].sort().map((id) => ({ key: dagKey(id), effect: 'unknown' as const, because, columns: null }));
  });
}

export function unclearFiles({ discovery }: PartRevision): Map<string, string[]> {
  return filesWithUnclearDags(discovery.findings);
}

function difference(comparison: Comparison, path: string): string | null {
  const file = `\`${path}\`, which makes DAGs whose ids are known only when it runs,`;
  if (comparison.base.files.text(path) === null) return `The file ${file} is new.`;
  if (comparison.head.files.text(path) === null) return `The file ${file} is gone.`;
  const asset = nameless(path);
  const { code, rest } = fileSaid(comparison, asset, asset);
  const said = [...code.map((one) => one.said), ...rest, ...comparison.everywhere];
  const [first] = said.filter(({ effect }) => effect === 'breaking' || effect === 'unknown');
  return first === undefined ? null : `The file ${file} may do something else: ${first.because}.`;
}

function nameless(path: string): Asset {
  return {
    key: dagKey('*'),
    kind: 'airflow:dag',
    name: '*',
    part: null,
    path,
    line: null,
    owner: null,
    serviceLevel: null,
    sensitivity: [],
    exactness: 'static',
    facts: {},
  };
}
