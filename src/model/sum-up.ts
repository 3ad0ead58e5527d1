import { type AssetChange, type ColumnChange, type Effect, worse } from './change.ts';
import type { AssetKey } from './identifiers.ts';

/** One thing about an asset that is not as it was, as a sentence. `column`: the column it is limited to, null for none. */
export type Remark = { effect: Effect; because: string; column: ColumnChange | null };

export function remark(effect: Effect, because: string, column: ColumnChange | null = null): Remark {
  return { effect, because, column };
}

/** All remarks on an asset as one change: the worst effect, told by the first that has it. Without any, `otherwise` says why nothing changes. */
export function sumUp(key: AssetKey, remarks: readonly Remark[], otherwise: string): AssetChange {
  const effect = remarks.reduce<Effect>((worst, one) => worse(worst, one.effect), 'none');
  const [first, ...others] = remarks.filter((one) => one.effect === effect);
  if (first === undefined) return { key, effect: 'none', because: otherwise, columns: null };
  const real = remarks.filter((one) => one.effect !== 'none');
  const columns = real.flatMap(({ column }) => (column === null ? [] : [column]));
  const more = others.length === 0 ? '' : ` (and ${others.length} more)`;
  return {
    key,
    effect,
    because: `${first.because.replace(/\.$/, '')}${more}.`,
    columns: effect !== 'none' && columns.length === real.length ? columns : null,
  };
}
