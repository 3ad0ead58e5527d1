import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Runtime } from '../src/base/python/runtime.ts';
import type { Impact } from '../src/delivery/impact/impact.ts';
import type { ProjectPart } from '../src/delivery/project/project.ts';
import type { Effect } from '../src/model/change.ts';
import { canonicalJson } from '../src/model/json.ts';
import { normalFolder } from '../src/model/path-schema.ts';
import { AirflowPart } from '../src/targets/airflow/config.ts';
import { readEnds } from '../src/workflows/impact/read-ends.ts';
import { differencesOf, type Weight } from './dag-differences.ts';
import { type DagReader, openDagReader, type StateFile } from './dag-reader.ts';
import { runProgram } from './measure.ts';

/** One DAG in a commit. `differs`: what Airflow, or the code its tasks run, has otherwise; `effect`: null where impact does not name it. */
export type HeldDag = { id: string; effect: Effect | null; because: string; differs: string[]; weight: Weight | null };

/**
 * A commit as the real Airflow sees it beside what impact tells. `dags`: all that differ or are named. `wrong`: those of them that differ in
 * more than their effect admits. `layout`: how the Python of a commit that changes nothing else differs, see `DagReader.howSame`.
 */
export type HeldCommit = {
  commit: string;
  judged: number;
  unreadable: number;
  layout: string;
  dags: HeldDag[];
  wrong: HeldDag[];
};

type Side = { files: Map<string, StateFile>; dags: Map<string, string[]> };

/** What each effect admits to differ. */
const admits: { [effect: string]: readonly Weight[] } = {
  missing: ['documents'],
  none: ['documents'],
  compatible: ['documents', 'people', 'new'],
  unknown: ['documents', 'people', 'new', 'essence'],
  breaking: ['documents', 'people', 'new', 'essence'],
};

/** Reads both sides of each commit of a repository with Airflow. Commits oldest first, each beside its first parent. */
export async function* besideAirflow(
  runtime: Runtime,
  { repository, commits }: { repository: string; commits: readonly string[] },
  tell: (commit: string) => Promise<Impact>,
): AsyncGenerator<HeldCommit> {
  const home = mkdtempSync(join(tmpdir(), 'headgate-replay-'));
  const reader = openDagReader(runtime);
  const sides = sideReader({ repository, home, reader });
  try {
    for (const commit of commits) {
      const ends = await readEnds(repository, { base: `${commit}~1..${commit}`, head: null });
      const [base, head] = [airflowParts(ends.base.project.parts), airflowParts(ends.head.project.parts)];
      if (base.length + head.length === 0) continue;
      const before = await sides(`${commit}~1`, base);
      const after = await sides(commit, head);
      const impact = await tell(commit);
      let held = hold(before, after, impact);
      // What two readings of one revision have otherwise, the change has not done.
      if (held.wrong.length > 0) held = hold(before, after, impact, await sides(commit, head, 'again'));
      const layout = await layoutOf(reader, repository, commit);
      yield { commit, layout, ...held };
    }
  } finally {
    reader.close();
    rmSync(home, { recursive: true, force: true });
  }
}

function airflowParts(parts: readonly ProjectPart[]): AirflowPart[] {
  return parts.filter(({ target }) => target === 'airflow').map(({ part }) => AirflowPart.parse(part.settings));
}

type Place = { repository: string; home: string; reader: DagReader };

/** Reads a revision; the last few are kept, as the head of one commit is the base of the next. */
function sideReader({ repository, home, reader }: Place) {
  const kept = new Map<string, Side>();
  let last: { id: string; read: Map<string, StateFile[]> } | null = null;
  const tree = join(home, 'tree');
  mkdirSync(tree);
  const git = (argv: readonly string[]) =>
    runProgram(['git', '-C', repository, ...argv], {
      cwd: home,
      env: { ...process.env, GIT_INDEX_FILE: join(home, 'index'), GIT_WORK_TREE: tree },
    });
  return async (commit: string, parts: readonly AirflowPart[], again: 'again' | 'once' = 'once'): Promise<Side> => {
    const id = git(['rev-parse', commit]).trim();
    const key = canonicalJson([id, again, ...parts.map(({ dags, paths = [] }) => [dags, paths])]);
    const known = kept.get(key);
    if (known !== undefined) return known;
    const byFolder = new Map<string, StateFile[]>();
    const edited = again === 'again' || last === null ? null : editedBetween(git, last.id, id);
    checkOut(git, tree, id);
    const read: StateFile[] = [];
    for (const { dags, paths = [] } of parts) {
      const folder = canonicalJson([dags, paths]);
      const before = edited === null ? undefined : last?.read.get(folder);
      const same = before?.filter((file) => !restsOn(file, edited ?? new Set())) ?? [];
      const files = before?.filter((file) => !same.includes(file)).map(({ path }) => path) ?? null;
      const params = { root: tree, dagsFolder: join(tree, normalFolder(dags)), files, assumeMissing: true };
      const sysPath = paths.map((path) => join(tree, path));
      const anew = files?.length === 0 ? [] : await reader.read({ ...params, sysPath });
      byFolder.set(folder, [...same, ...anew]);
      read.push(...same, ...anew);
    }
    last = { id, read: new Map(byFolder) };
    const side = sideOf(read);
    if (kept.size > 3) kept.delete(kept.keys().next().value ?? '');
    kept.set(key, side);
    return side;
  };
}

