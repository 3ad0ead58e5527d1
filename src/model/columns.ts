import type { AssetKey } from './identifiers.ts';

/** A column of an asset that something reads. Names are folded as `readColumns` folds them: unquoted, in small letters. */
export type ColumnUse = { key: AssetKey; column: string };

/**
 * What an asset reads and makes, column by column. Null means that it cannot be told. `outputs`: in order, each with what it is made
 * from; `rows`: what decides which rows there are; `uses`: all that is read at all; `stars`: read by `*`, so that each
 * column passes through, a new one as well. `passes`: it only holds data, so that what comes in goes out, column by column.
 */
export type AssetColumns = {
  key: AssetKey;
  outputs: { name: string; from: ColumnUse[] | null }[] | null;
  rows: ColumnUse[] | null;
  uses: ColumnUse[] | null;
  stars: AssetKey[];
  passes?: true;
};

/** The columns of an asset that only holds what these feed to it. */
export function passingColumns(key: AssetKey, from: readonly AssetKey[]): AssetColumns {
  return { key, outputs: null, rows: [], uses: [], stars: [...from], passes: true };
}
