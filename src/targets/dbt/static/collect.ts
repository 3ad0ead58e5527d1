import { readOnce } from '../../../base/cache/text-shelf.ts';
import { isInside } from '../../../model/path-schema.ts';
import type { ProjectFiles } from '../../../model/project-files.ts';
import { type Block, type Scan, scanJinja } from '../jinja/scan.ts';
import { type DbtProject, inside, type ProjectProblem } from './dbt-project.ts';
import { type Entry, readProperties } from './properties.ts';
import { scanPythonModel } from './python-model.ts';
import { isSameCollected } from './same-collected.ts';

/** A file with SQL or Python that makes one resource, and the folders between the resource folder and it. */
export type Code = { name: string; file: string; line: number; steps: string[]; scan: Scan; python: boolean };
export type Macro = { block: Block; file: string };

/** All that the files of a dbt project say, before names are resolved. */
export type Collected = {
  models: Code[];
  seeds: Code[];
  snapshots: Code[];
  tests: Code[];
  macros: Macro[];
  entries: Entry[];
  problems: ProjectProblem[];
};

/** What was found last; what turns out equal is the same object again, so that what follows from it is worked out once. */
const found: Collected[] = [];
const MOST_FOUND = 4;

/** Reads the files of a dbt project. Packages that lie inside it (other dbt_project.yml files) are not its own. */
export function collect(files: ProjectFiles, project: DbtProject): Collected {
  const read = readFiles(files, project);
  const same = found.find((one) => isSameCollected(one, read)) ?? read;
  found.splice(0, found.length, ...[same, ...found.filter((one) => one !== same)].slice(0, MOST_FOUND));
  return same;
}

function readFiles(files: ProjectFiles, project: DbtProject): Collected {
  const own = ownPaths(files, project);
  const { folders } = project;
  const everywhere = [...new Set(Object.values(folders).flat())];
  const yaml = own.filter(
    (path) => /\.ya?ml$/.test(path) && everywhere.some((folder) => isInside(path, folder)) && path !== project.file,
  );
  const properties = readProperties(files, yaml);
  const code = (where: readonly string[], ending: RegExp) =>
    codeIn({ files, project, paths: own, folders: where, ending });
  const generic = genericFolders(project);
  return {
    models: code(folders.models, /\.(sql|py)$/),
    seeds: code(folders.seeds, /\.csv$/),
    snapshots: code(folders.snapshots, /\.sql$/).flatMap(snapshotsIn),
    tests: code(folders.tests, /\.sql$/).filter((test) => !generic.some((folder) => isInside(test.file, folder))),
    macros: macrosAmong({ files, project, paths: own }),
    entries: properties.entries,
    problems: properties.problems,
  };
}

/** The paths of a project without those of packages that lie inside it. */
function ownPaths(files: ProjectFiles, project: DbtProject): string[] {
  const nested = files.entries
    .map((entry) => entry.path)
    .filter((path) => /(^|\/)dbt_project\.ya?ml$/.test(path) && path !== project.file && isInside(path, project.folder))
    .map((path) => path.slice(0, path.lastIndexOf('/')));
  return files.entries
    .map((entry) => entry.path)
    .filter((path) => isInside(path, project.folder) && !nested.some((folder) => isInside(path, folder)));
}

/** The folders of a project's own generic tests, which are macros. */
export function genericFolders({ folders }: DbtProject): string[] {
  return folders.tests.map((folder) => inside(folder, 'generic'));
}

/** The macros of a project, in the order of `collect`. */
export function macrosIn(files: ProjectFiles, project: DbtProject): Macro[] {
  return macrosAmong({ files, project, paths: ownPaths(files, project) });
}

function macrosAmong(where: Pick<CodeInput, 'files' | 'project' | 'paths'>): Macro[] {
  const folders = [...where.project.folders.macros, ...genericFolders(where.project)];
  const code = codeIn({ ...where, folders, ending: /\.sql$/ });
  return code.flatMap(({ file, scan }) => scan.blocks.filter(isMacro).map((block) => ({ block, file })));
}

type CodeInput = {
  files: ProjectFiles;
  project: DbtProject;
  paths: readonly string[];
  folders: readonly string[];
  ending: RegExp;
};

/** What the code of a file says, by its name and the project's variables alone; null for Python that makes no model. */
export function scanOf(file: string, text: string, project: DbtProject): Scan | null {
  if (file.endsWith('.py')) return /def\s+model\s*\(/.test(text) ? scanPythonModel(text) : null;
  return readOnce(scanKind(project), text, () => scanJinja(text, project.variables));
}

function codeIn({ files, project, paths, folders, ending }: CodeInput): Code[] {
  return paths.flatMap((file) => {
    const folder = folders.find((candidate) => isInside(file, candidate));
    const name = file.slice(file.lastIndexOf('/') + 1);
    if (folder === undefined || !ending.test(name) || name.startsWith('.')) return [];
    const text = /\.csv$/.test(name) ? '' : files.text(file);
    const scan = text === null ? null : scanOf(file, text, project);
    if (scan === null) return [];
    const steps = file
      .slice(folder === '' ? 0 : folder.length + 1)
      .split('/')
      .slice(0, -1);
    return [{ name: name.replace(ending, ''), file, line: 1, steps, scan, python: name.endsWith('.py') }];
  });
}

const scanKinds = new WeakMap<DbtProject, string>();

/** What a scan finds depends on the project's variables as well. */
function scanKind(project: DbtProject): string {
  const known = scanKinds.get(project);
  if (known !== undefined) return known;
  const said = JSON.stringify([...project.variables], (_, value: unknown) =>
    value instanceof Map ? [...value] : value,
  );
  const kind = said === '[]' ? 'dbt-jinja' : `dbt-jinja ${said}`;
  scanKinds.set(project, kind);
  return kind;
}

function isMacro(block: Block): boolean {
  return ['macro', 'test', 'data_test'].includes(block.kind) && block.name !== '';
}

/** A file may hold several `{% snapshot %}` blocks; each is one. */
function snapshotsIn(code: Code): Code[] {
  return code.scan.blocks
    .filter((block) => block.kind === 'snapshot')
    .map((block) => ({ ...code, name: block.name, line: block.line, scan: block.scan }));
}