/** The files that differ between two commits; null where some are new or gone, so that others may be found in their places. */
function editedBetween(git: (argv: readonly string[]) => string, base: string, head: string): Set<string> | null {
  const lines = git(['diff', '--name-status', '--no-renames', base, head])
    .split('\n')
    .filter((line) => line !== '');
  if (!lines.every((line) => line.startsWith('M\t'))) return null;
  return new Set(lines.map((line) => line.slice(2)));
}

function restsOn(file: StateFile, edited: ReadonlySet<string>): boolean {
  if (!isReadable(file)) return edited.size > 0;
  return edited.has(file.path) || file.imports.some((path) => edited.has(path));
}

/** Puts a revision into a folder, what is there of it already being left alone. A snapshot may lack contents, which are then left out. */
function checkOut(git: (argv: readonly string[]) => string, tree: string, commit: string): void {
  try {
    git(['read-tree', '--reset', '-u', commit]);
  } catch {
    rmSync(tree, { recursive: true, force: true });
    mkdirSync(tree);
    git(['read-tree', commit]);
    try {
      git(['checkout-index', '--all', '--force', '--quiet']);
    } catch {
      // What it could write is there.
    }
  }
}

function sideOf(read: readonly StateFile[]): Side {
  const dags = new Map<string, string[]>();
  for (const file of read) for (const { dagId } of file.dags) dags.set(dagId, [...(dags.get(dagId) ?? []), file.path]);
  return { files: new Map(read.map((file) => [file.path, file])), dags };
}

const isReadable = (file: StateFile | undefined) => file === undefined || /^(ok|no-dags)$/.test(file.status);

function hold(before: Side, after: Side, impact: Impact, again: Side = after): Omit<HeldCommit, 'commit' | 'layout'> {
  const said = new Map<string, { effect: Effect; because: string }>(impact.changed.map((one) => [one.key, one]));
  const ids = [...new Set([...before.dags.keys(), ...after.dags.keys()])].sort();
  const judged = ids.filter((id) => isJudged(id, before, after) && !isRestless(id, after, again));
  const dags = judged.flatMap((id): HeldDag[] => {
    const { effect, because } = said.get(`airflow:dag/${id}`) ?? likeId(impact, id) ?? { effect: null, because: '' };
    const { differs, weight } = differencesOf(statesOf(before, id), statesOf(after, id));
    return weight === null && effect === null ? [] : [{ id, effect, because, differs, weight }];
  });
  const isWrong = ({ effect, weight }: HeldDag) =>
    weight !== null && admits[effect ?? 'missing']?.includes(weight) !== true;
  const unreadable = [...after.files.values()].filter((file) => !isReadable(file)).length;
  return { judged: judged.length, unreadable, dags, wrong: dags.filter(isWrong) };
}

/** What is said of a DAG under a key that holds `*` for what cannot be told of its id. */
function likeId({ changed }: Impact, id: string) {
  return changed.find(({ key }) => {
    const pieces = key.replace('airflow:dag/', '').split('*');
    const like = pieces.map((piece) => piece.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('.*');
    return pieces.length > 1 && key.startsWith('airflow:dag/') && new RegExp(`^${like}$`).test(id);
  });
}

/** A file that Airflow cannot read on one side may make there what is missing. */
function isJudged(id: string, before: Side, after: Side): boolean {
  const paths = [...(before.dags.get(id) ?? []), ...(after.dags.get(id) ?? [])];
  return paths.every((path) => isReadable(before.files.get(path)) && isReadable(after.files.get(path)));
}

function isRestless(id: string, one: Side, other: Side): boolean {
  return one !== other && differencesOf(statesOf(one, id), statesOf(other, id)).weight !== null;
}

function statesOf({ files, dags }: Side, id: string) {
  return (dags.get(id) ?? [])
    .sort()
    .flatMap((path) => (files.get(path)?.dags ?? []).filter(({ dagId }) => dagId === id).map(({ state }) => state));
}

/** The weakest sameness of all Python files, where nothing but Python and prose differs; empty: more than layout. */
async function layoutOf(reader: DagReader, repository: string, commit: string): Promise<string> {
  const git = (...argv: string[]) => runProgram(['git', '-C', repository, ...argv], { cwd: repository });
  const listed = git('diff', '--name-status', '--no-renames', `${commit}~1`, commit)
    .split('\n')
    .filter((line) => line !== '');
  const changed = listed.map((line) => line.split('\t')).filter(([, path = '']) => !/\.(md|rst)$/.test(path));
  if (changed.length === 0 || !changed.every(([how, path = '']) => how === 'M' && path.endsWith('.py'))) return '';
  const pairs = changed.map(
    ([, path = '']) => [git('show', `${commit}~1:${path}`), git('show', `${commit}:${path}`)] as const,
  );
  const same = await reader.howSame(pairs);
  if (same.includes('')) return '';
  return same.includes('imports') ? 'imports' : 'tree';
}
