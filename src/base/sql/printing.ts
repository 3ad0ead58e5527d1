import type { Relations } from './known-outputs.ts';
import type { SqlNode } from './node-tree.ts';
import type { Scope } from './scope.ts';
import type { SqlDialect } from './sql-dialect.ts';

/**
 * What a query is printed in. `scopes`: names that are visible, the innermost first. `ctes`: what names of CTEs stand for.
 * `names`: whether names of outputs are seen from outside (`top`), by the query around it, or by nobody.
 * `careful`: something in the text is only a stand-in, so that nothing is renamed or put in another order.
 */
export type Printing = {
  dialect: SqlDialect;
  scopes: readonly Scope[];
  ctes: ReadonlyMap<string, string>;
  names: 'top' | 'inner' | 'none';
  careful: boolean;
  relations: Relations;
  /** It is not known that the database takes the text: then nothing may be left out that only most of them can do without. */
  untried: boolean;
  /** Prints what is in brackets as a query, null when it is none. */
  subquery(nodes: readonly SqlNode[], printing: Printing): string | null;
};

/** Thrown where a text is not understood after all; the texts are then compared by their tokens. */
export class NotUnderstood extends Error {}
