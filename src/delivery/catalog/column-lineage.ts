import type { Edge } from '../../model/asset.ts';
import type { AssetColumns, ColumnUse } from '../../model/columns.ts';
import type { AssetKey } from '../../model/identifiers.ts';
import type { Direction } from './lineage.ts';

/**
 * One step of a column's lineage, `from` upstream of `to`. `value`: `to` is made from it; `rows`: it decides which rows the asset has,
 * and so touches every column of it (`to.column` is `*`). `unknown`: whether and where it goes on there cannot be told.
 */
export type ColumnStep = {
  from: { key: AssetKey; column: string };
  to: { key: AssetKey; column: string };
  how: 'value' | 'rows' | 'unknown';
};

type ColumnInput = {
  start: ColumnUse;
  direction: Direction;
  depth: number | null;
  edges: readonly Edge[];
  columns: ReadonlyMap<AssetKey, AssetColumns>;
};

/** Where a column comes from (`up`) or goes to (`down`), step by step, nearest first, each step once. Column names are compared in small letters. */
export function columnLineage(input: ColumnInput): ColumnStep[] {
  const feeds = input.edges.filter((edge) => edge.kind === 'feeds');
  const next = input.direction === 'up' ? upFrom(feeds, input.columns) : downFrom(feeds, input.columns);
  const steps = new Map<string, ColumnStep>();
  const seen = new Set([nameOf(input.start)]);
  let level = [input.start];
  for (let distance = 1; level.length > 0 && distance <= (input.depth ?? Number.POSITIVE_INFINITY); distance += 1) {
    const found = level.flatMap(next);
    level = [];
    for (const step of found) {
      steps.set(`${nameOf(step.from)} ${nameOf(step.to)} ${step.how}`, step);
      const end = input.direction === 'up' ? step.from : step.to;
      if (step.how === 'unknown' || seen.has(nameOf(end))) continue;
      seen.add(nameOf(end));
      level.push(end);
    }
  }
  return [...steps.values()];
}

type Next = (at: ColumnUse) => ColumnStep[];

/** `*` stands for every column, and so for whatever each is made from. */
function upFrom(feeds: readonly Edge[], columns: ReadonlyMap<AssetKey, AssetColumns>): Next {
  const sources = Map.groupBy(feeds, (edge) => edge.to);
  return (at) => {
    const upstream = (sources.get(at.key) ?? []).map((edge) => edge.from);
    const known = columns.get(at.key);
    const unknown = (keys: readonly AssetKey[]) =>
      keys.map((key): ColumnStep => ({ from: { key, column: '*' }, to: at, how: 'unknown' }));
    if (known?.passes === true)
      return upstream.map((key): ColumnStep => ({ from: { key, column: at.column }, to: at, how: 'value' }));
    if (known === undefined || known.outputs === null) return unknown(upstream);
    const outputs = known.outputs.filter(({ name }) => at.column === '*' || isSame(name, at.column));
    const values = outputs.flatMap(({ from }) =>
      from === null ? unknown(upstream) : from.map((use): ColumnStep => ({ from: use, to: at, how: 'value' })),
    );
    const through = outputs.length > 0 ? [] : known.stars;
    return [
      ...values,
      ...through.map((key): ColumnStep => ({ from: { key, column: at.column }, to: at, how: 'value' })),
    ];
  };
}

function downFrom(feeds: readonly Edge[], columns: ReadonlyMap<AssetKey, AssetColumns>): Next {
  const consumers = Map.groupBy(feeds, (edge) => edge.from);
  return (at) =>
    (consumers.get(at.key) ?? []).flatMap(({ to: key }): ColumnStep[] => {
      const known = columns.get(key);
      const unknown: ColumnStep = { from: at, to: { key, column: '*' }, how: 'unknown' };
      if (known?.passes === true) return [{ from: at, to: { key, column: at.column }, how: 'value' }];
      if (known === undefined || known.outputs === null) return [unknown];
      const isIt = (use: ColumnUse) => use.key === at.key && (at.column === '*' || isSame(use.column, at.column));
      const values = known.outputs
        .filter(({ from }) => from === null || from.some(isIt))
        .map(
          ({ name, from }): ColumnStep => ({
            from: at,
            to: { key, column: name },
            how: from === null ? 'unknown' : 'value',
          }),
        );
      const passed = known.stars.includes(at.key) && values.length === 0;
      const star: ColumnStep[] = passed ? [{ from: at, to: { key, column: at.column }, how: 'value' }] : [];
      const rows: ColumnStep[] =
        known.rows?.some(isIt) === true ? [{ from: at, to: { key, column: '*' }, how: 'rows' }] : [];
      // What was only seen to go there may go elsewhere as well.
      return [...values, ...star, ...rows, ...(known.uses === null && values.length === 0 ? [unknown] : [])];
    });
}

function isSame(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

function nameOf({ key, column }: ColumnUse): string {
  return `${key}\n${column.toLowerCase()}`;
}
