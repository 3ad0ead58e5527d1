import { readYaml } from '../../../base/yaml/yaml-document.ts';
import { normalFolder } from '../../../model/path-schema.ts';
import type { ProjectFiles } from '../../../model/project-files.ts';
import type { JinjaValue } from '../jinja/expression.ts';

/** A dbt project as dbt_project.yml says. Folders are relative to the repository's root. */
export type DbtProject = {
  name: string;
  folder: string;
  file: string;
  folders: {
    models: string[];
    seeds: string[];
    snapshots: string[];
    macros: string[];
    tests: string[];
    analyses: string[];
  };
  variables: Map<string, JinjaValue>;
  /** The configuration trees of dbt_project.yml, by `models`, `seeds`, `snapshots`, `sources`, `data_tests`. */
  trees: { [resource: string]: unknown };
  hasPackages: boolean;
};

export type ProjectProblem = { file: string; line: number | null; message: string };

const projectFiles = ['dbt_project.yml', 'dbt_project.yaml'];
const packageFiles = ['packages.yml', 'dependencies.yml', 'packages.yaml'];

/** Reads dbt_project.yml. `fallbackName` is used where it gives no name that can be read. */
export function readDbtProject(
  files: ProjectFiles,
  folder: string,
  fallbackName: string,
): { project: DbtProject; problems: ProjectProblem[] } {
  const root = normalFolder(folder);
  const file =
    projectFiles.map((name) => inside(root, name)).find((path) => files.text(path) !== null) ??
    inside(root, 'dbt_project.yml');
  const text = files.text(file);
  const yaml = readYaml(text ?? '');
  const said = objectOf(yaml.value);
  const problems: ProjectProblem[] = yaml.problems.map((problem) => ({
    file,
    line: problem.line,
    message: `This is not valid YAML: ${problem.message}`,
  }));
  if (text === null)
    problems.push({ file, line: null, message: 'The dbt project has no dbt_project.yml that can be read.' });
  const named = typeof said.name === 'string' && /^\w+$/.test(said.name) ? said.name : null;
  if (text !== null && named === null)
    problems.push({ file, line: yaml.lineOf(['name']), message: 'dbt_project.yml gives no name that can be read.' });
  const paths = (key: string, old: string, fallback: string) => foldersOf(root, said[key] ?? said[old], fallback);
  const project: DbtProject = {
    name: named ?? fallbackName.replace(/\W+/g, '_'),
    folder: root,
    file,
    folders: {
      models: paths('model-paths', 'source-paths', 'models'),
      seeds: paths('seed-paths', 'data-paths', 'seeds'),
      snapshots: paths('snapshot-paths', 'snapshot-paths', 'snapshots'),
      macros: paths('macro-paths', 'macro-paths', 'macros'),
      tests: paths('test-paths', 'test-paths', 'tests'),
      analyses: paths('analysis-paths', 'analysis-paths', 'analyses'),
    },
    variables: variablesOf(said.vars, named),
    trees: {
      models: said.models,
      seeds: said.seeds,
      snapshots: said.snapshots,
      sources: said.sources,
      data_tests: said.data_tests ?? said.tests,
    },
    hasPackages: packageFiles.some((name) => files.text(inside(root, name)) !== null),
  };
  return { project, problems };
}

export function objectOf(value: unknown): { [key: string]: unknown } {
  return value !== null && typeof value === 'object' && !Array.isArray(value) ? { ...value } : {};
}

export function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : value === undefined || value === null ? [] : [value];
}

export function inside(folder: string, path: string): string {
  return normalFolder(folder === '' ? path : `${folder}/${path}`);
}

function foldersOf(root: string, value: unknown, fallback: string): string[] {
  const said = listOf(value).filter((one): one is string => typeof one === 'string' && !one.includes('{{'));
  return (said.length > 0 ? said : [fallback]).map((folder) => inside(root, folder));
}

/** Variables of the project, and those below the project's own name. */
function variablesOf(vars: unknown, name: string | null): Map<string, JinjaValue> {
  const all = objectOf(vars);
  const own = name === null ? {} : objectOf(all[name]);
  return new Map([...Object.entries(all), ...Object.entries(own)].map(([key, value]) => [key, jinjaOf(value)]));
}

export function jinjaOf(value: unknown): JinjaValue {
  if (value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
    return value;
  if (Array.isArray(value)) return value.map(jinjaOf);
  if (typeof value === 'object')
    return { is: 'map', entries: new Map(Object.entries(value).map(([key, item]) => [key, jinjaOf(item)])) };
  return { is: 'unknown' };
}
