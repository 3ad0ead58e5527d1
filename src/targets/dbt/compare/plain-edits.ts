import { isDeepStrictEqual } from 'node:util';
import { isInside } from '../../../model/path-schema.ts';
import type { CompareInput, PartRevision } from '../../contract.ts';
import { inputFolders } from '../input-folders.ts';
import { inside } from '../static/dbt-project.ts';
import type { Side } from './side.ts';

const installedIn = ['dbt_packages', 'dbt_modules'];

/**
 * The paths that differ, where all of them are contents of models, seeds, snapshots and singular tests that both revisions have. Whatever
 * else decides a resource (macros, YAML, settings, packages) is then the same in both, and so is every resource of another path.
 * Null where anything else differs, or may.
 */
export function plainEdits(input: CompareInput, base: Side): ReadonlySet<string> | null {
  const [before, after] = [input.base, input.head];
  const { changed } = input;
  if (before === null || after === null || changed === undefined) return null;
  if (!isDeepStrictEqual(before.part, after.part) || !isDeepStrictEqual(before.environments, after.environments))
    return null;
  const { project } = base;
  const folders = [...new Set([...inputFolders(before), ...inputFolders(after)])];
  const found = [...changed].filter((path) => folders.some((folder) => isInside(path, folder)));
  const installed = base.said['packages-install-path'];
  const others = [
    ...folders.filter((folder) => folder !== project.folder),
    ...[...installedIn, ...(typeof installed === 'string' ? [installed] : [])].map((name) =>
      inside(project.folder, name),
    ),
    ...project.folders.macros,
    ...project.folders.tests.map((folder) => inside(folder, 'generic')),
  ];
  const { models, seeds, snapshots, tests } = project.folders;
  const own = [...models, ...seeds, ...snapshots, ...tests];
  const isPlain = (path: string) =>
    /\.(sql|py|csv)$/.test(path) &&
    own.some((folder) => isInside(path, folder)) &&
    !others.some((folder) => isInside(path, folder));
  if (!found.every(isPlain) || !isInBoth(found, before, after)) return null;
  const isAlone = found.every((path) => after.files.text(path)?.includes('graph') === false) && !namesGraph(base);
  return isAlone ? new Set(found) : null;
}

/** Whether anything in the project may read dbt's `graph`, in which each resource finds all the others. */
function namesGraph(side: Side): boolean {
  const known = namingGraph.get(side) ?? side.revision.files.entries.some(({ path }) => mayName(side, path));
  namingGraph.set(side, known);
  return known;
}

const namingGraph = new WeakMap<Side, boolean>();

function mayName({ revision, project }: Side, path: string): boolean {
  if (!/\.(sql|py|ya?ml)$/.test(path) || !isInside(path, project.folder)) return false;
  return revision.files.text(path)?.includes('graph') !== false;
}

function isInBoth(paths: readonly string[], base: PartRevision, head: PartRevision): boolean {
  const wanted = new Set(paths);
  const count = ({ files }: PartRevision) => files.entries.filter(({ path }) => wanted.has(path)).length;
  return count(base) === wanted.size && count(head) === wanted.size;
}
