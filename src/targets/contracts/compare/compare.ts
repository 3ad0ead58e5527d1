import { readYamlDocuments } from '../../../base/yaml/yaml-document.ts';
import type { AssetChange } from '../../../model/change.ts';
import { type AssetKey, assetKey } from '../../../model/identifiers.ts';
import { canonicalJson } from '../../../model/json.ts';
import { sumUp } from '../../../model/sum-up.ts';
import type { CompareInput, PartRevision } from '../../contract.ts';
import { contractIn } from '../contract-files.ts';
import { contractRemarks } from './contract-remarks.ts';

type Written = { said: { [key: string]: unknown }; text: string; file: string | null };

/** Contracts by what they promise: a promise that is withdrawn or weaker breaks who relies on it. */
export async function compare({ base, head }: CompareInput): Promise<AssetChange[]> {
  if (base === null || head === null) return [];
  const [before, after] = [contractsOf(base), contractsOf(head)];
  return [...after].flatMap(([key, contract]) => {
    const old = before.get(key);
    if (old === undefined || (old.text === contract.text && old.file === contract.file)) return [];
    return [sumUp(key, contractRemarks(old.said, contract.said), 'Only how it is written or described differs.')];
  });
}

function contractsOf({ files, discovery }: PartRevision): Map<AssetKey, Written> {
  const own = discovery.assets.filter((asset) => asset.kind === 'contract');
  const found = new Map<AssetKey, Written>();
  for (const path of new Set(own.flatMap((asset) => asset.path ?? []))) {
    const file = files.text(path);
    for (const { value } of readYamlDocuments(file ?? '')) {
      const contract = contractIn(value);
      const key = assetKey('contract', contract?.id ?? '');
      if (contract === null || value === null || typeof value !== 'object' || found.has(key)) continue;
      found.set(key, { said: { ...value }, text: canonicalJson(value), file });
    }
  }
  return found;
}
