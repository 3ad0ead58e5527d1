import type { SqlToken } from './lex-sql.ts';
import type { SqlGroup, SqlNode } from './node-tree.ts';

/** A query by its clauses. Every token of the text is in exactly one place, so that nothing can be lost. */
export type Query = { recursive: boolean; ctes: Cte[]; branches: Branch[]; tail: Clause[] };
export type Cte = { name: SqlToken; columns: SqlGroup | null; how: string; query: Query };
/** `operator` is empty for the first, else such as `union all`. */
export type Branch = { operator: string; query: Query | null; select: Select | null };
export type Select = { lead: SqlNode[]; items: Item[]; from: FromItem[]; clauses: Clause[] };
/** `nodes` is the expression; `alias` the name it is given, `bare` when without `as`. */
export type Item = { nodes: SqlNode[]; alias: SqlToken | null; bare: boolean };
export type Clause = { keyword: string; nodes: SqlNode[] };
/**
 * `join` is how it meets what is before it: empty for the first, `,`, or such as `left`. `odd`: something in it is not
 * understood, so that names in it are left as they are.
 */
export type FromItem = {
  join: string;
  lateral: boolean;
  source: SqlNode[];
  query: Query | null;
  alias: SqlToken | null;
  bare: boolean;
  more: SqlNode[];
  condition: Clause | null;
  odd: boolean;
};

/** Whether the source is a plain table name, with dots or without. */
export function tableName(item: FromItem): SqlToken[] | null {
  const tokens = item.source.flatMap((node) => (node.kind === 'group' ? [] : [node]));
  return item.query === null && tokens.length === item.source.length && tokens.length % 2 === 1 ? tokens : null;
}

/** What the item is called in its query: its alias, or the last part of its table's name. */
export function calledAs(item: FromItem): SqlToken | null {
  return item.alias ?? tableName(item)?.at(-1) ?? null;
}
