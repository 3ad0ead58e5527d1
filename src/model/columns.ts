import type { AssetKey } from './identifiers.ts';

/** A column of an asset that something reads. Names are folded as `readColumns` folds them: unquoted, in small letters. */
export type ColumnUse = { key: AssetKey; column: string };

/**
 * What an asset reads and makes, column by column. Null means that it cannot be told. `outputs`: in order, each with what it is made
 * from; `rows`: what decides which rows there are; `uses`: all that is read at all; `stars`: read by `*`, so that each
 * column passes through, a new one as well.
 */
export type AssetColumns = {
  key: AssetKey;
  outputs: { name: string; from: ColumnUse[] | null }[] | null;
  rows: ColumnUse[] | null;
  uses: ColumnUse[] | null;
  stars: AssetKey[];
};
