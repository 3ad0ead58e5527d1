import pc from 'picocolors';
import type { Relative } from '../../../delivery/catalog/lineage.ts';
import type { AssetKey } from '../../../model/identifiers.ts';

/** What is near `key` as a tree: each asset once, indented below the one that leads to it on a shortest way. */
export function relativeLines(key: AssetKey, relatives: readonly Relative[]): string[] {
  if (relatives.length === 0) return ['  nothing in this project'];
  const beyond = Map.groupBy(relatives, ({ nearer }) => nearer);
  const lines: string[] = [];
  const pending = (beyond.get(key) ?? []).toReversed();
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    lines.push(`${'  '.repeat(next.distance)}${lineOf(next)}`);
    pending.push(...(beyond.get(next.key) ?? []).toReversed());
  }
  return lines;
}

function lineOf({ key, through, owner }: Relative): string {
  return `${key}${through === 'feeds' ? '' : pc.dim(`  ${through}`)}${owner === null ? '' : pc.cyan(`  ${owner}`)}`;
}
