import { parseToml } from '../../../base/toml/parse-toml.ts';
import { folderOf, joinPath } from '../../../model/join-path.ts';
import { canonicalJson } from '../../../model/json.ts';
import type { ProjectFiles } from '../../../model/project-files.ts';
import type { Said } from '../../code-changes/said.ts';

/** Files by which the packages and the Airflow that DAGs run on are usually chosen. */
const chooses =
  /^(requirements[\w.-]*\.(txt|in)|constraints[\w.-]*\.txt|Dockerfile[\w.-]*|pyproject\.toml|poetry\.lock|uv\.lock|Pipfile(\.lock)?|setup\.(py|cfg)|environment\.ya?ml|airflow\.cfg|packages\.txt|\.python-version|runtime\.txt)$/;

/** `requirements`: the files that the part names in the two revisions. */
export type RuntimeInput = {
  base: ProjectFiles;
  head: ProjectFiles;
  dags: string;
  requirements: { base: string | undefined; head: string | undefined };
};

/** What changed in the packages that all DAGs of a part run on: that is not to be told from the text. */
export function runtimeSaid({ base, head, dags, requirements }: RuntimeInput): Said[] {
  const above = new Set<string>(['']);
  for (let at = dags; at !== ''; at = folderOf(at)) above.add(at);
  const named = new Set([...withIncluded(base, requirements.base), ...withIncluded(head, requirements.head)]);
  const other = requirements.base === requirements.head ? [] : otherRequirements({ base, head, dags, requirements });
  const paths = new Set([...base.entries, ...head.entries].map(({ path }) => path));
  const wanted = [...paths].filter(
    (path) => named.has(path) || (above.has(folderOf(path)) && chooses.test(nameOf(path)) && !isForWork(path, paths)),
  );
  const changes = wanted.sort().flatMap((path): Said[] => {
    const [was, is] = [choicesOf(path, base.text(path)), choicesOf(path, head.text(path))];
    if (canonicalJson(was) === canonicalJson(is)) return [];
    return [{ effect: 'unknown', because: `the packages it runs on changed: ${difference(was, is) ?? path}` }];
  });
  return [...other, ...changes];
}

/** Packages for those who work on the code, listed beside the others: nothing that runs DAGs is given them. */
function isForWork(path: string, paths: ReadonlySet<string>): boolean {
  const folder = folderOf(path);
  const others = /^requirements([._-](dev|tests?|testing|lint(ing)?|docs?|typing|ci))\b[\w.-]*\.(txt|in)$/;
  return others.test(nameOf(path)) && paths.has(folder === '' ? 'requirements.txt' : `${folder}/requirements.txt`);
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** Another file is named: what both choose is compared. */
function otherRequirements({ base, head, requirements }: RuntimeInput): Said[] {
  const [was, is] = [textOf(base, requirements.base), textOf(head, requirements.head)];
  const [before, after] = [choicesOf('requirements.txt', was), choicesOf('requirements.txt', is)];
  if (canonicalJson(before) === canonicalJson(after)) return [];
  const shown =
    difference(before, after) ?? `${requirements.head ?? 'no file'} instead of ${requirements.base ?? 'none'}`;
  return [{ effect: 'unknown', because: `the packages it runs on changed: ${shown}` }];
}

function textOf(files: ProjectFiles, path: string | undefined): string | null {
  return path === undefined ? null : files.text(path);
}

/** A file of requirements with those that it includes by `-r` and `-c`. */
function withIncluded(files: ProjectFiles, path: string | undefined): string[] {
  const found = new Set(path === undefined ? [] : [path]);
  for (const one of found) {
    const text = files.text(one) ?? '';
    for (const [, other = ''] of text.matchAll(/^\s*(?:-r|-c|--requirement|--constraint)[\s=]+(\S+)/gm))
      if (!/^\w+:/.test(other)) found.add(joinPath(folderOf(one), other));
  }
  return [...found];
}

/** The lines that choose something, in order where the order may count. */
function choicesOf(path: string, text: string | null): string[] {
  if (text === null) return [];
  if (path.endsWith('pyproject.toml')) return [projectChoices(text)];
  const lines = text.split(/\r?\n/).map((line) => line.replace(/(^|\s)#.*$/, '').trimEnd());
  const kept = lines.filter((line) => line.trim() !== '');
  return /\.(txt|in)$/.test(path) ? kept.map((line) => line.trim()).sort() : kept;
}

/** The tables of pyproject.toml that choose packages; those that set up formatters and the like do not. */
function projectChoices(text: string): string {
  try {
    const table = JSON.parse(JSON.stringify(parseToml(text)));
    const { tool = {}, project = {} } = table;
    return canonicalJson([
      [project.dependencies, project['optional-dependencies'], project['requires-python'], table['dependency-groups']],
      [table['build-system'], tool.poetry, tool.uv, tool.pdm, tool.hatch, tool.setuptools],
    ]);
  } catch {
    return text;
  }
}

/** `pandas 2.1.0 -> 2.2.0` for the first pinned package that differs. */
function difference(was: readonly string[], is: readonly string[]): string | null {
  const pins = (lines: readonly string[]) =>
    new Map(
      lines.flatMap((line) =>
        [...line.matchAll(/^([\w.[\],-]+)\s*==\s*([^\s;]+)/g)].map(
          ([, name = '', version = '']) => [name, version] as const,
        ),
      ),
    );
  const [before, after] = [pins(was), pins(is)];
  const names = [...new Set([...before.keys(), ...after.keys()])].filter(
    (name) => before.get(name) !== after.get(name),
  );
  const said = names.map((name) => `${name} ${before.get(name) ?? '(none)'} -> ${after.get(name) ?? '(none)'}`);
  return said.length === 0
    ? null
    : said.length > 3
      ? `${said.slice(0, 3).join(', ')} and ${said.length - 3} more`
      : said.join(', ');
}
