import { type CodeComparison, compareCode, type Program } from '../../../base/python-meaning/compare-programs.ts';
import type { Asset } from '../../../model/asset.ts';
import type { AssetChange } from '../../../model/change.ts';
import type { AssetKey } from '../../../model/identifiers.ts';
import { folderOf } from '../../../model/join-path.ts';
import { isInside, normalFolder } from '../../../model/path-schema.ts';
import { codeSaid } from '../../code-changes/code-words.ts';
import { type ChangedFile, changedFiles, filesSaid } from '../../code-changes/file-inputs.ts';
import { changeOf, type Said } from '../../code-changes/said.ts';
import type { CompareInput, PartRevision } from '../../contract.ts';
import { AirflowPart } from '../config.ts';
import { besideDags, searchPath } from '../search-path.ts';
import { factChanges } from './dag-facts.ts';
import { pluginsSaid } from './plugins.ts';
import { airflowPurpose } from './purposes.ts';
import { runtimeSaid } from './runtime-files.ts';
import { type SettingChange, settingChanges, settingsSaid } from './setting-changes.ts';

/**
 * What a change does to each DAG of a part, from text alone: the facts of both revisions, what the code means that its file
 * reaches, the files that this code reads, and the settings, values and packages that it runs with.
 */
export async function compare({ base, head, changed }: CompareInput): Promise<AssetChange[]> {
  if (base === null || head === null) return oneSided(base ?? head, head !== null);
  const [before, after] = [dagsOf(base), dagsOf(head)];
  const context = await contextOf({ base, head, changed });
  return [...new Set([...before.keys(), ...after.keys()])].sort().flatMap((key) => {
    const [was, is] = [before.get(key), after.get(key)];
    if (was === undefined) return [{ key, effect: 'compatible', because: 'It is new.', columns: null }];
    if (is === undefined) return [{ key, effect: 'breaking', because: 'It is gone.', columns: null }];
    return changeOf(key, dagSaid(context, was, is)) ?? [];
  });
}

function oneSided(part: PartRevision | null, isNew: boolean): AssetChange[] {
  const dags = part === null ? [] : [...dagsOf(part).keys()];
  return dags.sort().map((key) => ({
    key,
    effect: isNew ? 'compatible' : 'breaking',
    because: isNew ? 'It is new.' : 'It is gone with its part.',
    columns: null,
  }));
}

function dagsOf(part: PartRevision): Map<AssetKey, Asset> {
  const dags = part.discovery.assets.filter((asset) => asset.kind === 'airflow:dag' && asset.path !== null);
  return new Map(dags.map((asset) => [asset.key, asset]));
}

type Context = {
  base: PartRevision;
  head: PartRevision;
  code: CodeComparison;
  files: readonly ChangedFile[];
  settings: readonly SettingChange[];
  /** What holds for every DAG of the part. */
  everywhere: readonly Said[];
  /** What was said of a file before, for other DAGs that it makes. */
  byFile: Map<string, FileSaid>;
};

type Pair = { base: PartRevision; head: PartRevision; changed: CompareInput['changed'] };

async function contextOf({ base, head, changed }: Pair): Promise<Context> {
  const [was, is] = [AirflowPart.parse(base.part.settings), AirflowPart.parse(head.part.settings)];
  const paths = [searchPath(was), searchPath(is)] as const;
  const near = [...new Set([was, is].flatMap((part) => [normalFolder(part.dags), ...besideDags(part)]))];
  const code = await compareCode({
    base: { files: base.files, searchPath: paths[0] },
    head: { files: head.files, searchPath: paths[1] },
    purpose: airflowPurpose,
    changed,
    near: (path) => near.some((folder) => isInside(path, folder)),
  });
  const dags = normalFolder(is.dags);
  const readable = folderOf(dags) === '' ? near : [...near, folderOf(dags)];
  const requirements = [was.requirements, is.requirements].map((path) =>
    path === undefined ? path : normalFolder(path),
  );
  return {
    base,
    head,
    code,
    files: changedFiles({ base: base.files, head: head.files, changed }, readable).filter(
      ({ path }) => !requirements.includes(path),
    ),
    settings: settingChanges(base, head),
    everywhere: [
      ...runtimeSaid({ base: base.files, head: head.files, dags, requirements }),
      ...pluginsSaid(code, { base: base.files, head: head.files }, near),
    ],
    byFile: new Map(),
  };
}

function dagSaid(context: Context, was: Asset, is: Asset): Said[] {
  const facts = factChanges(was, is);
  const { code, rest, touched } = fileSaid(context, { base: was.path ?? '', head: is.path ?? '' });
  // What the facts say of the DAG's own file is said better by them.
  const explained = facts.some(({ effect }) => effect === 'breaking');
  const said = [
    ...facts,
    ...code.filter(({ own }) => !(own && explained)).map(({ said }) => said),
    ...rest,
    ...context.everywhere,
  ];
  if (said.length > 0 || !touched) return said;
  return [
    {
      effect: 'none',
      because:
        was.path === is.path
          ? 'only the text differs: it does what it did'
          : `it moved to \`${is.path}\` and does what it did`,
    },
  ];
}

type FileSaid = { code: { said: Said; own: boolean }[]; rest: Said[]; touched: boolean };

/** What the code behind a file says, with all that this code reads; worked out once for all DAGs that the file makes. */
function fileSaid(context: Context, file: { base: string; head: string }): FileSaid {
  const key = `${file.base}\n${file.head}`;
  const known = context.byFile.get(key);
  if (known !== undefined) return known;
  const said = readFileSaid(context, file);
  context.byFile.set(key, said);
  return said;
}

function readFileSaid({ code, files, settings }: Context, file: { base: string; head: string }): FileSaid {
  const codeMayDiffer = code.mayReach(file);
  if (!codeMayDiffer && files.length === 0 && settings.length === 0) return { code: [], rest: [], touched: false };
  const programs: [Program, Program] = [code.program('base', file.base), code.program('head', file.head)];
  const differences = codeMayDiffer ? code.differences(...programs) : [];
  const sources = files.length + settings.length === 0 ? [] : programs.flatMap((program) => program.sources());
  return {
    code: codeSaid(differences).map((said, at) => ({ said, own: differences[at]?.module === '' })),
    rest: [...filesSaid(files, sources), ...settingsSaid(settings, sources)],
    touched: codeMayDiffer && touches(programs, code.changed, file),
  };
}

/** Whether the text of anything that it reaches differs. */
function touches(
  programs: readonly Program[],
  changed: ReadonlySet<string>,
  file: { base: string; head: string },
): boolean {
  if (file.base !== file.head) return true;
  return programs.some(({ reach }) => [...reach.files.keys()].some((path) => changed.has(path)));
}
