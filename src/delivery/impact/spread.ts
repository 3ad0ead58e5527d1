import type { Edge } from '../../model/asset.ts';
import { type AssetChange, type Effect, effects, worse } from '../../model/change.ts';
import type { AssetColumns } from '../../model/columns.ts';
import type { AssetKey } from '../../model/identifiers.ts';
import { type Arrival, arrivalOf, atMost, type Outgoing, type Way } from './arrival.ts';
import { joinColumns } from './gather-changes.ts';

export type SpreadInput = {
  changed: readonly AssetChange[];
  edges: readonly Edge[];
  /** What is known of the columns that an asset reads; null where nothing is. */
  columnsOf(key: AssetKey): AssetColumns | null;
};

/** An asset that something changed lies upstream of: the worst that arrives, how, and the shortest way by which it does. */
export type Spread = { key: AssetKey; effect: Effect; because: string; via: AssetKey[] };

/** `asked`: the assets whose columns made or would make a difference. */
export type SpreadResult = { reached: Spread[]; asked: AssetKey[] };

/**
 * Where changes go and what they do there. An asset that is changed itself is reached only where something worse than its own change
 * arrives. The order of changes and edges does not matter; more changes never reach less, nor do less. Unsorted.
 */
export function spread(input: SpreadInput): SpreadResult {
  const ways = waysOf(input.edges);
  const asked = new Set<AssetKey>();
  const arrive = (way: Way, sent: Outgoing): Arrival => {
    if (way.kind === 'feeds' && sent.rows !== 'none' && sent.columns !== null && sent.columns.length > 0)
      asked.add(way.to);
    return arrivalOf(way, sent, input.columnsOf(way.to));
  };
  const sent = settle({ starts: startsOf(input.changed), ways, arrive });
  const own = new Map(input.changed.map((change) => [change.key, change.effect]));
  const starts = [...startsOf(input.changed)].sort(([a], [b]) => (a < b ? -1 : 1));
  let found = new Map<AssetKey, Spread>();
  for (const level of effects)
    found = new Map([...found, ...shortestWays({ starts, ways, arrive, sent, level, below: found })]);
  const reached = [...found.values()].filter(({ key, effect }) => {
    const before = own.get(key);
    return before === undefined || effects.indexOf(effect) > effects.indexOf(before);
  });
  return { reached, asked: [...asked].sort() };
}

type Starts = Map<AssetKey, Outgoing>;
type Ways = ReadonlyMap<AssetKey, readonly Way[]>;
type Arrive = (way: Way, sent: Outgoing) => Arrival;

/** What goes out from the changed assets themselves; `none`, and what concerns no column, stays where it is. */
function startsOf(changed: readonly AssetChange[]): Starts {
  return new Map(
    changed
      .filter((change) => change.effect !== 'none' && change.columns?.length !== 0)
      .map(({ key, effect, columns }) => [key, { rows: effect, columns, time: effect }]),
  );
}

const along: readonly Edge['kind'][] = ['feeds', 'triggers', 'waits', 'describes', 'makes'];
const against: readonly Edge['kind'][] = ['runs', 'describes'];

/** Data flows along; a DAG is reached by what it runs, and a contract by what it describes. */
function waysOf(edges: readonly Edge[]): Ways {
  const known = waysKnown.get(edges) ?? waysAlong(edges);
  waysKnown.set(edges, known);
  return known;
}

const waysKnown = new WeakMap<readonly Edge[], Ways>();

function waysAlong(edges: readonly Edge[]): Ways {
  const ways = new Map<AssetKey, Way[]>();
  const add = (way: Way) => {
    const known = ways.get(way.from);
    if (known === undefined) ways.set(way.from, [way]);
    else known.push(way);
  };
  for (const { from, to, kind } of edges) {
    if (along.includes(kind)) add({ from, to, kind, against: false });
    if (against.includes(kind)) add({ from: to, to: from, kind, against: true });
  }
  for (const list of ways.values()) list.sort(inOrder);
  return ways;
}

