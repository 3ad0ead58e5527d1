import { setImmediate } from 'node:timers/promises';
import { messageOf } from '../../base/errors.ts';
import { openRuff, type RuffLinter } from '../../base/ruff.ts';
import { errored, failed } from '../../delivery/checks/check-finding.ts';
import { type LintChoice, lintChoice, lintFinding } from '../../delivery/checks/python/lint-rules.ts';
import { configurationFor, ruffConfigurations } from '../../delivery/checks/python/ruff-configuration.ts';
import type { Finding } from '../../model/finding.ts';
import { canonicalJson } from '../../model/json.ts';
import { isInside, normalFolder } from '../../model/path-schema.ts';
import type { ProjectReading } from '../project/read-project.ts';
import type { ProjectCheck } from './project-check.ts';

/** A file reports at most this many places, so that one broken file does not bury the others. */
const MOST_IN_A_FILE = 20;

export const pythonLint: ProjectCheck = {
  name: 'python-lint',
  title: 'Python files are valid and pass the repository’s ruff rules',
  dependsOn: ['project-files', 'settings'],
  reads: () => (path) => /\.pyi?$|(?:^|\/)(?:\.?ruff\.toml|pyproject\.toml)$/.test(path),
  async run({ reading }) {
    const configurations = ruffConfigurations(reading.files);
    const linters = linterPool();
    const findings = [...configurations.findings];
    const delivered = deliveredFolders(reading);
    for (const { path } of reading.files.entries.filter((entry) => /\.pyi?$/.test(entry.path))) {
      const text = reading.files.text(path);
      const choice = text === null ? null : lintChoice(path, text, configurationFor(path, configurations));
      if (text === null || choice === null) continue;
      await setImmediate();
      findings.push(
        ...lintFile({ path, text, linter: () => linters.of(choice), delivered: isDelivered(path, delivered) }),
      );
    }
    return [...findings, ...linters.complaints()];
  },
};

function lintFile(file: { path: string; text: string; linter(): RuffLinter; delivered: boolean }): Finding[] {
  try {
    return file
      .linter()
      .lint(file.text)
      .slice(0, MOST_IN_A_FILE)
      .map(({ code, message, start_location }) =>
        lintFinding(file.path, { code, message, line: start_location.row }, file.delivered),
      );
  } catch (error) {
    const message = `Ruff could not read this file: ${messageOf(error)}.`;
    return [
      errored('python-lint', { path: file.path, severity: 'warning', message, hint: 'The other files were read.' }),
    ];
  }
}

/** One linter for each set of rules. Rules that this ruff does not know are left out and named in a finding. */
function linterPool(): { of(choice: LintChoice): RuffLinter; complaints(): Finding[] } {
  const open = new Map<string, RuffLinter>();
  const unknown = new Set<string>();
  return {
    of(choice) {
      const key = canonicalJson(choice);
      const linter = open.get(key) ?? openKnown(choice, unknown);
      open.set(key, linter);
      return linter;
    },
    complaints: () => [...unknown].map(unknownRule),
  };
}

/** Opens the linter, leaving out one by one what this ruff does not know; at last all options but the rules. */
function openKnown(choice: LintChoice, unknown: Set<string>): RuffLinter {
  try {
    return openRuff({ ...choice, select: known(choice.select, unknown), ignore: known(choice.ignore, unknown) });
  } catch (error) {
    const rule = /[Uu]nknown rule selector:? `([^`]+)`/.exec(messageOf(error))?.[1];
    if (rule !== undefined && !unknown.has(rule)) {
      unknown.add(rule);
      return openKnown(choice, unknown);
    }
    if (Object.keys(choice.options).length === 0) throw error;
    return openKnown({ ...choice, options: withoutNamed(choice.options, messageOf(error)) }, unknown);
  }
}

/** The options without the one that ruff complains about; without all when it names none. */
function withoutNamed(options: LintChoice['options'], complaint: string): LintChoice['options'] {
  const named = /unknown field `([^`]+)`/.exec(complaint)?.[1];
  const lint = typeof options.lint === 'object' && !Array.isArray(options.lint) ? options.lint : {};
  if (named !== undefined && Object.hasOwn(options, named)) return omit(options, named);
  return named !== undefined && Object.hasOwn(lint, named) ? { ...options, lint: omit(lint, named) } : {};
}

function omit(table: LintChoice['options'], key: string): LintChoice['options'] {
  return Object.fromEntries(Object.entries(table).filter(([name]) => name !== key));
}

function known(rules: readonly string[], unknown: Set<string>): string[] {
  return rules.filter((rule) => !unknown.has(rule));
}

function unknownRule(rule: string): Finding {
  return failed('python-lint', {
    severity: 'note',
    message: `The ruff settings name the rule ${rule}, which this ruff does not have; it was left out.`,
    hint: 'Remove the rule, or see whether it has another name now.',
  });
}

/** Folders whose Python is run somewhere: those that a part names in its settings. */
function deliveredFolders({ project }: ProjectReading): string[] {
  return project.parts.flatMap(({ part }) =>
    ['dags', 'path', 'paths'].flatMap((key) => {
      const named = part.settings[key];
      return (Array.isArray(named) ? named : [named]).filter((path) => typeof path === 'string').map(normalFolder);
    }),
  );
}

/** Tests and documentation inside a delivered folder are not run with it. */
function isDelivered(path: string, folders: readonly string[]): boolean {
  return folders.some(
    (folder) => isInside(path, folder) && !/(?:^|\/)(?:tests?|docs?|examples?)\/|[{}]/.test(path.slice(folder.length)),
  );
}
