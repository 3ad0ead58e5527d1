import { isInside } from '../../model/path-schema.ts';
import type { ProjectFiles } from '../../model/project-files.ts';
import type { Said } from './said.ts';

export type ChangedFile = { path: string; change: 'new' | 'gone' | 'changed' };

/** Files that say nothing to code that runs. */
const silent =
  /(^|\/)(\.gitignore|\.gitkeep|\.airflowignore|\.dockerignore|\.editorconfig|LICENSE|CODEOWNERS|README[^/]*)$|\.(md|rst|pyi|ipynb)$/i;

/** Files of these folders, other than Python, whose content means something else in the head. */
export function changedFiles(base: ProjectFiles, head: ProjectFiles, folders: readonly string[]): ChangedFile[] {
  const wanted = (path: string) =>
    !path.endsWith('.py') && !silent.test(path) && folders.some((folder) => isInside(path, folder));
  const before = new Map(base.entries.filter(({ path }) => wanted(path)).map((entry) => [entry.path, entry]));
  const after = new Map(head.entries.filter(({ path }) => wanted(path)).map((entry) => [entry.path, entry]));
  const found: ChangedFile[] = [];
  for (const [path, entry] of before) {
    const now = after.get(path);
    if (now === undefined) found.push({ path, change: 'gone' });
    else if (!sameContent(path, { text: base.text(path), size: entry.size }, { text: head.text(path), size: now.size }))
      found.push({ path, change: 'changed' });
  }
  for (const path of after.keys()) if (!before.has(path)) found.push({ path, change: 'new' });
  return found;
}

type Content = { text: string | null; size: number };

/** What is no text cannot be looked into; equal sizes prove nothing. */
function sameContent(path: string, base: Content, head: Content): boolean {
  if (base.text === null || head.text === null) return false;
  if (base.text === head.text) return true;
  const [before, after] = [meaningOf(path, base.text), meaningOf(path, head.text)];
  return before !== null && before === after;
}

/** What a data file holds, however it is laid out; null where the text itself counts. Order of members may count. */
function meaningOf(path: string, text: string): string | null {
  if (path.endsWith('.json')) return jsonValue(text);
  return /\.ya?ml$/.test(path) ? withoutYamlComments(text) : null;
}

function jsonValue(text: string): string | null {
  try {
    return JSON.stringify(JSON.parse(text));
  } catch {
    return null;
  }
}

/** Less lines that are empty or a comment; null where such a line may be part of a longer text. */
function withoutYamlComments(text: string): string | null {
  const lines = text.split(/\r?\n/).filter((line) => !/^\s*(#|$)/.test(line));
  const even = (line: string, quote: string) => line.split(quote).length % 2 === 1;
  const open = lines.some((line) => /[|>][-+\d]*\s*(#.*)?$/.test(line) || !even(line, '"') || !even(line, "'"));
  return open ? null : lines.map((line) => line.trimEnd()).join('\n');
}

/** Words by which code opens files whose names its text need not hold. */
const opens =
  /\b(open|Path|PurePath|glob|iglob|rglob|listdir|scandir|iterdir|os\.walk|read_text|read_bytes|resources|get_data|FileSystemLoader|PackageLoader|load_yaml_dags|DagFactory|dagfactory|dag_factory|template_searchpath)\b/;

export type FileUse = 'named' | 'possible' | 'none';

/** Whether code names a file, may open it by a name that is made while it runs, or does neither. */
export function useOf(path: string, sources: readonly string[]): FileUse {
  const name = path.slice(path.lastIndexOf('/') + 1);
  if (sources.some((source) => source.includes(name))) return 'named';
  const dot = name.lastIndexOf('.');
  const extension = dot <= 0 ? name : name.slice(dot);
  const [stem, folder] = [name.slice(0, Math.max(dot, 0)), path.split('/').at(-2) ?? ''];
  const built = (source: string) => extension !== '' && new RegExp(`[}*s'"]${escaped(extension)}\\b`).test(source);
  if (sources.some((source) => opens.test(source) || built(source))) return 'possible';
  const spelled = (word: string) =>
    word.length > 2 && sources.some((source) => source.includes(`/${word}`) || source.includes(`${word}/`));
  return spelled(stem) || spelled(folder) ? 'possible' : 'none';
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

/** What changed files do to code that uses them. */
export function filesSaid(files: readonly ChangedFile[], sources: readonly string[]): Said[] {
  return files.flatMap(({ path, change }): Said[] => {
    const use = useOf(path, sources);
    if (use === 'none') return [];
    const how = change === 'changed' ? 'changed' : `is ${change}`;
    return use === 'named'
      ? [{ effect: 'breaking', because: `\`${path}\`, which it names, ${how}` }]
      : [{ effect: 'unknown', because: `\`${path}\` ${how}, and its code may read it` }];
  });
}
