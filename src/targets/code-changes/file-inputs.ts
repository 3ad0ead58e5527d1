import { jsonWords } from '../../base/json-words.ts';
import { isInside } from '../../model/path-schema.ts';
import type { ProjectFiles } from '../../model/project-files.ts';
import { dbtFolders } from './dbt-folders.ts';
import { leadsTo } from './leads-to.ts';
import type { Mentions } from './mentions.ts';
import type { Said } from './said.ts';

/** `ofDbt`: of a dbt project, whose files dbt reads. */
export type ChangedFile = { path: string; change: 'new' | 'gone' | 'changed'; ofDbt: boolean };

/** Files that say nothing to code that runs. */
const silent =
  /(^|\/)(\.gitignore|\.gitkeep|\.airflowignore|\.dockerignore|\.editorconfig|LICENSE|CODEOWNERS)$|\.pyi$/i;

/** What people read, which code reads as well only where it says so: a text to show, a question for a model, a notebook to run. */
const prose = /(^|\/)README[^/]*$|\.(md|rst|ipynb)$/i;

/** Files that steer other programs, which find them by their fixed names: code that reads one of them names it. */
const ofTools =
  /(^|\/)(requirements[\w.-]*\.(txt|in)|constraints[\w.-]*\.txt|Dockerfile[\w.-]*|pyproject\.toml|poetry\.lock|uv\.lock|Pipfile(\.lock)?|setup\.cfg|MANIFEST\.in|Makefile|Jenkinsfile|mypy\.ini|tox\.ini|codecov\.yml|azure-pipelines\.ya?ml|bitbucket-pipelines\.yml|renovate\.json)$|(^|\/)\.(github|circleci|vscode|idea)\/|(^|\/)\.(gitlab-ci|travis|pre-commit-config|codecov|yamllint)\.ya?ml$|(^|\/)\.(markdownlint[^/]*|flake8|pylintrc|coveragerc|sqlfluff|sqlfluffignore|isort\.cfg|gitattributes|tflint\.hcl)$/;

/** Airflow Variables as they are loaded into it: code asks Airflow for each by its name. */
export const ofVariables = /(^|\/)([\w-]*[_-])?variables?([_.-][\w.-]*)?\.json$/i;

/** Two revisions of a project. `changed`: every path whose content differs, where that is known already. */
export type FilesPair = { base: ProjectFiles; head: ProjectFiles; changed?: ReadonlySet<string> | undefined };

/** Files of these folders, other than Python, whose content means something else in the head. */
export function changedFiles(pair: FilesPair, folders: readonly string[]): ChangedFile[] {
  const { base, head, changed } = pair;
  const wanted = (path: string) =>
    !path.endsWith('.py') && !silent.test(path) && folders.some((folder) => isInside(path, folder));
  const candidates = [...(changed ?? allPaths(pair))].filter(wanted);
  if (candidates.length === 0) return [];
  const [before, after] = [pathsOf(base), pathsOf(head)];
  const projects = dbtFolders([base, head]);
  return candidates.sort().flatMap((path): ChangedFile[] => {
    const [was, is] = [before.has(path), after.has(path)];
    const ofDbt = projects.some((folder) => path.startsWith(folder));
    if (!was || !is) return was === is ? [] : [{ path, change: is ? 'new' : 'gone', ofDbt }];
    return sameContent(path, base.text(path), head.text(path)) ? [] : [{ path, change: 'changed', ofDbt }];
  });
}

function allPaths({ base, head }: FilesPair): Set<string> {
  return new Set([...pathsOf(base), ...pathsOf(head)]);
}

function pathsOf(files: ProjectFiles): Set<string> {
  return new Set(files.entries.map(({ path }) => path));
}

/** What is no text cannot be looked into. */
function sameContent(path: string, base: string | null, head: string | null): boolean {
  if (base === null || head === null) return false;
  if (base === head) return true;
  const [before, after] = [meaningOf(path, base), meaningOf(path, head)];
  return before !== null && before === after;
}

/** What a data file holds, however it is laid out; null where the text itself counts. Order of members may count. */
function meaningOf(path: string, text: string): string | null {
  if (path.endsWith('.json')) return jsonWords(text);
  return /\.ya?ml$/.test(path) ? withoutYamlComments(text) : null;
}

