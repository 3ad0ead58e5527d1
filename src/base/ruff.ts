import { createRequire } from 'node:module';
import { z } from 'zod';

/** `select` and `ignore` are rule codes or prefixes; `options` are ruff's own options as its configuration file names them. */
export type RuffSettings = {
  select: readonly string[];
  ignore: readonly string[];
  options: { [option: string]: unknown };
};

/** One place that ruff complains about. `code` is a rule such as `F821`, or `invalid-syntax`. Lines start at 1. */
const RuffDiagnostic = z.object({
  code: z.string().nullable(),
  message: z.string(),
  start_location: z.object({ row: z.number(), column: z.number() }),
});
export type RuffDiagnostic = z.infer<typeof RuffDiagnostic>;

export type RuffLinter = { version: string; lint(text: string): RuffDiagnostic[] };

/** Ruff ships as CommonJS with its own WebAssembly; loading it takes about 150 ms, so it is loaded when first needed. */
type Ruff = typeof import('@astral-sh/ruff-wasm-nodejs');
const load = createRequire(import.meta.url);

/** A linter with these settings. Throws a plain error with ruff's words when it does not know a rule or an option. */
export function openRuff({ select, ignore, options }: RuffSettings): RuffLinter {
  const ruff: Ruff = load('@astral-sh/ruff-wasm-nodejs');
  const lint = typeof options.lint === 'object' ? options.lint : {};
  const workspace = new ruff.Workspace({ ...options, lint: { ...lint, select, ignore } }, ruff.PositionEncoding.Utf16);
  return {
    version: ruff.Workspace.version(),
    lint: (text) => z.array(RuffDiagnostic).parse(workspace.check(text)),
  };
}