function inOrder(a: Way, b: Way): number {
  if (a.to !== b.to) return a.to < b.to ? -1 : 1;
  return a.kind === b.kind ? Number(a.against) - Number(b.against) : a.kind < b.kind ? -1 : 1;
}

/** Lets everything travel until nothing that goes out grows any more. */
function settle(input: { starts: Starts; ways: Ways; arrive: Arrive }): Starts {
  const sent: Starts = new Map(input.starts);
  const todo = new Set(sent.keys());
  for (const key of todo) {
    todo.delete(key);
    const out = sent.get(key);
    if (out === undefined) continue;
    for (const way of input.ways.get(key) ?? []) {
      const before = sent.get(way.to) ?? null;
      const after = joinOut(before, input.arrive(way, out).out);
      if (before !== null && isSame(before, after)) continue;
      if (after.rows === 'none' && after.time === 'none') continue;
      sent.set(way.to, after);
      todo.add(way.to);
    }
  }
  return sent;
}

function joinOut(known: Outgoing | null, next: Outgoing): Outgoing {
  if (known === null) return next;
  const columns =
    next.rows === 'none'
      ? known.columns
      : known.rows === 'none'
        ? next.columns
        : joinColumns(known.columns, next.columns);
  return { rows: worse(known.rows, next.rows), columns, time: worse(known.time, next.time) };
}

function isSame(a: Outgoing, b: Outgoing): boolean {
  return (
    a.rows === b.rows &&
    a.time === b.time &&
    (a.columns === b.columns ||
      (a.columns !== null &&
        b.columns !== null &&
        a.columns.length === b.columns.length &&
        a.columns.every(
          (column, at) => column.name === b.columns?.[at]?.name && column.change === b.columns?.[at]?.change,
        )))
  );
}

type Search = {
  starts: readonly [AssetKey, Outgoing][];
  ways: Ways;
  arrive: Arrive;
  sent: Starts;
  level: Effect;
  /** What was found for milder effects. */
  below: ReadonlyMap<AssetKey, Spread>;
};

const still: Outgoing = { rows: 'none', columns: [], time: 'none' };

/**
 * Breadth first from the changes of at least this effect, over ways by which at least this effect arrives. Where something mild turns
 * worse only on arrival, the way goes on from there.
 */
function shortestWays(search: Search): Map<AssetKey, Spread> {
  const { starts, ways, arrive, sent, level, below } = search;
  const enough = (effect: Effect) => atMost(level, effect) === level;
  const begun = new Set(starts.map(([key]) => key));
  const paths = new Map<AssetKey, AssetKey[]>(
    starts.filter(([, out]) => enough(out.rows)).map(([key]): [AssetKey, AssetKey[]] => [key, [key]]),
  );
  const found = new Map<AssetKey, Spread>();
  const queue = [...paths.keys()];
  const travel = (from: AssetKey, path: readonly AssetKey[]) => {
    for (const way of ways.get(from) ?? []) {
      const ends = way.kind === 'describes' && way.against;
      if (paths.has(way.to) && (found.has(way.to) || path.includes(way.to))) continue;
      if (ends && (found.has(way.to) || (level === 'none' && !begun.has(from)))) continue;
      const { effect, because } = arrive(way, sent.get(from) ?? still);
      if (!enough(effect)) continue;
      const via = [...path, way.to];
      if (!found.has(way.to)) found.set(way.to, { key: way.to, effect: level, because, via });
      if (ends || paths.has(way.to)) continue;
      paths.set(way.to, via);
      queue.push(way.to);
    }
  };
  let at = 0;
  const drain = () => {
    for (let key = queue[at]; key !== undefined; key = queue[at]) {
      at += 1;
      travel(key, paths.get(key) ?? [key]);
    }
  };
  drain();
  for (const [key, path] of [...starts.map(([one]): [AssetKey, AssetKey[]] => [one, [one]]), ...viasOf(below)]) {
    if (!paths.has(key)) travel(key, path);
    drain();
  }
  return found;
}

function viasOf(found: ReadonlyMap<AssetKey, Spread>): [AssetKey, AssetKey[]][] {
  return [...found].map(([key, { via }]) => [key, via]);
}
