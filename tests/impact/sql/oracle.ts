import { compareQueries, type QueryChange } from '../../../src/base/sql/compare-queries.ts';
import { askDuckDb, type DataAnswer } from './ask-duckdb.ts';
import { type Chance, chanceOf } from './chance.ts';
import { exampleModels } from './example-models.ts';
import { harmlesslyChanged } from './harmless-changes.ts';
import { meaningChanged } from './meaning-changes.ts';
import { additions, anotherStyle, changedQuery, plain, semanticChanges } from './shape-changes.ts';
import { shapedQueries } from './shaped-queries.ts';
import { type ShapedQuery, type Style, writeQuery } from './shaped-query.ts';
import { tableStatements } from './tables.ts';
import { changeTokens } from './token-changes.ts';
import { trickyQueries } from './tricky-queries.ts';
import { moreWideQueries, orderedQueries, wideQueries } from './wide-queries.ts';

/** `ordered`: the base has one order only, so that the order of the rows counts too. */
type Pair = {
  way: 'harmless' | 'added' | 'meant' | 'tokens';
  name: string;
  base: string;
  head: string;
  ordered: boolean;
};
export type Judged = Pair & DataAnswer & { change: QueryChange };

const write = (query: ShapedQuery, style: Style) => writeQuery(query, { style, aliases: new Map(), ctes: new Map() });

/** Pairs of queries: as many as asked for, the same for the same seed. */
function makePairs(seed: number, count: number, models: readonly string[]): Pair[] {
  return Array.from({ length: count }, (_, at) => {
    const chance = chanceOf(seed * 1_000_003 + at);
    return chance.is(0.6) ? makeWidePair(chance, models) : makePair(chance, models);
  });
}

const wide = [...wideQueries, ...moreWideQueries, ...trickyQueries];

/** A text of any kind, changed as a text. */
function makeWidePair(chance: Chance, models: readonly string[]): Pair {
  const ordered = chance.is(0.06);
  const base = ordered ? chance.pick(orderedQueries) : chance.pick(chance.is(0.15) ? models : wide);
  const isHarmless = chance.is(0.35);
  const change = isHarmless ? harmlesslyChanged(base, chance) : meaningChanged(base, chance);
  if (change === null) return { way: 'tokens', name: 'tokens', base, head: changeTokens(base, chance), ordered };
  const way = isHarmless ? 'harmless' : /output more|new output/.test(change.name) ? 'added' : 'meant';
  return { way, name: change.name, base, head: change.sql, ordered };
}

function makePair(chance: Chance, models: readonly string[]): Pair {
  const query = chance.pick(shapedQueries);
  const base = write(query, chance.is(0.5) ? plain(chance) : anotherStyle(chance));
  const ordered = query.orderBy.length > 0;
  const way = chance.number();
  if (way < 0.35) return { way: 'harmless', name: 'style', base, head: write(query, anotherStyle(chance)), ordered };
  if (way < 0.75) {
    const kinds = way < 0.5 ? additions : semanticChanges;
    const [name, change] = chance.pick(Object.entries(kinds));
    const changed = changedQuery(query, change, chance);
    const style = chance.is(0.5) ? plain(chance) : anotherStyle(chance);
    if (changed !== null)
      return { way: way < 0.5 ? 'added' : 'meant', name, base, head: write(changed, style), ordered };
  }
  const text = chance.is(0.7) ? chance.pick(models) : base;
  return { way: 'tokens', name: 'tokens', base: text, head: changeTokens(text, chance), ordered: false };
}

/** What was said of each pair, and what DuckDB says of it on data. */
export async function judgePairs(seed: number, count: number): Promise<Judged[]> {
  const { setup, sqls } = await exampleModels();
  const pairs = makePairs(seed, count, [...sqls, ...trickyQueries, ...trickyQueries]);
  const changes: QueryChange[] = [];
  for (const { base, head } of pairs) changes.push(await compareQueries(base, head, 'duckdb'));
  const asked = pairs.map(({ base, head, ordered }, at) => ({ base, head, ordered, except: exceptOf(changes[at]) }));
  const answers = await askDuckDb([...tableStatements(seed), ...setup], asked);
  return pairs.map((pair, at) => {
    const change = changes[at];
    const answer = answers[at];
    if (change === undefined || answer === undefined) throw new Error('DuckDB did not answer for every pair.');
    return { ...pair, change, ...answer };
  });
}

/** Columns that are said to differ where the rows are said to be the same. */
function exceptOf(change: QueryChange | undefined): string[] {
  return (change?.columns ?? []).filter((column) => column.change !== 'added').map((column) => column.name);
}

export type Tally = {
  judged: number;
  wronglySafe: Judged[];
  wrongColumns: Judged[];
  harmless: number;
  decided: number;
  effects: { [effect: string]: number };
};

/** Whether an expression that is new is refused for its columns or types, which no text can show; building the model does. */
function isRefused({ way, ran, why }: Judged): boolean {
  return (
    way === 'added' &&
    !ran &&
    /^Binder Error: (?:Table|Values list|Referenced column|Referenced table|No function|Column .* referenced that exists in the SELECT)/.test(
      why ?? '',
    )
  );
}

/** Pairs whose base does not run say nothing, and are left out. */
export function tallyOf(all: readonly Judged[]): Tally {
  const judged = all.filter((one) => one.baseRan && !isRefused(one));
  const safe = (one: Judged) => (one.change.effect === 'none' ? one.same : one.kept);
  const isSafe = (one: Judged) => one.change.effect === 'none' || one.change.effect === 'compatible';
  const wronglySafe = judged.filter((one) => isSafe(one) && !safe(one));
  const wrongColumns = judged.filter(
    (one) => one.change.effect === 'breaking' && one.change.columns !== null && one.ran && !one.kept,
  );
  const harmless = judged.filter((one) => (one.way === 'harmless' && one.same) || (one.way === 'added' && one.kept));
  const effects: Tally['effects'] = {};
  for (const { way, change } of judged)
    effects[`${way} ${change.effect}`] = (effects[`${way} ${change.effect}`] ?? 0) + 1;
  return {
    judged: judged.length,
    wronglySafe,
    wrongColumns,
    harmless: harmless.length,
    decided: harmless.filter(isSafe).length,
    effects,
  };
}
