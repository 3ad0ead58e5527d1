import type { Asset } from '../../model/asset.ts';
import type { AssetKey } from '../../model/identifiers.ts';

/** `selection`: words after the verb, `--select a b+ --exclude c`; `kinds`: what the verb works on. */
export type Selector = (selection: readonly string[], kinds: readonly string[]) => AssetKey[];

/**
 * Makes what tells the keys that a dbt selection means, in the order of `assets`. What cannot be evaluated here selects all, and
 * excludes nothing.
 */
export function createSelector(assets: readonly Asset[], upstream: () => Upstream): Selector {
  const graph = graphOf(assets, upstream);
  const { all, byKey } = indexOf(assets);
  return (selection, kinds) => {
    const { include, exclude, isClear } = readSelection(selection);
    const chosen = include.length === 0 || !isClear ? all : (union(include.map((word) => wordOf(word, graph))) ?? all);
    const left = union(exclude.map((word) => wordOf(word, graph) ?? new Set<AssetKey>())) ?? new Set<AssetKey>();
    const tests = kinds.includes('dbt:test') ? graph : null;
    const among =
      tests === null
        ? [...chosen]
            .flatMap((key) => byKey.get(key) ?? [])
            .sort((a, b) => a.index - b.index)
            .map(({ asset }) => asset)
        : assets;
    return among
      .filter((asset) => kinds.includes(asset.kind))
      .filter(({ key }) => isChosen(key, chosen, tests) && !isChosen(key, left, tests))
      .map((asset) => asset.key);
  };
}

/** A test is chosen by itself, or with what it tests. */
function isChosen(key: AssetKey, chosen: ReadonlySet<AssetKey>, graph: Graph | null): boolean {
  return chosen.has(key) || (graph !== null && (graph.upstream().get(key) ?? []).some((tested) => chosen.has(tested)));
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

/** What each asset reads. */
export type Upstream = ReadonlyMap<AssetKey, readonly AssetKey[]>;

/** What only some selections ask for is worked out when the first one does. */
type Graph = { assets: readonly Asset[]; upstream(): Upstream; downstream(): Upstream };

function graphOf(assets: readonly Asset[], upstream: () => Upstream): Graph {
  let downstream: Upstream | null = null;
  return { assets, upstream, downstream: () => (downstream ??= turned(upstream())) };
}

function turned(upstream: Upstream): Upstream {
  const downstream = new Map<AssetKey, AssetKey[]>();
  for (const [to, all] of upstream) {
    for (const from of all) {
      const known = downstream.get(from);
      if (known === undefined) downstream.set(from, [to]);
      else known.push(to);
    }
  }
  return downstream;
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
  if (after !== undefined || before === '@') walk(start, graph.downstream(), depthOf(down), chosen);
  if (before === '@') walk([...chosen], graph.upstream(), Number.POSITIVE_INFINITY, chosen);
  else if (before !== undefined) walk(start, graph.upstream(), depthOf(up), chosen);
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
  return namesOf(asset).some((name) => value.test(name));
}

function namesOf(asset: Asset): string[] {
  const fqn = listed(asset.facts.fqn);
  const folders = [0, 1].flatMap((from) =>
    fqn.slice(from).map((_, length) => fqn.slice(from, from + length + 1).join('.')),
  );
  return [asset.name, asset.key.slice(asset.kind.length + 1), ...folders];
}

function namedPlainly(text: string, graph: Graph): AssetKey[] {
  const index = indexOf(graph.assets);
  index.byName ??= namesIn(graph.assets);
  return index.byName.get(text) ?? [];
}

/** `byName` is made when the first plain name is looked for. */
type Index = {
  all: ReadonlySet<AssetKey>;
  byKey: ReadonlyMap<AssetKey, { asset: Asset; index: number }>;
  byName: ReadonlyMap<string, AssetKey[]> | null;
};
const indices = new WeakMap<readonly Asset[], Index>();

/** Worked out once for a list. */
function indexOf(assets: readonly Asset[]): Index {
  const known = indices.get(assets) ?? {
    all: new Set(assets.map((asset) => asset.key)),
    byKey: new Map(assets.map((asset, index) => [asset.key, { asset, index }])),
    byName: null,
  };
  indices.set(assets, known);
  return known;
}

function namesIn(assets: readonly Asset[]): Map<string, AssetKey[]> {
  const index = new Map<string, AssetKey[]>();
  for (const asset of assets) {
    for (const name of new Set(namesOf(asset))) {
      const known = index.get(name);
      if (known === undefined) index.set(name, [asset.key]);
      else known.push(asset.key);
    }
  }
  return index;
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
  if (method === 'fqn' && /^[\w.-]+$/.test(text)) return namedPlainly(text, graph);
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
