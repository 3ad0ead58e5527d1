import type { Asset } from '../../../model/asset.ts';
import { type AssetChange, type Effect, worse } from '../../../model/change.ts';
import { isBuiltIn } from './built-in-macros.ts';
import { macroClosure } from './macro-closure.ts';
import type { Side } from './side.ts';
import { changedMacros } from './touched.ts';

type MacroInput = {
  before: ReadonlyMap<string, Asset>;
  after: ReadonlyMap<string, Asset>;
  sides: { base: Side; head: Side };
  /** What has been found out of all that may call them. */
  changes: readonly AssetChange[];
};

/** What a changed macro does is what it does to those that call it, each of which has been judged by itself. */
export function compareMacros({ before, after, sides, changes }: MacroInput): AssetChange[] {
  const meaning = new Set(changedMacros(sides.base, sides.head));
  const closures = closuresOf(after, sides.head, meaning.size > 0);
  const effectOf = new Map(changes.map((change) => [String(change.key), change.effect]));
  return [...after.values()].flatMap((asset): AssetChange[] => {
    const was = before.get(asset.key);
    if (asset.kind !== 'dbt:macro' || was === undefined) return [];
    const { key, name } = asset;
    if (!meaning.has(name)) {
      const [base, head] = [sides.base, sides.head];
      const isSame = base.revision.files.text(was.path ?? '') === head.revision.files.text(asset.path ?? '');
      return isSame ? [] : [{ key, effect: 'none', because: 'It says the same as before.', columns: [] }];
    }
    const callers = [...closures].flatMap(([caller, macros]) => (macros.has(name) ? [caller] : []));
    const effect = callers.map((caller) => effectOf.get(caller) ?? 'none').reduce<Effect>(worse, 'none');
    if (callers.length > 0) return [{ key, effect, because: sentence(effect, callers.length), columns: null }];
    return isBuiltIn(name)
      ? [{ key, effect: 'unknown', because: 'It differs, and dbt itself may call it.', columns: null }]
      : [{ key, effect: 'compatible', because: 'It differs, and no model calls it.', columns: [] }];
  });
}

function sentence(effect: Effect, callers: number): string {
  const who = callers === 1 ? 'the one model that calls it' : `the ${callers} models that call it`;
  if (effect === 'none') return `It differs, and gives the same for ${who}.`;
  return `It differs: at worst ${effect} for ${who}.`;
}

/** The macros that each model and snapshot may come to call. */
function closuresOf(assets: ReadonlyMap<string, Asset>, side: Side, wanted: boolean): Map<string, ReadonlySet<string>> {
  if (!wanted) return new Map();
  const calling = [...assets.values()].filter((asset) => ['dbt:model', 'dbt:snapshot'].includes(asset.kind));
  const textOf = (asset: Asset) => side.revision.files.text(asset.path ?? '') ?? '';
  return new Map(calling.map((asset) => [asset.key, new Set(macroClosure(textOf(asset), side.texts))]));
}
