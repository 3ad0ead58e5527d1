import { setImmediate } from 'node:timers/promises';
import { z } from 'zod';
import type { Cache } from '../../base/cache/cache.ts';
import { messageOf } from '../../base/errors.ts';
import { openRuff, type RuffLinter } from '../../base/ruff.ts';
import { type LintChoice, lintChoice, lintFinding } from '../../delivery/checks/python/lint-rules.ts';
import { configurationFor, ruffConfigurations } from '../../delivery/checks/python/ruff-configuration.ts';
import { errored, failed } from '../../model/check-finding.ts';
import type { Finding } from '../../model/finding.ts';
import { canonicalJson } from '../../model/json.ts';
import { isInside, normalFolder } from '../../model/path-schema.ts';
import type { ProjectReading } from '../project/read-project.ts';
import { keeperFor } from './engine/by-file.ts';
import { KeptFinding } from './engine/kept-finding.ts';
import type { ProjectCheck } from './project-check.ts';

/** A file reports at most this many places, so that one broken file does not bury the others. */
const MOST_IN_A_FILE = 20;

export const pythonLint: ProjectCheck = {
  name: 'python-lint',
  title: 'Python files are valid and pass the repository’s ruff rules',
  dependsOn: ['project-files', 'settings'],
  reads: () => (path) => /\.(?:pyi?|toml)$/.test(path),
  async run({ reading, cache }) {
    const keep = await keeperFor(cache, 'python-lint', z.array(KeptFinding));
    const configurations = ruffConfigurations(reading.files);
    const linters = linterPool();
    const notes = await ruleNotes(cache, linters);
    const findings = [...configurations.findings];
    const folders = deliveredFolders(reading);
    for (const { path } of reading.files.entries.filter((entry) => /\.pyi?$/.test(entry.path))) {
      const text = reading.files.text(path);
      const choice = text === null ? null : lintChoice(path, text, configurationFor(path, configurations));
      if (text === null || choice === null) continue;
      await setImmediate();
      await notes.add(choice);
      const delivered = isDelivered(path, folders);
      const lint = () => lintFile({ path, text, linter: () => linters.of(choice), delivered });
      findings.push(...(await keep([path, text, choice, delivered], lint)));
    }
    return [...findings, ...notes.findings()];
  },
};

/** Which rules this ruff does not know, told also where no file has to be read with them. */
async function ruleNotes(cache: Cache | null | undefined, linters: LinterPool) {
  const keep = await keeperFor(cache, 'python-lint rules', z.array(z.string()));
  const unknown = new Set<string>();
  const seen = new Set<string>();
  return {
    async add(choice: LintChoice): Promise<void> {
      const key = canonicalJson(choice);
      if (seen.has(key)) return;
      seen.add(key);
      for (const rule of await keep(choice, () => linters.unknownTo(choice))) unknown.add(rule);
    },
    findings: () => [...unknown].sort().map(unknownRule),
  };
}

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

/** One linter for each set of rules. Rules that this ruff does not know are left out of it. */
type LinterPool = { of(choice: LintChoice): RuffLinter; unknownTo(choice: LintChoice): string[] };

function linterPool(): LinterPool {
  const open = new Map<string, { linter: RuffLinter; unknown: Set<string> }>();
  const opened = (choice: LintChoice) => {
    const key = canonicalJson(choice);
    const known = open.get(key);
    if (known !== undefined) return known;
    const unknown = new Set<string>();
    const made = { linter: openKnown(choice, unknown), unknown };
    open.set(key, made);
    return made;
  };
  return {
    of: (choice) => opened(choice).linter,
    unknownTo(choice) {
      try {
        return [...opened(choice).unknown].sort();
      } catch {
        // Each file that is to be read with it tells why it cannot be.
        return [];
      }
    },
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
