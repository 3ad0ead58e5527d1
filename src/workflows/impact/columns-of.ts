import type { AssetColumns } from '../../model/columns.ts';
import { type AssetKey, type PartKey, partKey } from '../../model/identifiers.ts';
import { targetById } from '../../targets/registry.ts';
import { type CataloguedProject, partRevision } from './part-revision.ts';

/** The columns of these assets, from the targets that know; only answers that were asked for. */
export async function columnsOf(revision: CataloguedProject, asked: readonly AssetKey[]): Promise<AssetColumns[]> {
  const wanted = new Set(asked);
  const partOf = new Map<PartKey, Set<AssetKey>>();
  for (const { key, part } of revision.catalog.assets) {
    if (part === null || !wanted.has(key)) continue;
    partOf.set(part, (partOf.get(part) ?? new Set()).add(key));
  }
  const found: AssetColumns[] = [];
  for (const part of revision.reading.project.parts) {
    const keys = partOf.get(partKey(part.target, part.part.name));
    const { columns } = targetById(part.target);
    if (keys !== undefined && columns !== null) found.push(...(await columns(partRevision(revision, part), keys)));
  }
  return found.filter(({ key }) => wanted.has(key));
}
