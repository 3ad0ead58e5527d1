import { compareQueries } from '../../../src/base/sql/compare-queries.ts';
import type { AssetChange, Effect } from '../../../src/model/change.ts';
import type { DataPair } from '../sql/ask-duckdb.ts';
import type { BaseWorld, Database } from './base-projects.ts';
import type { State } from './open-dbt.ts';

/** The least that is to be said of a resource, and why. `shown`: the data shows the difference. */
export type Difference = { least: Effect; why: string; shown: boolean };

type Case = { world: BaseWorld; is: State; changes: ReadonlyMap<string, AssetChange> };

/**
 * What dbt makes otherwise of the resources that `ids` holds: other settings and places by what dbt says, another text by what DuckDB
 * answers to both over the data that the base has built.
 */
export async function differences(one: Case, ids: readonly string[]): Promise<Map<string, Difference>> {
  const { state: was } = one.world;
  const found = new Map<string, Difference>();
  for (const id of ids) {
    const difference = await differenceOf(id, one);
    if (difference !== null) found.set(id, difference);
  }
  for (const [id, relation] of Object.entries(was.relations)) {
    if (id.startsWith('source.shop.') && one.is.relations[id] !== relation && ids.includes(id))
      found.set(id, { least: 'unknown', why: `${relation} -> ${one.is.relations[id]}`, shown: true });
  }
  return found;
}

async function differenceOf(id: string, one: Case): Promise<Difference | null> {
  const { state: was } = one.world;
  const [before, after] = [was.nodes[id], one.is.nodes[id]];
  const isTest = kindOf(id) === 'test';
  if (before === undefined) return null;
  if (after === undefined) return isTest ? null : { least: 'breaking', why: 'gone', shown: true };
  if (before.config !== after.config && !isTest)
    return { least: 'compatible', why: `config ${before.config} -> ${after.config}`, shown: true };
  if (!isOtherText(id, was, one.is)) return null;
  if (isTest) return { least: 'compatible', why: 'it checks something else', shown: true };
  return textDifference(id, one);
}

/** Whether the SQL of a node is another one, places left out. */
export function isOtherText(id: string, was: State, is: State): boolean {
  return named(was.nodes[id]?.sql ?? '', was) !== named(is.nodes[id]?.sql ?? '', is);
}

async function textDifference(id: string, { world, is, changes }: Case): Promise<Difference | null> {
  const [base, head] = [world.state.nodes[id]?.sql ?? '', is.nodes[id]?.sql ?? ''];
  const change = changes.get(id);
  const except = (change?.columns ?? []).filter((column) => column.change !== 'added').map(({ name }) => name);
  const answer = await ask(world.database, { base, head, ordered: false, except, before: places(world.state, is) });
  if (!answer.baseRan) {
    // What does not run here is held against the comparer of plain queries, which is tried on data elsewhere.
    const { effect, because } = await compareQueries(named(base, world.state), named(head, is), 'duckdb');
    const least = effect === 'breaking' ? 'unknown' : effect;
    return effect === 'none' ? null : { least, why: `not run: ${because}`, shown: effect === 'breaking' };
  }
  if (answer.same) return { least: 'none', why: 'the same result', shown: false };
  if (answer.kept) return { least: 'compatible', why: 'more columns', shown: true };
  if (change?.effect === 'compatible' && isRefused(answer.why))
    return { least: 'compatible', why: answer.why ?? '', shown: true };
  return { least: 'unknown', why: answer.why ?? 'another result', shown: true };
}

async function ask(database: Database, pair: DataPair) {
  const [answer] = await database.ask([pair]);
  if (answer === undefined) throw new Error('DuckDB did not answer.');
  return answer;
}

/** A new column that is refused by itself, which building it shows. */
function isRefused(why: string | null): boolean {
  return /^Binder Error: (?:Table|Referenced column|Referenced table|No function|Ambiguous reference)/.test(why ?? '');
}

/** Statements that let the names of the head mean what the base has built. */
function places(was: State, is: State): string[] {
  return Object.entries(was.relations).flatMap(([id, relation]) => {
    const now = is.relations[id];
    if (now === undefined || now === relation) return [];
    return [
      `create schema if not exists ${now.replace(/\.[^.]*$/, '')}`,
      `create or replace view ${now} as select * from ${relation}`,
    ];
  });
}

/** A relation by the id of what makes it: that it lies elsewhere is told of what makes it. */
function named(sql: string, { relations }: State): string {
  const longest = Object.entries(relations).sort((a, b) => b[1].length - a[1].length);
  return longest.reduce((text, [id, relation]) => text.replaceAll(relation, id.replaceAll(/\W/g, '__')), sql);
}

export const kindOf = (id: string) => id.split('.')[0] ?? '';
