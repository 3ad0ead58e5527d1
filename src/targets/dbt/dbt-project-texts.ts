import { readYamlDocuments } from '../../base/yaml/yaml-document.ts';
import { joinPath } from '../../model/join-path.ts';
import { isInside, normalFolder } from '../../model/path-schema.ts';
import type { ProjectFiles } from '../../model/project-files.ts';

/** The files of a dbt project by their use, paths relative to the repository. */
export type DbtTexts = {
  folder: string;
  sql: string[];
  python: string[];
  yaml: string[];
  seeds: string[];
  /** Whether it uses packages: then what it refers to may be in one of them. */
  hasPackages: boolean;
};

type Settings = { [setting: string]: unknown };

/** Sorts a project's files as its dbt_project.yml says. Packages' own files are not among them. */
export function dbtTexts(files: ProjectFiles, part: string): DbtTexts {
  const folder = normalFolder(part);
  const settings = mapOf(readYamlDocuments(files.text(joinPath(folder, 'dbt_project.yml')) ?? '')[0]?.value);
  const places = (name: string, old: string, usual: string[]) => {
    const named = settings[name] ?? settings[old];
    const list = Array.isArray(named) ? named.filter((path) => typeof path === 'string') : usual;
    return list.map((path) => joinPath(folder, path));
  };
  const code = [
    ...places('model-paths', 'source-paths', ['models']),
    ...places('snapshot-paths', '', ['snapshots']),
    ...places('test-paths', '', ['tests']),
    ...places('analysis-paths', '', ['analyses', 'analysis']),
  ];
  const seedFolders = places('seed-paths', 'data-paths', ['seeds', 'data']);
  const paths = files.entries.map(({ path }) => path).filter((path) => isInside(path, folder));
  const inside = (folders: string[], ending: RegExp) =>
    paths.filter((path) => ending.test(path) && folders.some((one) => isInside(path, one)));
  return {
    folder,
    sql: inside(code, /\.sql$/),
    python: inside(code, /\.py$/),
    yaml: inside([...code, ...seedFolders], /\.ya?ml$/),
    seeds: inside(seedFolders, /\.csv$/),
    hasPackages: ['packages.yml', 'dependencies.yml'].some((name) => paths.includes(joinPath(folder, name))),
  };
}

export function mapOf(value: unknown): Settings {
  return value !== null && typeof value === 'object' && !Array.isArray(value) ? { ...value } : {};
}

export function listOf(value: unknown): Settings[] {
  return Array.isArray(value) ? value.map(mapOf) : [];
}

/** The text with Jinja comments blanked out, so that offsets and lines stay. */
export function withoutComments(text: string): string {
  return text.replaceAll(/\{#[\s\S]*?#\}/g, (comment) => comment.replaceAll(/[^\n]/g, ' '));
}

export function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length;
}
