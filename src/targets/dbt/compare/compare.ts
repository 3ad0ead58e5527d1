import { isDeepStrictEqual } from 'node:util';
import type { Asset } from '../../../model/asset.ts';
import type { AssetChange } from '../../../model/change.ts';
import type { CompareInput } from '../../contract.ts';
import { objectOf } from '../static/dbt-project.ts';
import { compareMacros } from './compare-macros.ts';
import { compareModel } from './compare-model.ts';
import { compareProperties, compareSource, type PropertyChange } from './compare-properties.ts';
import { compareSeed } from './compare-seed.ts';
import { closureDigest } from './macro-closure.ts';
import { compareConfig, configOf, textOf } from './model-config.ts';
import type { Pair } from './pair.ts';
import { plainEdits } from './plain-edits.ts';
import { resourcesOf } from './resources.ts';
import { changedEverywhere, readSide, type Side } from './side.ts';
import { codeOf } from './template-text.ts';
import { isMaybeTouched, type Touch } from './touched.ts';
import { capital, worst } from './worst.ts';

/** What a change does to the resources of a dbt project, by the text of both revisions alone. */
export async function compare(input: CompareInput): Promise<AssetChange[]> {
  const { base, head } = input;
  const before = ownAssets(base?.discovery.assets ?? []);
  const after = ownAssets(head?.discovery.assets ?? []);
  const gone = [...before.values()].filter((asset) => !after.has(asset.key)).map(removed);
  const fresh = [...after.values()].filter((asset) => !before.has(asset.key)).map(added);
  if (base === null || head === null) return [...gone, ...fresh];
  const edited = plainEdits(input, readSide(base));
  const sides = {
    base: readSide(base),
    head: edited === null ? readSide(head) : { ...readSide(base), revision: head },
  };
  const isAsked = (path: string | null | undefined) => edited === null || edited.has(path ?? '');
  const both = [...after.values()].filter(
    ({ key, path }) => before.has(key) && (isAsked(path) || isAsked(before.get(key)?.path)),
  );
  const found = { base: resourcesOf(sides.base), head: resourcesOf(sides.head) };
  const touch = isMaybeTouched(sides.base, sides.head, input.changed);
  const changes: AssetChange[] = [];
  const isTestTreeSame = isDeepStrictEqual(
    sides.base.project.trees.data_tests ?? null,
    sides.head.project.trees.data_tests ?? null,
  );
  for (const asset of both.filter((one) => one.kind !== 'dbt:macro')) {
    const was = before.get(asset.key) ?? asset;
    const moved = was.path === asset.path ? null : movedFile;
    if (asset.kind === 'dbt:test') {
      const isOther = touch.text(was.path, asset.path) && !saysSameTests(sides, was, asset);
      const change = isOther || !isTestTreeSame || !callsTheSame(sides, asset, touch) ? testChange : moved;
      if (change !== null) changes.push({ key: asset.key, ...change });
      continue;
    }
    const pair: Pair = {
      asset,
      base: { side: sides.base, resource: found.base(was) },
      head: { side: sides.head, resource: found.head(asset) },
    };
    const change = (await comparePair(pair, touch)) ?? moved;
    if (change !== null) changes.push({ key: asset.key, ...change });
  }
  const macros = edited === null ? compareMacros({ before, after, sides, changes }) : [];
  return [...gone, ...fresh, ...changes, ...macros];
}

function ownAssets(assets: readonly Asset[]): Map<string, Asset> {
  return new Map(assets.filter((asset) => asset.kind.startsWith('dbt:')).map((asset) => [asset.key, asset]));
}

const readByNobody = ['dbt:test', 'dbt:exposure', 'dbt:macro'];

function removed({ key, kind }: Asset): AssetChange {
  return readByNobody.includes(kind)
    ? { key, effect: 'compatible', because: 'It is gone, and holds no data.', columns: [] }
    : { key, effect: 'breaking', because: 'It is gone.', columns: null };
}

function added({ key }: Asset): AssetChange {
  return { key, effect: 'compatible', because: 'It is new; nobody reads it yet.', columns: [] };
}

