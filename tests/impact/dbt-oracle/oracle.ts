import { type AssetChange, effects } from '../../../src/model/change.ts';
import { textsAsFiles } from '../../../src/model/texts-as-files.ts';
import type { PartRevision } from '../../../src/targets/contract.ts';
import { compare } from '../../../src/targets/dbt/compare/compare.ts';
import { discover } from '../../../src/targets/dbt/discover.ts';
import { type BaseWorld, baseProjects, baseWorlds } from './base-projects.ts';
import { type Difference, differences, isOtherText, kindOf } from './differences.ts';
import type { Texts } from './mutations.ts';
import { type Dbt, openDbt, type State } from './open-dbt.ts';
import { type Batch, isPlain, type Planned, plannedBatches } from './planned.ts';

/** What was said of an asset that dbt makes something else of. */
type Wrong = {
  mutation: string;
  at: number;
  way: string;
  id: string;
  said: string;
  why: string;
  base: string;
  head: string;
};
export type Tally = {
  seed: number;
  asked: number;
  judged: number;
  refused: number;
  wrong: Wrong[];
  unsaid: Wrong[];
  harmless: number;
  decided: number;
  undecided: string[];
};

/** Changes projects by chance, lets dbt compile them and DuckDB run them, and holds what the comparer says against it. */
export async function judgeMutations(seed: number, count: number): Promise<Tally> {
  const counts = { asked: count, judged: 0, refused: 0, harmless: 0, decided: 0 };
  const tally: Tally = { seed, ...counts, wrong: [], unsaid: [], undecided: [] };
  const dbt = await openDbt();
  const worlds = baseWorlds(dbt);
  try {
    for (const batch of plannedBatches(seed, count, baseProjects(seed))) {
      const world = await worlds.of(batch.project, batch.way);
      await judgeBatch(tally, { dbt, world, batch });
    }
  } finally {
    worlds.close();
    dbt.close();
  }
  return tally;
}

type Judging = { dbt: Dbt; world: BaseWorld; batch: Batch };

/** One compilation for all changes of the batch; in halves where dbt refuses it, or where one change shows outside of its own models. */
async function judgeBatch(tally: Tally, { dbt, world, batch }: Judging): Promise<void> {
  const { changes } = batch;
  const [first] = changes;
  if (first === undefined) return;
  const files = merged(world.project.texts, changes);
  const paths = changes.flatMap((change) => change.paths);
  const is = await dbt.ask({
    ...{ ...world.way, project: world.project.name, files, keep: null, against: world.named },
    modified: changes.length === 1,
    only: changes.every(isPlain) ? paths : null,
  });
  if (changes.length > 1 && ('error' in is || reachesOthers(world.state, is, changes))) {
    const half = Math.ceil(changes.length / 2);
    for (const part of [changes.slice(0, half), changes.slice(half)])
      await judgeBatch(tally, { dbt, world, batch: { ...batch, changes: part } });
    return;
  }
  if ('error' in is) {
    tally.refused += 1;
    return;
  }
  for (const change of changes) await judge(tally, { change, world, is, alone: changes.length === 1 });
}

function merged(base: Texts, changes: readonly Planned[]): Texts {
  const [only] = changes;
  if (changes.length === 1 && only !== undefined) return only.head;
  const own = changes.flatMap(({ head, paths }) => paths.map((path) => [path, head[path] ?? ''] as const));
  return { ...base, ...Object.fromEntries(own) };
}

function reachesOthers(was: State, is: State, changes: readonly Planned[]): boolean {
  const paths = new Set(changes.flatMap((change) => change.paths));
  const ids = new Set([...Object.keys(was.nodes), ...Object.keys(is.nodes)]);
  return [...ids].some((id) => {
    const [before, after] = [was.nodes[id], is.nodes[id]];
    if (paths.has(before?.path ?? after?.path ?? '')) return before === undefined || after === undefined;
    return before === undefined || after === undefined || before.config !== after.config || isOtherText(id, was, is);
  });
}

type Case = { change: Planned; world: BaseWorld; is: State; alone: boolean };

