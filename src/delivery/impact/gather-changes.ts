import type { Asset } from '../../model/asset.ts';
import { type AssetChange, type ColumnChange, effects, worse } from '../../model/change.ts';
import type { AssetKey } from '../../model/identifiers.ts';
import { canonicalJson } from '../../model/json.ts';

export type GatherInput = {
  base: readonly Asset[];
  head: readonly Asset[];
  /** What the targets answered, part by part; one asset may be in several answers. */
  answers: readonly AssetChange[];
};

/**
 * One change for each asset that is not as it was: what the targets answered, the worst where they answered twice; assets that only
 * one revision defines; owners, service levels and sensitivity that are others now. Sorted: worst first, then by key.
 */
export function gatherChanges(input: GatherInput): AssetChange[] {
  // Two equal lists differ in nothing; only the answers are left.
  const isSame = input.base === input.head;
  const base = definitions(isSame ? [] : input.base);
  const head = definitions(isSame ? [] : input.head);
  const changes = new Map<AssetKey, AssetChange>();
  for (const answer of input.answers) changes.set(answer.key, joined(changes.get(answer.key), answer));
  for (const key of base.keys()) {
    if (head.has(key) || (changes.get(key)?.effect ?? 'none') !== 'none') continue;
    changes.set(key, { key, effect: 'breaking', because: 'It is no longer in the project.', columns: null });
  }
  for (const key of head.keys()) {
    if (!base.has(key) && !changes.has(key))
      changes.set(key, { key, effect: 'compatible', because: 'It is new.', columns: null });
  }
  for (const [key, asset] of head) {
    const before = base.get(key);
    const answer = before === undefined ? null : aboutPeople(before, asset);
    if (answer !== null) changes.set(key, joined(changes.get(key), answer));
  }
  return [...changes.values()].sort(byEffectThenKey);
}

/** Assets that a part defines; what is only mentioned is nobody's to change. */
function definitions(assets: readonly Asset[]): ReadonlyMap<AssetKey, Asset> {
  const found =
    defined.get(assets) ??
    new Map(assets.filter((asset) => asset.part !== null).map((asset) => [asset.key, asset] as const));
  defined.set(assets, found);
  return found;
}

const defined = new WeakMap<readonly Asset[], ReadonlyMap<AssetKey, Asset>>();

function joined(known: AssetChange | undefined, next: AssetChange): AssetChange {
  if (known === undefined || known.effect === 'none') return next;
  if (next.effect === 'none') return known;
  const effect = worse(known.effect, next.effect);
  const telling = effect === known.effect ? known : next;
  return { ...telling, columns: joinColumns(known.columns, next.columns) };
}

/** Both lists together; null, every column, where either is. A column that differs in two ways is a changed one. */
export function joinColumns(a: ColumnChange[] | null, b: ColumnChange[] | null): ColumnChange[] | null {
  if (a === null || b === null) return null;
  const byName = new Map(a.map((column) => [column.name, column]));
  for (const column of b) {
    const known = byName.get(column.name);
    byName.set(
      column.name,
      known === undefined || known.change === column.change ? column : { ...column, change: 'changed' },
    );
  }
  return [...byName.values()].sort((one, other) => (one.name < other.name ? -1 : 1));
}

/** Nobody reads other data because of these, so the change travels nowhere: it is limited to no column at all. */
function aboutPeople(before: Asset, after: Asset): AssetChange | null {
  const said = [
    ...(before.owner === after.owner
      ? []
      : [`its owner is \`${after.owner ?? 'nobody'}\` instead of \`${before.owner ?? 'nobody'}\``]),
    ...(isSame(before.serviceLevel, after.serviceLevel) ? [] : ['its service level is another']),
    ...(isSame(before.sensitivity, after.sensitivity) ? [] : ['its sensitivity is another']),
  ];
  if (said.length === 0) return null;
  const sentence = said.join(', and ');
  return {
    key: after.key,
    effect: 'compatible',
    because: `${sentence.charAt(0).toUpperCase()}${sentence.slice(1)}.`,
    columns: [],
  };
}

function isSame(a: Asset['serviceLevel'] | string[], b: Asset['serviceLevel'] | string[]): boolean {
  const isNothing = Array.isArray(a) && Array.isArray(b) && a.length + b.length === 0;
  return a === b || isNothing || canonicalJson(a) === canonicalJson(b);
}

export function byEffectThenKey(
  a: Pick<AssetChange, 'key' | 'effect'>,
  b: Pick<AssetChange, 'key' | 'effect'>,
): number {
  return effects.indexOf(b.effect) - effects.indexOf(a.effect) || (a.key < b.key ? -1 : a.key > b.key ? 1 : 0);
}
