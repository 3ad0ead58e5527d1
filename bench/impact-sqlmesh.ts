import { mkdirSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureAt } from '../src/base/python/ensure-runtime.ts';
import { placeOfLock } from '../src/base/python/runtime.ts';
import { answersOf } from './impact-answers.ts';
import { writeEstate } from './impact-estate.ts';
import { meanCpu, type Usage, usageOf, usageText } from './impact-usage.ts';
import { type Figure, runProgram } from './measure.ts';

const lock = fileURLToPath(new URL('./peers/sqlmesh.txt', import.meta.url));
const planRuns = 3;

/**
 * 1,000 models of which nothing relevant changed. Impact is asked of the models in dbt, each time after one of them was laid out in another
 * way once more; `sqlmesh plan` of the same as SQLMesh models that were applied to DuckDB, with what it keeps of earlier plans, after one of
 * the files was touched: another layout would be an update of metadata to it. A plan also looks into the state of its environment; impact
 * reads texts alone.
 */
export async function sqlmeshFigures(home: string, models = 1000): Promise<Figure[]> {
  const [estate, mesh] = [join(home, 'thousand'), join(home, 'mesh')];
  mkdirSync(estate);
  writeEstate(estate, { models, dags: 0, jobs: 0, topics: 0, contracts: 0, stacks: 0 });
  const { python } = await ensureAt(placeOfLock('sqlmesh', lock));
  const project = writeSqlmesh(estate, mesh, python);
  const plans = Array.from({ length: planRuns + 1 }, () => {
    utimesSync(project.model(`model_${models / 2}`), new Date(), new Date());
    return usageOf(python, planArguments(project), { cwd: mesh, env: {} });
  }).slice(1);
  const edit = (_run: number) => widen(join(estate, `dbt/shop/models/area_${models / 100}/model_${models / 2}.sql`));
  const { later, warm } = await answersOf({ python, home, estate, base: 'HEAD', edit });
  const beside = (all: readonly Usage[]) =>
    `sqlmesh plan --no-prompts, a file touched: ${usageText(plans)} (ratio ${(meanCpu(plans) / meanCpu(all)).toFixed(0)} of CPU, ${(clock(plans) / clock(all)).toFixed(0)} of time)`;
  const what = `${models} models, one laid out in another way: impact,`;
  return [
    { what: `${what} new process`, value: usageText(later), beside: beside(later) },
    { what: `${what} process that stays`, value: usageText(warm), beside: beside(warm) },
  ];
}

/** One more empty line before the last select. */
function widen(file: string): void {
  writeFileSync(file, readFileSync(file, 'utf8').replace(/\n(?=select\n)/, '\n\n'));
}

function clock(all: readonly Usage[]): number {
  return all.reduce((sum, { wall }) => sum + wall, 0) / all.length;
}

/** A copy of an estate's dbt models as a SQLMesh project on DuckDB, planned and applied once. */
type SqlmeshProject = { folder: string; python: string; model(name: string): string };

/** What the connection of the models to the warehouse is, and that nothing is sent from here. */
const config = `gateways: { local: { connection: { type: duckdb, database: shop.duckdb } } }
default_gateway: local
model_defaults: { dialect: duckdb, start: 2025-01-01 }
disable_anonymized_analytics: true
`;

/** Writes the models of `dbt/shop` of an estate in SQLMesh's own words into an empty folder, and applies them. */
function writeSqlmesh(estate: string, folder: string, python: string): SqlmeshProject {
  const texts = modelTexts(join(estate, 'dbt/shop/models'));
  mkdirSync(join(folder, 'models'), { recursive: true });
  writeFileSync(join(folder, 'config.yaml'), config);
  const project = { folder, python, model: (name: string) => join(folder, 'models', `${name}.sql`) };
  for (const [name, text] of texts)
    writeFileSync(project.model(name), `MODEL (name shop.${name}, kind VIEW);\n\n${inSqlmesh(text)}`);
  const tables = [...new Set([...texts.values()].flatMap((text) => text.match(/raw_\d+', 'table_\d+/g) ?? []))];
  const statements = tables.flatMap((table) => {
    const [schema = '', name = ''] = table.split("', '");
    const columns = '(id int, customer varchar, amount int, happened_at timestamp)';
    return [`create schema if not exists ${schema}`, `create table ${schema}.${name} ${columns}`];
  });
  const program = `import duckdb, sys\nwith duckdb.connect("shop.duckdb") as made:\n    for one in sys.argv[1:]: made.execute(one)`;
  runProgram([python, '-c', program, ...statements], { cwd: folder });
  runProgram([...sqlmesh(project), 'plan', '--no-prompts', '--auto-apply'], { cwd: folder });
  return project;
}

/** Asks what there is to do. */
function planArguments(project: SqlmeshProject): string[] {
  return [...sqlmesh(project), 'plan', '--no-prompts'];
}

function sqlmesh({ python }: Pick<SqlmeshProject, 'python'>): string[] {
  return [python, '-c', 'from sqlmesh.cli.main import cli; cli()'];
}

function modelTexts(folder: string): Map<string, string> {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.sql'));
  return new Map(files.map((path) => [basename(path, '.sql'), readFileSync(join(folder, path), 'utf8')]));
}

/** The same SQL, with what dbt would put in the place of its Jinja. */
function inSqlmesh(text: string): string {
  return text
    .replaceAll(/\{\{ ref\('(\w+)'\) \}\}/g, 'shop.$1')
    .replaceAll(/\{\{ source\('(\w+)', '(\w+)'\) \}\}/g, '$1.$2')
    .replaceAll(/\{\{ cents\('([\w.]+)'\) \}\}/g, '($1 / 100.0)');
}