async function judge(tally: Tally, one: Case): Promise<void> {
  const { change, world, is, alone } = one;
  tally.judged += 1;
  const { said, changes } = await whatIsSaid(one);
  const all = [
    ...new Set([...Object.keys(world.state.nodes), ...Object.keys(is.nodes), ...Object.keys(world.state.relations)]),
  ].filter(isOwn);
  const ids = alone ? all : all.filter((id) => change.paths.includes(world.state.nodes[id]?.path ?? ''));
  const differing = await differences({ world, is, changes }, ids);
  for (const [id, { least, why }] of differing) {
    if (effects.indexOf(changes.get(id)?.effect ?? 'none') < effects.indexOf(least))
      tally.wrong.push(told(id, why, one, changes));
  }
  // What dbt calls modified is said, or is as it was.
  for (const id of is.modified ?? []) {
    const isSame =
      (differing.get(id)?.least ?? 'none') === 'none' && ['model', 'snapshot', 'seed', 'test'].includes(kindOf(id));
    if (isOwn(id) && !changes.has(id) && !isSame) tally.unsaid.push(told(id, 'dbt calls it modified', one, changes));
  }
  countHarmless(tally, one, { said, differing: [...differing.values()] });
  if (process.env.ORACLE_SHOW) show(tally);
}

/** A change is harmless where nothing shows of it: dbt makes the same, or it only says the same in other words and the data agrees. */
function countHarmless(
  tally: Tally,
  { change, world, is }: Case,
  { said, differing }: { said: AssetChange[]; differing: Difference[] },
): void {
  // A new resource is no harm, and is said to be new.
  const isNew = Object.keys(is.nodes).some((id) => !(id in world.state.nodes));
  const isMeantSo = / say the same| says the same/.test(change.name);
  if (isNew || differing.some(({ shown }) => shown || !isMeantSo)) return;
  tally.harmless += 1;
  const loud = said.filter(({ effect, key }) => effect !== 'none' && /^dbt:(?:model|snapshot|seed|source)\//.test(key));
  if (loud.length === 0) tally.decided += 1;
  else tally.undecided.push(`${change.name} #${change.at}: ${loud[0]?.key} ${loud[0]?.effect} ${loud[0]?.because}`);
}

/** What the comparer says, also by the ids that dbt has. */
async function whatIsSaid({ change, world, is }: Case) {
  const base = world.project.texts;
  const changed = new Set(change.paths);
  const said = await compare({ base: await revision(base), head: await revision(change.head), changed });
  const byKey = new Map<string, AssetChange>(said.map((one) => [one.key, one]));
  const ids = new Set([
    ...Object.keys(world.state.nodes),
    ...Object.keys(is.nodes),
    ...Object.keys(world.state.relations),
  ]);
  const named = [...ids, ...(is.modified ?? [])].flatMap((id) => {
    const found = byKey.get(keyOf(id));
    return found === undefined ? [] : [[id, found] as const];
  });
  return { said, changes: new Map(named) };
}

function told(id: string, why: string, one: Case, changes: ReadonlyMap<string, AssetChange>): Wrong {
  const change = changes.get(id);
  return {
    mutation: one.change.name,
    at: one.change.at,
    way: one.world.named,
    id,
    said: `${change?.effect ?? 'nothing'} ${change?.because ?? ''}`,
    why,
    base: one.world.state.nodes[id]?.sql ?? '',
    head: one.is.nodes[id]?.sql ?? '',
  };
}

let shown = 0;

/** Says on the way what was found, for those who wait. */
function show({ judged, refused, harmless, decided, wrong, unsaid, undecided }: Tally): void {
  const line = JSON.stringify({ judged, refused, harmless, decided, wrong: wrong.length, unsaid: unsaid.length });
  if (judged % 20 === 0) process.stderr.write(`${line} ${undecided.at(-1)}\n`);
  for (const one of [...wrong, ...unsaid].slice(shown)) process.stderr.write(`${JSON.stringify(one).slice(0, 1800)}\n`);
  shown = wrong.length + unsaid.length;
}

const isOwn = (id: string) =>
  id.split('.')[1] === 'shop' && ['model', 'seed', 'snapshot', 'test', 'source', 'exposure'].includes(kindOf(id));

function keyOf(id: string): string {
  const [kind = '', ...rest] = id.split('.');
  const name = kind === 'test' && /^[0-9a-f]{10}$/.test(rest.at(-1) ?? '') ? rest.slice(0, -1) : rest;
  return `dbt:${kind}/${name.join('.')}`;
}

const revisions = new WeakMap<Texts, PartRevision>();

async function revision(texts: Texts): Promise<PartRevision> {
  const known = revisions.get(texts);
  if (known !== undefined) return known;
  const files = textsAsFiles(texts);
  const part = { name: 'shop', settings: { path: '.' } };
  const found = { files, part, discovery: await discover({ files, part }), environments: [] };
  revisions.set(texts, found);
  return found;
}