async function comparePair(pair: Pair, touch: Touch): Promise<PropertyChange | null> {
  const { kind } = pair.asset;
  if (kind === 'dbt:source') return compareSourcePair(pair);
  if (kind === 'dbt:exposure') return unlessSame(pair, 'What it says of itself differs; no data does.');
  if (kind === 'dbt:seed') return compareSeedPair(pair, touch);
  return compareModel(pair, touch);
}

/** A source may say where it lies by Jinja, which reads variables and macros. */
function compareSourcePair({ base, head }: Pair): PropertyChange | null {
  const found = compareSource(base.resource, head.resource);
  const [before, after] = [base, head].map(({ side, resource }) => {
    const {
      columns: _columns,
      tests: _tests,
      data_tests: _dataTests,
      description: _words,
      meta: _meta,
      ...place
    } = resource.said;
    return textOf(place, side, side.world.variables);
  });
  const [was, is] = [base, head].map(({ side, resource: { said } }) => {
    const enabled = objectOf(said.config).enabled ?? said.enabled ?? true;
    return textOf(enabled, side, side.world.variables);
  });
  if (was !== is) return { effect: 'unknown', because: 'Whether it is there may be told otherwise.', columns: null };
  if (found !== null || before === after) return found;
  return { effect: 'unknown', because: 'It may lie elsewhere: what its YAML reads has changed.', columns: null };
}

function unlessSame({ base, head }: Pair, because: string): PropertyChange | null {
  return isDeepStrictEqual(base.resource.said, head.resource.said)
    ? null
    : { effect: 'compatible', because, columns: [] };
}

/** A generic test stands in YAML beside much else. */
function saysSameTests(sides: { base: Side; head: Side }, was: Asset, asset: Asset): boolean {
  const tests = ({ found }: Side, path: string | null) =>
    found.entries.filter(({ file }) => file === path).map(({ said }) => testsWithin(said));
  return asset.facts.generic === true && isDeepStrictEqual(tests(sides.base, was.path), tests(sides.head, asset.path));
}

/** Macros, variables and generic tests that a test comes to call say the same. */
function callsTheSame(sides: { base: Side; head: Side }, { path, facts }: Asset, touch: Touch): boolean {
  const text = sides.head.revision.files.text(path ?? '') ?? '';
  // A generic test is a macro with `test_` before its name.
  const named = facts.generic === true ? text.replaceAll(/\w+/g, (word) => `${word} test_${word}`) : text;
  if (!touch.through(named)) return true;
  const said = ({ texts, world }: Side) => [closureDigest(named, texts), world.surroundings(codeOf(text))];
  return isDeepStrictEqual(said(sides.base), said(sides.head));
}

/** All that stands under `tests` and `data_tests`, wherever it is. */
function testsWithin(said: unknown): unknown[] {
  if (said === null || typeof said !== 'object') return [];
  return Object.entries(said).flatMap(([key, inside]) =>
    key === 'tests' || key === 'data_tests' ? [inside] : testsWithin(inside),
  );
}

/** A test holds no data: whatever it checks now, what it checks is as it was. */
const testChange: PropertyChange = {
  effect: 'compatible',
  because: 'It may check something else; the data that it checks is as it was.',
  columns: [],
};

const movedFile: PropertyChange = { effect: 'none', because: 'Its file has moved.', columns: [] };

function compareSeedPair(pair: Pair, touch: Touch): PropertyChange | null {
  const { base, head } = pair;
  const [before, after] = [base, head].map(({ side, resource }) =>
    resource.path === null ? null : side.revision.files.text(resource.path),
  );
  const everywhere = changedEverywhere(base.side, head.side);
  const config = compareConfig(
    configOf(base.side, base.resource, new Map()),
    configOf(head.side, head.resource, new Map()),
  );
  const changes: (PropertyChange | null)[] = [
    touch.text(base.resource.path, head.resource.path) ? compareSeed(before ?? null, after ?? null) : null,
    config === null ? null : { ...config, columns: config.effect === 'none' ? [] : null },
    compareProperties(base.resource, head.resource, { base: false, head: false }),
    everywhere === null
      ? null
      : {
          effect: 'unknown',
          because: `${capital(everywhere)} differs, which may change how it is built.`,
          columns: null,
        },
  ];
  return worst(changes);
}
