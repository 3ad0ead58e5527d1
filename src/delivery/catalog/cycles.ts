import type { Asset, Edge } from '../../model/asset.ts';
import { dataKinds } from '../../model/data-keys.ts';
import type { Finding } from '../../model/finding.ts';
import { type AssetKey, kindOf } from '../../model/identifiers.ts';

/**
 * A finding for each group of assets that depend on each other in a circle, with one shortest path through it. Who reads what it writes
 * itself, such as a table that it adds to, is no circle, and a folder is none with what lies in it. A DAG may read what it ran before.
 */
export function cycleFindings(assets: readonly Asset[], edges: readonly Edge[]): Finding[] {
  const next = new Map<AssetKey, AssetKey[]>();
  const isData = dataOnce();
  let there: ReadonlySet<string> | null = null;
  const isThere = (from: AssetKey, to: AssetKey) => {
    there ??= new Set(edges.filter(({ kind }) => kind === 'feeds').map((edge) => `${edge.from}\n${edge.to}`));
    return there.has(`${from}\n${to}`);
  };
  const runners = new Set(edges.filter(({ kind }) => kind === 'runs').map((edge) => edge.from));
  for (const { from, to, kind } of edges) {
    if (kind === 'feeds' && runners.has(to) && isData(from)) continue;
    const isOwn = kind === 'feeds' && isData(from) && (isData(to) || isThere(to, from));
    if (from === to || isOwn) continue;
    const known = next.get(from);
    if (known === undefined) next.set(from, [to]);
    else known.push(to);
  }
  if (!hasCircle(next)) return [];
  const byKey = new Map(assets.map((asset) => [asset.key, asset]));
  return circularGroups(next).map((group) => finding(shortestCircle(group, next), byKey));
}

/** Whether a key is of data; worked out once for each. */
function dataOnce(): (key: AssetKey) => boolean {
  const known = new Map<AssetKey, boolean>();
  return (key) => {
    const found = known.get(key) ?? dataKinds.includes(kindOf(key));
    known.set(key, found);
    return found;
  };
}

/** Takes away what nothing left leads to, until there is no such thing; what is then left goes round. */
function hasCircle(next: ReadonlyMap<AssetKey, readonly AssetKey[]>): boolean {
  const leading = new Map<AssetKey, number>();
  for (const all of next.values()) for (const to of all) leading.set(to, (leading.get(to) ?? 0) + 1);
  const free = [...next.keys()].filter((key) => !leading.has(key));
  let left = leading.size;
  for (let key = free.pop(); key !== undefined; key = free.pop()) {
    for (const to of next.get(key) ?? []) {
      const others = (leading.get(to) ?? 0) - 1;
      leading.set(to, others);
      if (others > 0) continue;
      left -= 1;
      free.push(to);
    }
  }
  return left > 0;
}

/** Strongly connected groups of more than one key (Tarjan, without recursion), each sorted. */
export function circularGroups(next: ReadonlyMap<AssetKey, readonly AssetKey[]>): AssetKey[][] {
  const order = new Map<AssetKey, number>();
  const low = new Map<AssetKey, number>();
  const stack: AssetKey[] = [];
  const stacked = new Set<AssetKey>();
  const groups: AssetKey[][] = [];
  for (const start of [...next.keys()].sort()) {
    if (order.has(start)) continue;
    const work: { key: AssetKey; child: number }[] = [{ key: start, child: 0 }];
    while (work.length > 0) {
      const top = work.at(-1);
      if (top === undefined) break;
      if (!order.has(top.key)) enter(top.key);
      const child = (next.get(top.key) ?? [])[top.child];
      if (child === undefined) {
        work.pop();
        leave(top.key, work.at(-1)?.key);
      } else {
        top.child += 1;
        if (!order.has(child)) work.push({ key: child, child: 0 });
        else if (stacked.has(child)) lower(top.key, order.get(child) ?? 0);
      }
    }
  }
  return groups.map((group) => group.sort()).sort((a, b) => ((a[0] ?? '') < (b[0] ?? '') ? -1 : 1));

  function enter(key: AssetKey): void {
    order.set(key, order.size);
    low.set(key, order.size - 1);
    stack.push(key);
    stacked.add(key);
  }
  function lower(key: AssetKey, to: number): void {
    low.set(key, Math.min(low.get(key) ?? to, to));
  }
  function leave(key: AssetKey, parent: AssetKey | undefined): void {
    if (parent !== undefined) lower(parent, low.get(key) ?? 0);
    if (low.get(key) !== order.get(key)) return;
    const group = stack.splice(stack.lastIndexOf(key));
    for (const member of group) stacked.delete(member);
    if (group.length > 1) groups.push(group);
  }
}

/** A shortest way from the group's first key back to itself. */
function shortestCircle(group: readonly AssetKey[], next: ReadonlyMap<AssetKey, readonly AssetKey[]>): AssetKey[] {
  const members = new Set(group);
  const start = group[0];
  if (start === undefined) return [];
  const cameFrom = new Map<AssetKey, AssetKey>();
  const queue: AssetKey[] = [start];
  for (let at = queue.shift(); at !== undefined; at = queue.shift()) {
    for (const to of next.get(at) ?? []) {
      if (to === start) return wayBack(at, cameFrom, [start]);
      if (!members.has(to) || cameFrom.has(to)) continue;
      cameFrom.set(to, at);
      queue.push(to);
    }
  }
  return [...group];
}

function wayBack(last: AssetKey, cameFrom: ReadonlyMap<AssetKey, AssetKey>, end: AssetKey[]): AssetKey[] {
  const path = [last, ...end];
  for (let at = cameFrom.get(last); at !== undefined; at = cameFrom.get(at)) path.unshift(at);
  return path;
}

function finding(path: readonly AssetKey[], byKey: ReadonlyMap<AssetKey, Asset>): Finding {
  const [first] = path;
  const asset = first === undefined ? undefined : byKey.get(first);
  return {
    check: 'asset-cycle',
    asset: first ?? null,
    path: asset?.path ?? null,
    line: asset?.line ?? null,
    status: 'failed',
    severity: 'error',
    message: `Assets depend on each other in a circle: ${path.join(' -> ')}.`,
    hint: 'Take one of these dependencies away; no order can serve them all.',
  };
}
