import ignore from 'ignore';
import { failed } from '../../../model/check-finding.ts';
import type { Finding } from '../../../model/finding.ts';
import type { RuffConfiguration, RuffOptions } from './ruff-configuration.ts';

/** Which rules are looked at in a file, and whether at all. */
export type LintChoice = { select: string[]; ignore: string[]; options: RuffOptions };

/**
 * Always looked at, because the code then does not run: syntax (E9), wrong format strings and comparisons (F50, F52, F6),
 * statements where they cannot stand (F7), names that are nowhere defined (F82).
 */
const ALWAYS = ['E9', 'F50', 'F52', 'F6', 'F7', 'F82'];

/** What Databricks gives to a notebook without an import. */
const NOTEBOOK_NAMES = [
  'spark',
  'sc',
  'dbutils',
  'display',
  'displayHTML',
  'sqlContext',
  'table',
  'sql',
  'udf',
  'getArgument',
];

/** The rules for a file; null when its repository excludes it. A repository that chooses no rules gets only real errors. */
export function lintChoice(path: string, text: string, settings: RuffConfiguration | null): LintChoice | null {
  const builtins = text.startsWith('# Databricks notebook source') ? NOTEBOOK_NAMES : [];
  if (settings === null) return { select: ALWAYS, ignore: [], options: { builtins } };
  const inside = settings.folder === '' ? path : path.slice(settings.folder.length + 1);
  if (settings.exclude.length > 0 && ignore().add(settings.exclude).ignores(inside)) return null;
  return {
    select: [...(settings.select ?? []), ...settings.extendSelect, ...ALWAYS],
    ignore: [...settings.ignore, ...ignoredIn(inside, settings)],
    options: { ...settings.options, builtins: [...listed(settings.options.builtins), ...builtins] },
  };
}

function listed(value: RuffOptions[string] | undefined): RuffOptions[string][] {
  return Array.isArray(value) ? value : [];
}

function ignoredIn(path: string, { perFileIgnores }: RuffConfiguration): string[] {
  return perFileIgnores.flatMap(({ pattern, rules }) => {
    const isMeant = pattern.startsWith('!')
      ? !ignore().add(pattern.slice(1)).ignores(path)
      : ignore().add(pattern).ignores(path);
    return isMeant ? rules : [];
  });
}

/** Families of rules that find mistakes; the others are about how the code looks. */
const LIKELY_BUG = /^(?:F|B\d|S\d|E[479]|PLE|ASYNC|AIR|DTZ|RUF\d)/;

/** What ruff says of syntax that is newer than the Python which the repository's own settings name. */
const TOO_NEW = /on Python 3\.\d+ \(syntax was added in Python 3\.\d+\)/;

/** A file that does not run is an error where it is delivered; anywhere else it is worth a warning. */
export function lintFinding(
  path: string,
  seen: { code: string | null; message: string; line: number },
  delivered: boolean,
): Finding {
  const code = seen.code ?? 'invalid-syntax';
  const isTooNew = code === 'invalid-syntax' && TOO_NEW.test(seen.message);
  const cannotRun = (code === 'invalid-syntax' && !isTooNew) || /^(?:E9|F7|F821$)/.test(code);
  return failed('python-lint', {
    path,
    line: seen.line,
    severity: cannotRun && delivered ? 'error' : cannotRun || isTooNew || LIKELY_BUG.test(code) ? 'warning' : 'note',
    message:
      code === 'invalid-syntax'
        ? `This is not valid Python: ${seen.message}.`
        : `${seen.message} (${code}).`.replace('..', '.'),
    hint: isTooNew
      ? 'The repository says in `target-version` or `requires-python` that it runs on that Python; put that right, or the line.'
      : cannotRun
        ? hintFor(code)
        : `Mend it, or leave the rule out in the ruff settings; \`# noqa: ${code}\` leaves out one line.`,
  });
}

function hintFor(code: string): string {
  return code === 'F821'
    ? 'Import or define the name; as it is, the line fails when it is reached.'
    : 'Put the syntax right; as it is, the file cannot be imported.';
}
