import { createRequire } from 'node:module';
import { setFlagsFromString } from 'node:v8';
import type { SqlDialect } from './sql-dialect.ts';

/** A syntax tree as the parser gives it: objects of one key name a node. */
export type SyntaxTree = { [key: string]: unknown };

type Parser = { parse(sql: string, dialect: string): unknown };
let loading: Promise<Parser> | null = null;

/** Loads the parser, which takes a tenth of a second with the first text; then a parse takes one or two milliseconds. */
function load(): Promise<Parser> {
  loading ??= loadNow();
  return loading;
}

/**
 * The package's build for CommonJS reads the parser from its file. The one for modules sends it through `fetch`, which takes twice the time
 * and 90 MB more for the same parser.
 */
async function loadNow(): Promise<Parser> {
  compileQuickly();
  const sdk = createRequire(import.meta.url)('@polyglot-sql/sdk') as typeof import('@polyglot-sql/sdk');
  await sdk.init();
  // The package names its dialects in an enum whose values are these texts.
  return { parse: (sql, dialect) => sdk.parse(sql, dialect as Parameters<typeof sdk.parse>[1]) };
}

/**
 * The parser is 22 MB of WebAssembly, and optimising what is run often of it takes 200 MB and half a second of other cores, which a few
 * hundred parses never pay back. V8's first compiler alone is as exact. What is never run of it need not be looked through either.
 */
function compileQuickly(): void {
  for (const flag of ['--liftoff-only', '--no-wasm-tier-up', '--no-wasm-dynamic-tiering', '--wasm-lazy-validation'])
    setFlagsFromString(flag);
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
