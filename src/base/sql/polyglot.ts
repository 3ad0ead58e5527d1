import { setFlagsFromString } from 'node:v8';
import type { SqlDialect } from './sql-dialect.ts';

/** A syntax tree as the parser gives it: objects of one key name a node. */
export type SyntaxTree = { [key: string]: unknown };

let loading: Promise<{ parse(sql: string, dialect: string): unknown }> | null = null;

/** Loads the parser, which takes a fifth of a second the first time; then a parse takes one or two milliseconds. */
async function load(): Promise<{ parse(sql: string, dialect: string): unknown }> {
  compileQuickly();
  loading ??= import('@polyglot-sql/sdk').then((sdk) => ({
    // The package names its dialects in an enum whose values are these texts.
    parse: (sql, dialect) => sdk.parse(sql, dialect as Parameters<typeof sdk.parse>[1]),
  }));
  return loading;
}

/**
 * The parser is 22 MB of WebAssembly, and optimising what is run often of it takes 200 MB and half a second of other cores, which a few
 * hundred parses never pay back. V8's first compiler alone is as exact.
 */
function compileQuickly(): void {
  if (loading !== null) return;
  for (const flag of ['--liftoff-only', '--no-wasm-tier-up', '--no-wasm-dynamic-tiering']) setFlagsFromString(flag);
}

/** The one statement that the text is, or null when the parser does not take it. */
export async function parseWithPolyglot(sql: string, dialect: SqlDialect): Promise<SyntaxTree | null> {
  const { parse } = await load();
  try {
    const said = objectOf(parse(sql, dialect));
    const all = Array.isArray(said.ast) ? said.ast : [];
    return said.success === true && all.length === 1 ? objectOf(all[0]) : null;
  } catch {
    return null;
  }
}

export function objectOf(value: unknown): SyntaxTree {
  return value !== null && typeof value === 'object' && !Array.isArray(value) ? { ...value } : {};
}

export function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}