/** A line of YAML that begins something: a key, an item, a document, a closing bracket. */
const BEGINS = /^\s*(-(\s|$)|---|\.\.\.|[\]}]|[\w'".$/{}*&<-][^#:]*:(\s|$))/;

/** Less lines that are empty or a comment; null where such a line may be part of a longer text. */
function withoutYamlComments(text: string): string | null {
  const all = text.split(/\r?\n/);
  const lines = all.filter((line) => !/^\s*(#|$)/.test(line));
  // An empty line within a text that goes on over lines is a line end of that text.
  const blanks = all.some((line, at) => line.trim() === '' && at < all.length - 1);
  const even = (line: string, quote: string) => line.split(quote).length % 2 === 1;
  const open = lines.some(
    (line) =>
      /[|>][-+\d]*\s*(#.*)?$/.test(line) || !even(line, '"') || !even(line, "'") || (blanks && !BEGINS.test(line)),
  );
  return open ? null : lines.map((line) => line.trimEnd()).join('\n');
}

/** Words by which code opens files whose names its text need not hold. */
const opens =
  /\b(open|Path|PurePath|glob|iglob|rglob|listdir|scandir|iterdir|os\.walk|os\.path|read_(text|bytes|csv|json|excel|parquet|table|pickle|feather|xml|sql_file|file|config|yaml)|resources|get_data|FileSystemLoader|PackageLoader|load_yaml_dags|DagFactory|dagfactory|dag_factory|template_searchpath|ConfigParser|load_dotenv|dotenv_values|loadtxt|genfromtxt|from_file|load_file)\b/;

type FileUse = 'named' | 'possible' | 'none';

/** Whether code names a file, may open it by a name that is made while it runs, or does neither. */
function useOf({ path, ofDbt }: Pick<ChangedFile, 'path' | 'ofDbt'>, sources: readonly string[]): FileUse {
  const use = spelledUse(path, sources);
  if (use !== 'none' || ofTools.test(path) || prose.test(path) || ofVariables.test(path)) return use;
  const speaksOfIt = !ofDbt || sources.some((source) => /dbt/i.test(source));
  return speaksOfIt && sources.some((source) => opens.test(source)) ? 'possible' : 'none';
}

/** The same from what the code spells of the path. */
function spelledUse(path: string, sources: readonly string[]): FileUse {
  const name = path.slice(path.lastIndexOf('/') + 1);
  if (sources.some((source) => source.includes(name))) return prose.test(path) ? 'possible' : 'named';
  if (ofTools.test(path)) return 'none';
  const dot = name.lastIndexOf('.');
  const extension = dot <= 0 ? name : name.slice(dot);
  const built = (source: string) => extension !== '' && endsBuilt(path, extension, source);
  if (sources.some(built)) return 'possible';
  if (prose.test(path) || ofVariables.test(path)) return 'none';
  return sources.some((source) => leadsTo(path, source)) ? 'possible' : 'none';
}

/** Whether code puts a name together that could end as this path does: `f"{x}_a.sql"`, `x + "_a.sql"`, `"*.sql"`. */
function endsBuilt(path: string, extension: string, source: string): boolean {
  if (!source.includes(extension)) return false;
  const ends = new RegExp(`([}*]|%s|%\\(\\w+\\)s|['"])([\\w./-]*${escaped(extension)})\\b`, 'g');
  return [...source.matchAll(ends)].some(([, , end = '']) => path.endsWith(end));
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

/** The texts of files that code names or may open: they are filled in as templates, so what they say is said by it. */
export function textsRead(files: ProjectFiles, folders: readonly string[], sources: readonly string[]): string[] {
  return files.entries
    .map(({ path }) => path)
    .filter((path) => !path.endsWith('.py') && !silent.test(path) && folders.some((folder) => isInside(path, folder)))
    .filter((path) => useOf({ path, ofDbt: false }, sources) !== 'none')
    .flatMap((path) => files.text(path) ?? []);
}

/** What changed files do to code that uses them, also by way of files that name them. */
export function filesSaid(files: readonly ChangedFile[], sources: readonly string[], mentions: Mentions): Said[] {
  return files.flatMap(({ path, change, ofDbt }): Said[] => {
    const use = useOf({ path, ofDbt }, sources);
    const how = change === 'changed' ? 'changed' : `is ${change}`;
    if (use === 'named') return [{ effect: 'breaking', because: `\`${path}\`, which it names, ${how}` }];
    if (use === 'possible') return [{ effect: 'unknown', because: `\`${path}\` ${how}, and its code may read it` }];
    const by = usedAmong(mentions(path), sources);
    return by === null ? [] : [{ effect: 'unknown', because: `\`${path}\`, which \`${by}\` names, ${how}` }];
  });
}

/** The first of some files that code names, or of whose path it spells a part. */
export function usedAmong(paths: readonly string[], sources: readonly string[]): string | null {
  return paths.find((path) => spelledUse(path, sources) !== 'none') ?? null;
}

/** Whether other files that this one names may be read or started by way of it. */
export function mayLeadOn(path: string): boolean {
  return !(path.endsWith('.py') || silent.test(path) || prose.test(path) || ofTools.test(path));
}
