import type { AssetColumns, ColumnUse } from '../../model/columns.ts';
import { type AssetKey, parseAssetKey } from '../../model/identifiers.ts';
import type { Json } from '../../model/json.ts';
import type { PartRevision } from '../contract.ts';

/**
 * The columns that runs were seen to make, and of what. `uses` is never known: another run may use other columns, so nothing that was seen proves
 * that one is not read.
 */
export async function columns({ discovery }: PartRevision, wanted: ReadonlySet<AssetKey>): Promise<AssetColumns[]> {
  return discovery.assets
    .filter(({ key, kind }) => kind === 'openlineage:job' && wanted.has(key))
    .map(({ key, facts }) => ({
      key,
      outputs: Array.isArray(facts.columns) ? facts.columns.flatMap(output) : null,
      rows: usesIn(facts.rows),
      uses: null,
      stars: [],
    }));
}

function output(value: Json): { name: string; from: ColumnUse[] | null }[] {
  if (value === null || typeof value !== 'object' || Array.isArray(value) || typeof value.name !== 'string') return [];
  return [{ name: value.name, from: value.from === null ? null : usesIn(value.from) }];
}

function usesIn(value: Json | undefined): ColumnUse[] {
  return (Array.isArray(value) ? value : []).flatMap((one) => {
    const said = one !== null && typeof one === 'object' && !Array.isArray(one) ? one : {};
    const key = typeof said.key === 'string' ? parseAssetKey(said.key) : null;
    return key === null || typeof said.column !== 'string' ? [] : [{ key, column: said.column }];
  });
}
