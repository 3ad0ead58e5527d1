import type { Asset } from '../../model/asset.ts';
import type { AssetKey } from '../../model/identifiers.ts';

export type Selecting = {
  assets: readonly Asset[];
  upstream: ReadonlyMap<AssetKey, readonly AssetKey[]>;
  /** Words after the verb: `--select a b+ --exclude c`. */
  selection: readonly string[];
  kinds: readonly string[];
};

/** The keys that a dbt selection means. What cannot be evaluated here selects all, and excludes nothing. */
export function selectAssets(selecting: Selecting): AssetKey[] {
  const { include, exclude, isClear } = readSelection(selecting.selection);
  const graph = graphOf(selecting);
  const all = new Set(selecting.assets.map((asset) => asset.key));
  const chosen = include.length === 0 || !isClear ? all : (union(include.map((word) => wordOf(word, graph))) ?? all);
  const left = union(exclude.map((word) => wordOf(word, graph) ?? new Set<AssetKey>())) ?? new Set<AssetKey>();
  const tests = selecting.kinds.includes('dbt:test');
  return selecting.assets
    .filter((asset) => selecting.kinds.includes(asset.kind))
    .filter(({ key }) => isChosen(key, chosen, tests ? graph : null) && !isChosen(key, left, tests ? graph : null))
    .map((asset) => asset.key);
}

/** A test is chosen by itself, or with what it tests. */
function isChosen(key: AssetKey, chosen: ReadonlySet<AssetKey>, graph: Graph | null): boolean {
  return chosen.has(key) || (graph !== null && (graph.upstream.get(key) ?? []).some((tested) => chosen.has(tested)));
}

