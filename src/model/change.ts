import type { AssetKey } from './identifiers.ts';

/**
 * What a change does to an asset, from nothing to worst. `none`: it does what it did. `compatible`: what its consumers read
 * is still there and still means the same. `breaking`: it is not. `unknown`: could not be told, and is treated as breaking.
 */
export const effects = ['none', 'compatible', 'unknown', 'breaking'] as const;
export type Effect = (typeof effects)[number];

/** A column of a changed asset that is not as it was. Names are as the code writes them, unquoted. */
export type ColumnChange = { name: string; change: 'added' | 'removed' | 'changed' };

/**
 * What a change does to one asset, with the reason as one sentence. `columns`: all columns that are not as they were, where
 * only these differ and the rows are the same; null where that cannot be said, and then every column may differ.
 */
export type AssetChange = { key: AssetKey; effect: Effect; because: string; columns: ColumnChange[] | null };

/** The worse of two effects. */
export function worse(a: Effect, b: Effect): Effect {
  return effects.indexOf(a) >= effects.indexOf(b) ? a : b;
}
