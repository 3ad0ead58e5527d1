import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openDuckDb } from '../sql/ask-duckdb.ts';
import type { Texts } from './mutations.ts';
import type { Dbt, State } from './open-dbt.ts';
import { syntheticProject } from './synthetic-project.ts';
import { warehouseProject, warehouseTables } from './warehouse-project.ts';

/** A way to compile a project. */
export type Way = { target: string; incremental: boolean };

export type BaseProject = { name: string; texts: Texts; ways: readonly Way[]; sources: readonly string[] };

const ways: readonly Way[] = [
  { target: 'dev', incremental: true },
  { target: 'prod', incremental: true },
  { target: 'dev', incremental: false },
];

/** The projects that are changed, with statements that make what they read. */
export function baseProjects(seed: number): BaseProject[] {
  return [
    { name: 'warehouse', texts: warehouseProject, ways, sources: warehouseTables(seed) },
    { name: 'synthetic', texts: syntheticProject, ways, sources: syntheticSources },
    {
      name: 'example',
      texts: exampleProject(),
      ways: [{ target: 'dev', incremental: true }],
      sources: exampleSources(),
    },
  ];
}

const example = fileURLToPath(new URL('../../../examples/payments/dbt/shop/', import.meta.url));

function exampleProject(): Texts {
  const paths = readdirSync(example, { recursive: true, encoding: 'utf8' }).filter(
    (path) => /\.(?:sql|yml|csv)$/.test(path) && !/^(?:target|dbt_packages|logs|source-data)\//.test(path),
  );
  const profile = /^profile: *['"]?(\w+)/m.exec(readFileSync(join(example, 'dbt_project.yml'), 'utf8'))?.[1] ?? '';
  const profiles = (syntheticProject['profiles.yml'] ?? '').replace('shop:', `${profile}:`);
  return {
    ...Object.fromEntries(paths.map((path) => [path, readFileSync(join(example, path), 'utf8')])),
    'profiles.yml': profiles,
  };
}

function exampleSources(): string[] {
  const folder = join(example, 'source-data/raw');
  const files = readdirSync(folder).filter((name) => name.endsWith('.csv'));
  return [
    'create schema raw',
    ...files.flatMap((name) => [
      `create table raw.${basename(name, '.csv')} as select * from read_csv_auto('${join(folder, name)}')`,
      `insert into raw.${basename(name, '.csv')} select * from raw.${basename(name, '.csv')} limit 3`,
    ]),
  ];
}

const syntheticSources = [
  'create schema landing',
  'create schema o_north',
  `create table landing.orders as select * from (values
     (1, 1, 1000, 'card', 'paid', date '2024-01-01'), (2, 1, 50, 'cash', 'open', date '2024-01-02'),
     (3, 2, null, 'card', 'void', date '2024-01-08'), (4, null, 700, 'voucher', null, date '2024-01-09'),
     (5, 2, 5, null, 'paid', null), (5, 2, 5, 'cash', 'paid', date '2024-01-09'), (6, 3, -20, 'card', 'open', date '2024-01-20')
   ) as t(id, customer_id, amount, method, status, day)`,
  `create table landing.t_customers as select * from (values (1, 'Ann', 1000), (2, 'ann', null), (3, '', 5)) as t(id, name, credit)`,
  `create table landing.events as select * from (values (1, 'test', timestamp '2024-01-01'), (2, 'sale', null), (5, 'sale', timestamp '2024-01-09 10:00')) as t(id, kind, "at")`,
  `create table o_north.fees as select * from (values ('north', 1), ('south', 2), (null, 3)) as t(region, fee)`,
];

export type Database = Awaited<ReturnType<typeof openDuckDb>>;

/** A compiled base and a database in which all of it has been built. */
export type BaseWorld = { project: BaseProject; way: Way; named: string; state: State; database: Database };

const alone = { against: null, modified: false, only: null };

/** Compiles each base once for each way, and builds it once for each target. */
export function baseWorlds(dbt: Dbt) {
  const states = new Map<string, State>();
  const databases = new Map<string, Database>();
  const stateOf = async ({ name, texts }: BaseProject, way: Way): Promise<{ named: string; state: State }> => {
    const named = `${name}-${way.target}-${way.incremental}`;
    const known = states.get(named) ?? (await dbt.ask({ ...way, project: name, files: texts, keep: named, ...alone }));
    if ('error' in known) throw new Error(`dbt refuses the base ${named}: ${known.error}`);
    states.set(named, known);
    return { named, state: known };
  };
  return {
    async of(project: BaseProject, way: Way): Promise<BaseWorld> {
      const key = `${project.name} ${way.target}`;
      const { state: whole } = await stateOf(project, { ...way, incremental: false });
      const database = databases.get(key) ?? (await built(project, whole));
      databases.set(key, database);
      return { project, way, ...(await stateOf(project, way)), database };
    },
    close() {
      for (const database of databases.values()) database.close();
    },
  };
}

async function built({ texts, sources }: BaseProject, state: State): Promise<Database> {
  const folder = mkdtempSync(join(tmpdir(), 'headgate-seeds-'));
  const database = await openDuckDb([
    ...sources,
    ...inOrder(state).flatMap((id) => statementsOf(id, { state, texts, folder })),
  ]);
  await database.ask([{ base: 'select 1', head: 'select 1', ordered: false, except: [] }]);
  rmSync(folder, { recursive: true, force: true });
  return database;
}

type Building = { state: State; texts: Texts; folder: string };

function statementsOf(id: string, { state, texts, folder }: Building): string[] {
  const node = state.nodes[id];
  const relation = state.relations[id];
  const kind = id.split('.')[0];
  if (node === undefined || kind === 'test') return [];
  const name = id.split('.').at(-1) ?? '';
  if (relation === undefined) return [`create view "__dbt__cte__${name}" as ${node.sql}`];
  const schema = `create schema if not exists ${relation.replace(/\."[^"]*"$/, '')}`;
  if (kind !== 'seed') return [schema, `create table ${relation} as ${node.sql}`];
  const file = join(folder, `${name}.csv`);
  writeFileSync(file, texts[node.path] ?? '');
  return [schema, `create table ${relation} as select * from read_csv_auto('${file}')`];
}

/** The nodes, each behind those that it reads. */
function inOrder({ nodes }: State): string[] {
  const done = new Set<string>();
  const ordered: string[] = [];
  const visit = (id: string): void => {
    if (done.has(id) || nodes[id] === undefined) return;
    done.add(id);
    for (const one of nodes[id].reads) visit(one);
    ordered.push(id);
  };
  for (const id of Object.keys(nodes)) visit(id);
  return ordered;
}
