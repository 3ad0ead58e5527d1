import type { JsonObject } from '../../model/json.ts';
import { isInside } from '../../model/path-schema.ts';
import type { ProjectFiles } from '../../model/project-files.ts';
import { folderOf, isSampleOrTest, outermost, uniqueNames } from '../../model/proposals.ts';
import type { ProposedPart } from '../contract.ts';
import { mentionsDags } from './dag-files.ts';

/** A folder named for DAGs, however teams write it. */
const dagsFolder = /^(.*[_-])?dags?([_-].*)?$/i;
/** Above this many folders without such a name, the folder above them is taken as the one that Airflow reads. */
const mostFolders = 4;

/** One part for each folder that Airflow seems to read, with the folders it imports from and its requirements. */
export async function propose(files: ProjectFiles): Promise<ProposedPart[]> {
  const { dagFiles, homes } = dagHomes(files);
  const folders = gathered(homes);
  const names = uniqueNames(
    folders,
    (folder) =>
      folder
        .split('/')
        .filter((step) => !/^dags?$/i.test(step))
        .join('/') || 'main',
  );
  return folders.map((folder, index) => {
    const own = dagFiles.filter((path) => isInside(path, folder));
    const settings: JsonObject = { dags: folder || '.' };
    const paths = importFolders(files, folder, own);
    if (paths.length > 0) settings.paths = paths;
    const requirements = requirementsOf(files, folder);
    if (requirements !== null) settings.requirements = requirements;
    const count = `${own.length} file${own.length === 1 ? '' : 's'}`;
    return {
      name: names[index] ?? 'main',
      settings,
      because: `${count} in ${folder || 'the root'} define${own.length === 1 ? 's' : ''} DAGs`,
    };
  });
}

const imports = /^\s*(from|import)\s+(airflow|cosmos|dagfactory|astro)\b/m;
const makes = /\bDAG\s*\(|@dag\b|\bDbtDag\s*\(|\bDagFactory\s*\(|\bload_yaml_dags\s*\(/;
/** A DAG is made, or something named for it is called, while the file is read: not inside a function. */
const makesAtTop =
  /^(?!def |class |async |from |import |#|\s|['"])[^\n]*(\b\w*dags?\w*\s*\(|@dag\b|globals\(\)\[)|^@dag\b|^\s+globals\(\)\[/im;

/** Folders with a file that makes DAGs when it is read; those that only define how to are libraries, unless there is nothing else. */
function dagHomes(files: ProjectFiles): { dagFiles: string[]; homes: string[] } {
  const candidates = files.entries
    .map((entry) => entry.path)
    .filter(
      (path) =>
        path.endsWith('.py') &&
        !isSampleOrTest(path) &&
        !/(^|\/)plugins\//.test(path) &&
        !/(^|\/)plugins\//.test(path) &&
        mentionsDags(files.text(path)),
    );
  const atTop = candidates.filter((path) => isCertain(path, files.text(path) ?? ''));
  const chosen =
    atTop.length > 0
      ? atTop
      : candidates.filter((path) => imports.test(files.text(path) ?? '') && makes.test(files.text(path) ?? ''));
  return { dagFiles: chosen, homes: outermost(chosen.map(homeOf)) };
}

/** In a folder named for DAGs a call of a project's own factory is enough. */
function isCertain(path: string, text: string): boolean {
  if (!makesAtTop.test(text)) return false;
  return imports.test(text) ? makes.test(text) || isNamed(homeOf(path)) : isNamed(homeOf(path));
}

function isNamed(folder: string): boolean {
  return dagsFolder.test(folder.slice(folder.lastIndexOf('/') + 1));
}

/** The highest folder above a file that is named for DAGs, else the file's own. */
function homeOf(path: string): string {
  const steps = folderOf(path).split('/');
  const at = steps.findIndex((step) => dagsFolder.test(step));
  return (at === -1 ? steps : steps.slice(0, at + 1)).join('/');
}

/** Many folders without a name for it are one tree of DAGs: what is above them, below each top folder. */
function gathered(folders: string[]): string[] {
  const named = folders.filter(isNamed);
  const others = folders.filter((folder) => !named.includes(folder));
  if (others.length <= mostFolders) return folders;
  const byTop = Map.groupBy(others, (folder) => folder.split('/')[0] ?? '');
  return outermost([...named, ...[...byTop.values()].map(commonFolder)]);
}

function commonFolder(folders: readonly string[]): string {
  const [first = '', ...rest] = folders;
  const steps = first.split('/');
  const shared = steps.filter((_, index) =>
    rest.every((folder) => folder.startsWith(`${steps.slice(0, index + 1).join('/')}/`)),
  );
  return shared.join('/');
}

/** Folders outside the DAGs folder from which its files import project code, as they would stand on Python's path. */
function importFolders(files: ProjectFiles, dags: string, dagFiles: readonly string[]): string[] {
  const modules = new Set(
    dagFiles.flatMap((path) =>
      [...(files.text(path) ?? '').matchAll(/^\s*(?:from|import)\s+([A-Za-z_]\w*)/gm)].map((found) => found[1] ?? ''),
    ),
  );
  const paths = files.entries.map((entry) => entry.path).filter((path) => path.endsWith('.py'));
  const above = folderOf(dags);
  const beside = new Set(
    paths
      .filter((path) => isInside(path, above) && !isInside(path, dags))
      .map((path) => path.slice(above === '' ? 0 : above.length + 1))
      .filter((path) => path.includes('/'))
      .map((path) => joined(above, path.split('/')[0] ?? '')),
  );
  const candidates = [...beside, ...(dags === '' ? [] : [above])].filter(
    (folder) => !/(^|\/)(plugins|config|tests?)$/.test(folder),
  );
  const holds = (folder: string, module: string) =>
    paths.some((path) => path === joined(folder, `${module}.py`) || path.startsWith(joined(folder, `${module}/`)));
  const outside = [...modules].filter((module) => module !== 'airflow' && !holds(dags, module));
  return candidates
    .filter((folder) => outside.some((module) => holds(folder, module)))
    .map((folder) => folder || '.')
    .sort();
}

function joined(folder: string, path: string): string {
  return folder === '' ? path : `${folder}/${path}`;
}

/** The nearest requirements file in the DAGs folder or above it. */
function requirementsOf(files: ProjectFiles, dags: string): string | null {
  const paths = new Set(files.entries.map((entry) => entry.path));
  for (let at = dags; ; at = folderOf(at)) {
    const found = [
      'requirements.txt',
      'requirements/requirements.txt',
      'requirements/airflow.txt',
      'requirements-airflow.txt',
    ]
      .map((name) => joined(at, name))
      .find((path) => paths.has(path));
    if (found !== undefined) return found;
    if (at === '') return null;
  }
}
