import { messageOf } from '../../../base/errors.ts';
import { parseToml, type TomlTable, type TomlValue } from '../../../base/toml/parse-toml.ts';
import { failed } from '../../../model/check-finding.ts';
import type { Finding } from '../../../model/finding.ts';
import { folderOf, joinPath } from '../../../model/join-path.ts';
import type { ProjectFiles } from '../../../model/project-files.ts';

/** Ruff's own options, as its configuration file names them. */
export type RuffOptions = { [option: string]: TomlValue };

/** What a ruff configuration file says. Patterns are relative to `folder`; `options` holds what no path decides. */
export type RuffConfiguration = {
  file: string;
  folder: string;
  /** Null: the file does not choose rules. */
  select: string[] | null;
  extendSelect: string[];
  ignore: string[];
  perFileIgnores: { pattern: string; rules: string[] }[];
  exclude: string[];
  options: RuffOptions;
};

export type RuffConfigurations = { byFolder: Map<string, RuffConfiguration>; findings: Finding[] };

/** In ruff's own order: the first of these in a folder is the one that counts there. */
const NAMES = ['.ruff.toml', 'ruff.toml', 'pyproject.toml'];

/** The ruff settings of each folder that has any; unreadable files leave a finding and count as absent. */
export function ruffConfigurations(files: ProjectFiles): RuffConfigurations {
  const byFolder = new Map<string, RuffConfiguration>();
  const findings: Finding[] = [];
  for (const name of NAMES.toReversed()) {
    for (const { path } of files.entries) {
      if (path !== name && !path.endsWith(`/${name}`)) continue;
      try {
        const table = sectionsOf(files, path, 0);
        if (table !== null) byFolder.set(folderOf(path), configurationOf(path, table));
      } catch (error) {
        findings.push(unreadable(path, messageOf(error)));
      }
    }
  }
  return { byFolder, findings };
}

/** The settings that count for a file: those of the nearest folder above it that has any. */
export function configurationFor(path: string, { byFolder }: RuffConfigurations): RuffConfiguration | null {
  for (let folder = folderOf(path); ; folder = folderOf(folder)) {
    const found = byFolder.get(folder);
    if (found !== undefined || folder === '') return found ?? null;
  }
}

/** A file's ruff tables, nearest first: its own, then those that it extends. Null when it has none. */
function sectionsOf(files: ProjectFiles, path: string, depth: number): TomlTable[] | null {
  const text = files.text(path);
  if (text === null) return null;
  const whole = parseToml(text);
  const own = path.endsWith('pyproject.toml') ? inside(inside(whole, 'tool'), 'ruff') : whole;
  if (own === null) return null;
  const base = own.extend;
  const extended =
    typeof base === 'string' && depth < 5 ? sectionsOf(files, joinPath(folderOf(path), base), depth + 1) : null;
  return [withRequiredPython(own, whole), ...(extended ?? [])];
}

function withRequiredPython(own: TomlTable, whole: TomlTable): TomlTable {
  const required = inside(whole, 'project')?.['requires-python'];
  const minor = typeof required === 'string' ? /(?:>=|~=|==)\s*3\.(\d+)/.exec(required)?.[1] : undefined;
  return own['target-version'] === undefined && minor !== undefined ? { ...own, 'target-version': `py3${minor}` } : own;
}

/** Options that choose rules or files: they are worked out here for each file. Or that mean nothing for one text. */
const WORKED_OUT = new Set(
  `extend exclude extend-exclude force-exclude include extend-include respect-gitignore per-file-ignores
  extend-per-file-ignores select extend-select ignore extend-ignore fixable unfixable extend-fixable extend-unfixable
  cache-dir required-version src namespace-packages output-format show-fixes fix fix-only unsafe-fixes format analyze
  extend-safe-fixes extend-unsafe-fixes per-file-target-version lint preview explicit-preview-rules`.split(/\s+/),
);

function configurationOf(file: string, tables: TomlTable[]): RuffConfiguration {
  const all = tables.flatMap((table) => [inside(table, 'lint'), table]).filter((table) => table !== null);
  const every = (...keys: string[]) => all.flatMap((table) => keys.flatMap((key) => texts(table[key])));
  const select = all.find((table) => table.select !== undefined)?.select;
  return {
    file,
    folder: folderOf(file),
    select: select === undefined ? null : texts(select),
    extendSelect: every('extend-select'),
    ignore: every('ignore', 'extend-ignore'),
    perFileIgnores: all.flatMap((table) => [
      ...patterns(table['per-file-ignores']),
      ...patterns(table['extend-per-file-ignores']),
    ]),
    exclude: every('exclude', 'extend-exclude'),
    options: {
      ...optionsOf(tables),
      lint: optionsOf(tables.map((table) => inside(table, 'lint')).filter((table) => table !== null)),
    },
  };
}

/** The nearest table has the last word. */
function optionsOf(tables: readonly TomlTable[]): TomlTable {
  const entries = tables.toReversed().flatMap((table) => Object.entries(table));
  return Object.fromEntries(entries.filter(([option]) => !WORKED_OUT.has(option)));
}

function patterns(value: TomlValue | undefined): { pattern: string; rules: string[] }[] {
  const table = typeof value === 'object' && !Array.isArray(value) ? value : {};
  return Object.entries(table).map(([pattern, rules]) => ({ pattern, rules: texts(rules) }));
}

function texts(value: TomlValue | undefined): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}

function inside(table: TomlTable | null, key: string): TomlTable | null {
  const value = table !== null && Object.hasOwn(table, key) ? table[key] : undefined;
  return typeof value === 'object' && !Array.isArray(value) ? value : null;
}

function unreadable(path: string, because: string): Finding {
  return failed('python-lint', {
    path,
    line: Number(/line (\d+)/.exec(because)?.[1] ?? 0) || null,
    severity: 'warning',
    message: `This file is not valid TOML: ${because}.`,
    hint: 'Put it right; until then the default rules are used.',
  });
}
