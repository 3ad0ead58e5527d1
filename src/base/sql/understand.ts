import { agreesWithParser } from './agrees-with-parser.ts';
import { printQuery } from './canonical-query.ts';
import type { Relations } from './known-outputs.ts';
import { isKeyword, lexSql, type SqlToken } from './lex-sql.ts';
import { nodeTree, type SqlNode } from './node-tree.ts';
import { beginsQuery, parseQuery } from './parse-query.ts';
import { parseWithPolyglot } from './polyglot.ts';
import { NotUnderstood, type Printing } from './printing.ts';
import type { Query } from './query-tree.ts';
import { selectsOf } from './selects-of.ts';
import { keepsCase, type SqlDialect } from './sql-dialect.ts';
import { standIn } from './stand-in.ts';

/** A text as far as it is understood. `query` is null where only its tokens are certain. */
export type Understood = { tokens: SqlToken[]; query: Query | null; printing: Printing };

/** `untried`: nothing says yet that the database takes the text. `columnsOf`: the columns of a table, where they are known. */
type Given = { untried: boolean; columnsOf: Relations['columnsOf'] };

/** Null: not even the tokens of the text are certain. */
export async function understand(sql: string, dialect: SqlDialect, given: Given): Promise<Understood | null> {
  const tokens = lexSql(sql, dialect);
  if (tokens === null) return null;
  const nodes = nodeTree(tokens);
  const query = nodes === null ? null : parseQuery(nodes);
  const tree = query === null ? null : await parseWithPolyglot(sql, dialect);
  const isCertain = query !== null && tree !== null && agreesWithParser(query, tree) && !hasForeignJoin(query, dialect);
  return { tokens, query: isCertain ? query : null, printing: printingOf(dialect, tokens, given) };
}

const joinsOf: { [Dialect in SqlDialect]: RegExp } = {
  duckdb: /^$/,
  spark: /asof|positional/,
  snowflake: /semi|anti|positional/,
  postgres: /semi|anti|asof|positional/,
  bigquery: /semi|anti|asof|positional/,
  trino: /semi|anti|asof|positional/,
};

/** Whether it joins in a way that its database does not have: there the word is the name of the table before it. */
function hasForeignJoin(query: Query, dialect: SqlDialect): boolean {
  const selects = selectsOf(query);
  return (
    selects === null ||
    selects.some((select) => select.from.some(({ join }) => joinsOf[dialect].test(join) && join !== ''))
  );
}

function printingOf(dialect: SqlDialect, tokens: readonly SqlToken[], { untried, columnsOf }: Given): Printing {
  return {
    dialect,
    scopes: [],
    ctes: new Map(),
    names: 'top',
    untried,
    relations: { definitions: new Map(), columnsOf },
    careful: tokens.some((token) => token.text.includes(standIn)),
    subquery: printSubquery,
  };
}

function printSubquery(nodes: readonly SqlNode[], printing: Printing): string | null {
  if (!beginsQuery(nodes)) return null;
  const query = parseQuery(nodes);
  if (query === null) throw new NotUnderstood();
  return printQuery(query, { ...printing, names: 'none' });
}

/** The tokens in a line, without a semicolon at the end. Where names keep their case, it counts. */
export function tokenText(tokens: readonly SqlToken[], dialect: SqlDialect): string {
  const own = tokens.at(-1)?.text === ';' ? tokens.slice(0, -1) : tokens;
  const asWritten = (token: SqlToken) => keepsCase(dialect) && token.kind === 'word' && !isKeyword(token.text);
  return own.map((token) => (asWritten(token) ? token.raw : token.text)).join(' ');
}

/** A text that is equal for two queries only if they mean the same; null where the query is not understood. */
export function canonicalText({ query, printing }: Understood): string | null {
  if (query === null) return null;
  try {
    return printQuery(query, printing);
  } catch (error) {
    if (error instanceof NotUnderstood) return null;
    throw error;
  }
}
