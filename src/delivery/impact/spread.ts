import type { Edge } from '../../model/asset.ts';
import { type AssetChange, type Effect, effects, worse } from '../../model/change.ts';
import type { AssetColumns } from '../../model/columns.ts';
import type { AssetKey } from '../../model/identifiers.ts';
import { type Arrival, arrivalOf, atMost, type Outgoing, type Way } from './arrival.ts';
import { joinColumns } from './gather-changes.ts';

export type SpreadInput = {
  changed: readonly AssetChange[];
  edges: readonly Edge[];
  /** Lists of further edges; what is in two counts once. */
  others?: readonly (readonly Edge[])[];
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
  const ways = waysOf([input.edges, ...(input.others ?? [])]);
  const asked = new Set<AssetKey>();
  const arrive = (way: Way, sent: Outgoing): Arrival => {
    if (way.kind === 'feeds' && sent.rows !== 'none' && sent.columns !== null && sent.columns.length > 0)
      asked.add(way.to);
    return arrivalOf(way, sent, input.columnsOf(way.to));
  };
  const sent = settle({ starts: startsOf(input.changed), ways, arrive });
  const own = new Map(input.changed.map((change) => [change.key, change.effect]));
  const starts = [...startsOf(input.changed)].sort(([a], [b]) => (a < b ? -1 : 1));
  const arrivals = new Map<Way, Arrival>();
  const arriving = (way: Way): Arrival => {
    const arrival = arrivals.get(way) ?? arrive(way, sent.get(way.from) ?? still);
    arrivals.set(way, arrival);
    return arrival;
  };
  let found = new Map<AssetKey, Spread>();
  for (const level of effects)
    found = new Map([...found, ...shortestWays({ starts, ways, arriving, level, below: found })]);
  const reached = [...found.values()].filter(({ key, effect }) => {
    const before = own.get(key);
    return before === undefined || effects.indexOf(effect) > effects.indexOf(before);
  });
  return { reached, asked: [...asked].sort() };
}

type Starts = Map<AssetKey, Outgoing>;
type Ways = { get(key: AssetKey): readonly Way[] };
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
function waysOf(lists: readonly (readonly Edge[])[]): Ways {
  const ends = lists.map(endsOf);
  const known = new Map<AssetKey, readonly Way[]>();
  return {
    get(key) {
      const found = known.get(key) ?? waysFrom(key, ends);
      known.set(key, found);
      return found;
    },
  };
}

/** Each way once, in order. */
function waysFrom(key: AssetKey, ends: readonly Ends[]): Way[] {
  const ways = ends.flatMap(({ leaving, turned }): Way[] => [
    ...(leaving.get(key) ?? []).map(({ from, to, kind }) => ({ from, to, kind, against: false })),
    ...(turned.get(key) ?? []).map(({ from, to, kind }) => ({ from: to, to: from, kind, against: true })),
  ]);
  ways.sort(inOrder);
  return ways.filter((way, at) => {
    const last = ways[at - 1];
    return last === undefined || inOrder(last, way) !== 0;
  });
}

/** Edges by where a change comes from: along them by their start, and by their end where it goes against them. */
type Ends = { leaving: ReadonlyMap<AssetKey, readonly Edge[]>; turned: ReadonlyMap<AssetKey, readonly Edge[]> };
const endsKnown = new WeakMap<readonly Edge[], Ends>();

/** Worked out once for a list. */
function endsOf(edges: readonly Edge[]): Ends {
  const known = endsKnown.get(edges);
  if (known !== undefined) return known;
  const [leaving, turned] = [new Map<AssetKey, Edge[]>(), new Map<AssetKey, Edge[]>()];
  for (const edge of edges) {
    if (along.includes(edge.kind)) put(leaving, edge.from, edge);
    if (against.includes(edge.kind)) put(turned, edge.to, edge);
  }
  endsKnown.set(edges, { leaving, turned });
  return { leaving, turned };
}

function put(into: Map<AssetKey, Edge[]>, key: AssetKey, edge: Edge): void {
  const known = into.get(key);
  if (known === undefined) into.set(key, [edge]);
  else known.push(edge);
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
    for (const way of input.ways.get(key)) {
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
  /** What comes in by a way when everything has gone as far as it goes. */
  arriving(way: Way): Arrival;
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
  const { starts, ways, arriving, level, below } = search;
  const enough = (effect: Effect) => atMost(level, effect) === level;
  const begun = new Set(starts.map(([key]) => key));
  const paths = new Map<AssetKey, AssetKey[]>(
    starts.filter(([, out]) => enough(out.rows)).map(([key]): [AssetKey, AssetKey[]] => [key, [key]]),
  );
  const found = new Map<AssetKey, Spread>();
  const queue = [...paths.keys()];
  const travel = (from: AssetKey, path: readonly AssetKey[]) => {
    for (const way of ways.get(from)) {
      const ends = way.kind === 'describes' && way.against;
      if (paths.has(way.to) && (found.has(way.to) || path.includes(way.to))) continue;
      if (ends && (found.has(way.to) || (level === 'none' && !begun.has(from)))) continue;
      const { effect, because } = arriving(way);
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
