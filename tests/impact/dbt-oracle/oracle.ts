import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { childEnv } from '../../../src/base/child-env.ts';
import { ensureRuntime } from '../../../src/base/python/ensure-runtime.ts';
import { runtimeEnv } from '../../../src/base/python/runtime.ts';
import { compareQueries } from '../../../src/base/sql/compare-queries.ts';
import { type Effect, effects } from '../../../src/model/change.ts';
import { textsAsFiles } from '../../../src/model/texts-as-files.ts';
import type { PartRevision } from '../../../src/targets/contract.ts';
import { compare } from '../../../src/targets/dbt/compare/compare.ts';
import { discover } from '../../../src/targets/dbt/discover.ts';
import { chanceOf } from '../sql/chance.ts';
import { mutated, type Texts } from './mutations.ts';
import { syntheticProject } from './synthetic-project.ts';

const Node = z.object({ sql: z.string().nullable(), config: z.string() });
const State = z.object({
  nodes: z.record(z.string(), Node),
  relations: z.record(z.string(), z.string()),
  modified: z.array(z.string()).nullable(),
});
const Answer = z.union([State, z.object({ error: z.string() })]);
type State = z.infer<typeof State>;

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
type Tally = {
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

const ways = [
  { target: 'dev', incremental: true },
  { target: 'prod', incremental: true },
  { target: 'dev', incremental: false },
] as const;

/** Changes projects by chance, lets dbt compile them, and holds what the comparer says against it. */
export async function judgeMutations(seed: number, count: number): Promise<Tally> {
  const tally: Tally = {
    seed,
    asked: count,
    judged: 0,
    refused: 0,
    wrong: [],
    unsaid: [],
    harmless: 0,
    decided: 0,
    undecided: [],
  };
  const dbt = await openDbt();
  try {
    const bases = [syntheticProject, exampleProject()];
    const states = new Map<string, State>();
    for (let at = 0; at < count; at++) {
      const chance = chanceOf(seed * 1_000_003 + at);
      const which = chance.is(0.8) ? 0 : 1;
      const base = bases[which] ?? {};
      const way = which === 0 ? chance.pick(ways) : ways[0];
      const named = `${which} ${way.target} ${way.incremental}`;
      const was = states.get(named) ?? (await dbt.ask({ ...way, files: base, keep: named, against: null }));
      if ('error' in was) throw new Error(`dbt refuses the base: ${was.error}`);
      states.set(named, was);
      const change = mutated(base, chance);
      if (change === null) continue;
      const is = await dbt.ask({ ...way, files: change.texts, keep: null, against: named });
      if ('error' in is) tally.refused += 1;
      else await judge(tally, { at, mutation: change.name, way: named, base, head: change.texts, was, is });
    }
  } finally {
    dbt.close();
  }
  return tally;
}

type Case = { at: number; mutation: string; way: string; base: Texts; head: Texts; was: State; is: State };

async function judge(tally: Tally, one: Case): Promise<void> {
  tally.judged += 1;
  const changed = new Set(
    [...Object.keys(one.base), ...Object.keys(one.head)].filter((path) => one.base[path] !== one.head[path]),
  );
  const said = await compare({ base: await revision(one.base), head: await revision(one.head), changed });
  const changes = new Map<string, { effect: Effect; because: string }>(said.map((change) => [change.key, change]));
  const differing = await differences(one);
  const told = (id: string, why: string): Wrong => {
    const change = changes.get(keyOf(id));
    const [base, head] = [one.was, one.is].map((state) => state.nodes[id]?.sql ?? '');
    return {
      mutation: one.mutation,
      at: one.at,
      way: one.way,
      id,
      said: `${change?.effect ?? 'nothing'} ${change?.because ?? ''}`,
      why,
      base: base ?? '',
      head: head ?? '',
    };
  };
  for (const [id, { least, why }] of differing) {
    if (effects.indexOf(changes.get(keyOf(id))?.effect ?? 'none') < effects.indexOf(least))
      tally.wrong.push(told(id, why));
  }
  // What dbt calls modified is said, or is as it was.
  for (const id of one.is.modified ?? []) {
    const isSame = differing.has(id) === false && ['model', 'snapshot', 'seed', 'test'].includes(kindOf(id));
    if (isOwn(id) && !changes.has(keyOf(id)) && !isSame) tally.unsaid.push(told(id, 'dbt calls it modified'));
  }
  if (process.env.ORACLE_SHOW) show(tally);
  // A new resource is no harm, and is said to be new.
  if (differing.size > 0 || Object.keys(one.is.nodes).some((id) => !(id in one.was.nodes))) return;
  tally.harmless += 1;
  const loud = said.filter(({ effect, key }) => effect !== 'none' && /^dbt:(?:model|snapshot|seed|source)\//.test(key));
  if (loud.length === 0) tally.decided += 1;
  else tally.undecided.push(`${one.mutation} #${one.at}: ${loud[0]?.key} ${loud[0]?.effect} ${loud[0]?.because}`);
}

let shown = 0;

/** Says on the way what was found, for those who wait. */
function show({ judged, refused, harmless, decided, wrong, unsaid, undecided }: Tally): void {
  process.stderr.write(
    `${JSON.stringify({ judged, refused, harmless, decided, wrong: wrong.length, unsaid: unsaid.length })} ${undecided.at(-1)}\n`,
  );
  for (const one of [...wrong, ...unsaid].slice(shown)) process.stderr.write(`${JSON.stringify(one).slice(0, 1500)}\n`);
  shown = wrong.length + unsaid.length;
}

/** What dbt makes otherwise, and the least that is to be said of it. */
async function differences({ was, is }: Case): Promise<Map<string, { least: Effect; why: string }>> {
  const found = new Map<string, { least: Effect; why: string }>();
  for (const id of new Set([...Object.keys(was.nodes), ...Object.keys(is.nodes)])) {
    const [before, after] = [was.nodes[id], is.nodes[id]];
    if (!isOwn(id) || before === undefined) continue;
    if (after === undefined) {
      if (kindOf(id) !== 'test') found.set(id, { least: 'breaking', why: 'gone' });
    } else if (before.config !== after.config && kindOf(id) !== 'test')
      found.set(id, { least: 'compatible', why: `config ${before.config} -> ${after.config}` });
    else {
      const [base, head] = [named(before.sql ?? '', was), named(after.sql ?? '', is)];
      if (base === head) continue;
      const { effect, because } = await compareQueries(base, head, 'duckdb');
      const least = kindOf(id) === 'test' ? 'compatible' : effect === 'breaking' ? 'unknown' : effect;
      if (effect !== 'none') found.set(id, { least, why: because });
    }
  }
  for (const [id, relation] of Object.entries(was.relations)) {
    if (id.startsWith('source.shop.') && is.relations[id] !== relation)
      found.set(id, { least: 'unknown', why: `${relation} -> ${is.relations[id]}` });
  }
  return found;
}

/** A relation by the id of what makes it: that it lies elsewhere is told of what makes it. */
function named(sql: string, { relations }: State): string {
  const longest = Object.entries(relations).sort((a, b) => b[1].length - a[1].length);
  return longest.reduce((text, [id, relation]) => text.replaceAll(relation, id.replaceAll(/\W/g, '__')), sql);
}

const kindOf = (id: string) => id.split('.')[0] ?? '';
const isOwn = (id: string) =>
  id.split('.')[1] === 'shop' && ['model', 'seed', 'snapshot', 'test', 'source', 'exposure'].includes(kindOf(id));

function keyOf(id: string): string {
  const [kind = '', ...rest] = id.split('.');
  const name = kind === 'test' && /^[0-9a-f]{10}$/.test(rest.at(-1) ?? '') ? rest.slice(0, -1) : rest;
  return `dbt:${kind}/${name.join('.')}`;
}

async function revision(texts: Texts): Promise<PartRevision> {
  const files = textsAsFiles(texts);
  const part = { name: 'shop', settings: { path: '.' } };
  return { files, part, discovery: await discover({ files, part }), environments: [] };
}

function exampleProject(): Texts {
  const folder = fileURLToPath(new URL('../../../examples/payments/dbt/shop/', import.meta.url));
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
    (path) => /\.(?:sql|yml|csv)$/.test(path) && !/^(?:target|dbt_packages|logs)\//.test(path),
  );
  const profile = /^profile: *['"]?(\w+)/m.exec(readFileSync(join(folder, 'dbt_project.yml'), 'utf8'))?.[1] ?? '';
  const profiles = (syntheticProject['profiles.yml'] ?? '').replace('shop:', `${profile}:`);
  return {
    ...Object.fromEntries(paths.map((path) => [path, readFileSync(join(folder, path), 'utf8')])),
    'profiles.yml': profiles,
  };
}

async function openDbt() {
  const runtime = await ensureRuntime('dbt');
  const folder = mkdtempSync(join(tmpdir(), 'headgate-dbt-oracle-'));
  const script = fileURLToPath(new URL('compile_states.py', import.meta.url));
  const child = spawn(runtime.python, [script, folder], {
    env: childEnv([], runtimeEnv(runtime)),
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    async ask(request: object) {
      child.stdin.write(`${JSON.stringify(request)}\n`);
      const line = await lines.next();
      if (line.done) throw new Error('dbt ended.');
      return Answer.parse(JSON.parse(line.value));
    },
    close: () => close(child, folder),
  };
}

function close(child: ChildProcess, folder: string): void {
  child.stdin?.end();
  child.once('close', () => rmSync(folder, { recursive: true, force: true }));
}