function readSelection(words: readonly string[]): { include: string[]; exclude: string[]; isClear: boolean } {
  const lists = { '--select': [] as string[], '--exclude': [] as string[], '--selector': [] as string[] };
  let list: string[] | null = null;
  for (const word of words) {
    if (word in lists) list = lists[word as keyof typeof lists];
    else if (list !== null) list.push(...word.split(/\s+/));
  }
  const isClear = lists['--selector'].length === 0 && !lists['--select'].some((word) => /\{\{|^\*$/.test(word));
  return { include: lists['--select'], exclude: lists['--exclude'].filter((word) => !word.includes('{{')), isClear };
}

type Graph = {
  assets: readonly Asset[];
  upstream: ReadonlyMap<AssetKey, readonly AssetKey[]>;
  downstream: ReadonlyMap<AssetKey, readonly AssetKey[]>;
};

function graphOf({ assets, upstream }: Selecting): Graph {
  const downstream = new Map<AssetKey, AssetKey[]>();
  for (const [to, all] of upstream) {
    for (const from of all) downstream.set(from, [...(downstream.get(from) ?? []), to]);
  }
  return { assets, upstream, downstream };
}

function union(sets: readonly (Set<AssetKey> | null)[]): Set<AssetKey> | null {
  if (sets.length === 0 || sets.includes(null)) return null;
  return new Set(sets.flatMap((set) => [...(set ?? [])]));
}

/** `a,b` is what both select. Null: cannot be told. */
function wordOf(word: string, graph: Graph): Set<AssetKey> | null {
  const sets = word.split(',').map((piece) => pieceOf(piece, graph));
  const [first, ...rest] = sets;
  if (first === undefined || first === null || rest.includes(null)) return null;
  return new Set([...first].filter((key) => rest.every((set) => set?.has(key) === true)));
}

/** `2+name+3`, `@name`, `method:value`. */
function pieceOf(piece: string, graph: Graph): Set<AssetKey> | null {
  const found = /^(@|(\d*)\+)?(.*?)(\+(\d*))?$/.exec(piece);
  if (found === null) return null;
  const [, before, up, name = '', after, down] = found;
  const start = matching(name, graph);
  if (start === null) return null;
  const chosen = new Set(start);
  if (after !== undefined || before === '@') walk(start, graph.downstream, depthOf(down), chosen);
  if (before === '@') walk([...chosen], graph.upstream, Number.POSITIVE_INFINITY, chosen);
  else if (before !== undefined) walk(start, graph.upstream, depthOf(up), chosen);
  return chosen;
}

function depthOf(written: string | undefined): number {
  return written === undefined || written === '' ? Number.POSITIVE_INFINITY : Number(written);
}

function walk(
  start: Iterable<AssetKey>,
  next: ReadonlyMap<AssetKey, readonly AssetKey[]>,
  depth: number,
  into: Set<AssetKey>,
): void {
  let edge = [...start];
  const seen = new Set(edge);
  for (let step = 0; step < depth && edge.length > 0; step += 1) {
    edge = edge.flatMap((key) => next.get(key) ?? []).filter((key) => !seen.has(key));
    for (const key of edge) {
      seen.add(key);
      into.add(key);
    }
  }
}

type Matches = (asset: Asset, value: RegExp, text: string) => boolean;

const methods: { [method: string]: Matches } = {
  tag: (asset, value) => listed(asset.facts.tags).some((tag) => value.test(tag)),
  path: (asset, value, text) => under(asset.path ?? '', text) || value.test(asset.path ?? ''),
  file: (asset, value) =>
    value.test((asset.path ?? '').replace(/^.*\//, '')) ||
    value.test((asset.path ?? '').replace(/^.*\//, '').replace(/\.\w+$/, '')),
  source: (asset, value, text) =>
    asset.kind === 'dbt:source' &&
    (value.test(`${String(asset.facts.source)}.${asset.name}`) ||
      value.test(String(asset.facts.source)) ||
      value.test(`${String(asset.facts.package)}.${text}`)),
  exposure: (asset, value) => asset.kind === 'dbt:exposure' && value.test(asset.name),
  resource_type: (asset, value) => value.test(asset.kind.slice(4)),
  package: (asset, value) => value.test(String(asset.facts.package)),
  test_name: (asset, value) => asset.kind === 'dbt:test' && value.test(asset.name),
  'config.materialized': (asset, value) => value.test(String(asset.facts.materialized)),
  'config.tags': (asset, value) => listed(asset.facts.tags).some((tag) => value.test(tag)),
  'config.schema': (asset, value) => value.test(String(asset.facts.schema)),
  fqn: byName,
};

/** A name, or the folders down to it: `marts.finance.*`. A folder alone selects what is in it. */
function byName(asset: Asset, value: RegExp): boolean {
  const fqn = listed(asset.facts.fqn);
  if (value.test(asset.name) || value.test(String(asset.key).slice(asset.kind.length + 1))) return true;
  return fqn.some(
    (_, from) =>
      (from < 2 && fqn.some((_step, to) => to > from && value.test(fqn.slice(from, to).join('.')))) ||
      (from < 2 && value.test(fqn.slice(from).join('.'))),
  );
}

function matching(name: string, graph: Graph): AssetKey[] | null {
  const colon = name.indexOf(':');
  const method =
    colon === -1
      ? /[/\\]|\.(sql|py|ya?ml|csv)$/.test(name)
        ? name.includes('/')
          ? 'path'
          : 'file'
        : 'fqn'
      : name.slice(0, colon);
  const text = name.slice(colon + 1);
  const matches = methods[method];
  if (matches === undefined || text === '') return null;
  const value = new RegExp(
    `^${text
      .replace(/[.+^${}()|\\]/g, '\\$&')
      .replaceAll('*', '.*')
      .replaceAll('?', '.')}$`,
  );
  return graph.assets.filter((asset) => matches(asset, value, text)).map((asset) => asset.key);
}

function under(path: string, text: string): boolean {
  const folder = text.replace(/^\.\//, '').replace(/\/?\*{0,2}$/, '');
  return folder !== '' && (`/${path}`.includes(`/${folder}/`) || path.endsWith(`/${folder}`));
}

function listed(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : [];
}
