import { type CodeComparison, compareCode } from '../../../base/python-meaning/compare-programs.ts';
import type { Asset } from '../../../model/asset.ts';
import { folderOf } from '../../../model/join-path.ts';
import { canonicalJson } from '../../../model/json.ts';
import { isInside, normalFolder } from '../../../model/path-schema.ts';
import { type ChangedFile, changedFiles, mayLeadOn } from '../../code-changes/file-inputs.ts';
import { type Mentions, mentionsIn } from '../../code-changes/mentions.ts';
import type { Said } from '../../code-changes/said.ts';
import type { CompareInput, PartRevision } from '../../contract.ts';
import { AirflowPart } from '../config.ts';
import { besideDags, searchPath } from '../search-path.ts';
import { environmentFileChanges } from './environment-files.ts';
import { pluginsSaid } from './plugins.ts';
import { airflowPurpose } from './purposes.ts';
import { runtimeSaid } from './runtime-files.ts';
import { type SettingChange, settingChanges, variableFileChanges } from './setting-changes.ts';

/** `own`: of the DAG's own file. `touched`: the text of something that it reaches differs. */
export type FileSaid = { code: { said: Said; own: boolean }[]; rest: Said[]; touched: boolean };

/** A DAG's file in the two revisions. */
export type FilePair = { base: string; head: string };

/** Two revisions of a part, ready for comparing its DAGs one by one. */
export type Comparison = {
  base: PartRevision;
  head: PartRevision;
  /** The DAGs of each file. */
  dags: { base: ReadonlyMap<string, readonly Asset[]>; head: ReadonlyMap<string, readonly Asset[]> };
  code: CodeComparison;
  /** Folders whose files the code of DAGs may read. */
  readable: readonly string[];
  /** Python files of either revision: those of the part's folders that may do something else, and all others. */
  scripts: { near: readonly string[]; far: readonly string[] };
  files: readonly ChangedFile[];
  mentions: Mentions;
  settings: readonly SettingChange[];
  /** Nothing differs in the whole project but texts of Python. */
  onlyPython: boolean;
  /** What holds for every DAG of the part. */
  everywhere: readonly Said[];
  /** What was said of a file before, for other DAGs that it makes. */
  byFile: Map<string, FileSaid>;
};

type Pair = { base: PartRevision; head: PartRevision; changed: CompareInput['changed'] };

export async function openComparison({ base, head, changed }: Pair): Promise<Comparison> {
  const [was, is] = [AirflowPart.parse(base.part.settings), AirflowPart.parse(head.part.settings)];
  const near = [...new Set([was, is].flatMap((part) => [normalFolder(part.dags), ...besideDags(part)]))];
  const isNear = (path: string) => near.some((folder) => isInside(path, folder));
  const code = await compareCode({
    base: { files: base.files, searchPath: searchPath(was) },
    head: { files: head.files, searchPath: searchPath(is) },
    purpose: airflowPurpose,
    changed,
    near: isNear,
  });
  const dags = normalFolder(is.dags);
  const readable = folderOf(dags) === '' ? near : [...near, folderOf(dags)];
  const normal = (path: string | undefined) => (path === undefined ? path : normalFolder(path));
  const requirements = { base: normal(was.requirements), head: normal(is.requirements) };
  const pair = { base: base.files, head: head.files };
  const environment = environmentFileChanges({ ...pair, changed, dags });
  const paths = new Set([...base.files.entries, ...head.files.entries].map(({ path }) => path));
  const python = code.changed.size === 0 ? [] : [...paths].filter((path) => path.endsWith('.py'));
  return {
    base,
    head,
    dags: { base: dagsByFile(base), head: dagsByFile(head) },
    code,
    readable,
    scripts: {
      near: python.filter((path) => isNear(path) && code.mayReach({ base: path, head: path })),
      far: python.filter((path) => !isNear(path)),
    },
    files: changedFiles({ ...pair, changed }, readable).filter(
      ({ path }) => path !== requirements.base && path !== requirements.head,
    ),
    mentions: mentionsIn([base.files, head.files], readable, mayLeadOn),
    settings: [
      ...settingChanges(base, head),
      ...variableFileChanges(base.files, head.files, changed),
      ...environment.settings,
    ],
    onlyPython:
      changed !== undefined &&
      [...changed].every((path) => path.endsWith('.py')) &&
      canonicalJson([base.part, base.environments]) === canonicalJson([head.part, head.environments]),
    everywhere: [
      ...runtimeSaid({ ...pair, dags, requirements }),
      ...environment.everywhere,
      ...pluginsSaid(code, pair, near),
    ],
    byFile: new Map(),
  };
}

function dagsByFile({ discovery }: PartRevision): Map<string, Asset[]> {
  const dags = discovery.assets.filter((asset) => asset.kind === 'airflow:dag');
  return Map.groupBy(dags, (asset) => asset.path ?? '');
}
