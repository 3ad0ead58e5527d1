import ignore from 'ignore';
import { isInside, normalFolder } from '../../model/path-schema.ts';
import type { ProjectFiles } from '../../model/project-files.ts';

/** The files of a DAGs folder that Airflow would read: Python that speaks of `dag` and `airflow`, less .airflowignore. */
export function dagFiles(files: ProjectFiles, dagsFolder: string): string[] {
  const folder = normalFolder(dagsFolder);
  const ignored = ignoreRules(files, folder);
  return files.entries
    .map((entry) => entry.path)
    .filter((path) => path.endsWith('.py') && isInside(path, folder) && !ignored(path))
    .filter((path) => mentionsDags(files.text(path)));
}

/** Airflow's own "safe mode": a file that does not speak of both is not read. Null text is kept out too. */
export function mentionsDags(text: string | null): boolean {
  return text !== null && /dag/i.test(text) && /airflow/i.test(text);
}

type Rule = { folder: string; matches: (path: string) => boolean };

function ignoreRules(files: ProjectFiles, folder: string): (path: string) => boolean {
  const rules = files.entries
    .filter((entry) => entry.path.endsWith('.airflowignore') && isInside(entry.path, folder))
    .flatMap(({ path }) => rulesOf(path.slice(0, Math.max(0, path.lastIndexOf('/'))), files.text(path) ?? ''));
  return (path) =>
    rules.some(
      (rule) =>
        isInside(path, rule.folder) && rule.matches(rule.folder === '' ? path : path.slice(rule.folder.length + 1)),
    );
}

/** Lines are regular expressions, Airflow's default; one that is none is read as a glob. */
function rulesOf(folder: string, text: string): Rule[] {
  return text
    .split('\n')
    .map((line) => line.replace(/#.*/, '').trim())
    .filter((line) => line !== '')
    .map((line) => ({ folder, matches: matcher(line) }));
}

function matcher(line: string): (path: string) => boolean {
  const expression = safeExpression(line);
  if (expression !== null) return (path) => expression.test(path);
  const rules = ignore().add(line);
  return (path) => rules.ignores(path);
}

function safeExpression(line: string): RegExp | null {
  try {
    return /^\*|\*\*/.test(line) ? null : new RegExp(line);
  } catch {
    return null;
  }
}
