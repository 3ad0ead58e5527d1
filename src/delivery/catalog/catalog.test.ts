import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Asset, Edge } from '../../model/asset.ts';
import { type AssetKey, assetKey, type PartKey, partKey } from '../../model/identifiers.ts';
import { mention } from '../../model/mention.ts';
import type { Discovery } from '../../targets/contract.ts';
import { plainChecking } from '../project/checking.ts';
import type { Project } from '../project/project.ts';
import { assembleCatalog } from './assemble-catalog.ts';
import { matcherOf } from './asset-rules.ts';
import { circularGroups } from './cycles.ts';
import { mergeExact } from './merge-exact.ts';

const project: Project = {
  name: 'p',
  owner: 'platform',
  parts: [],
  values: [],
  secrets: [],
  environments: [],
  assetRules: [],
  ignore: [],
  checking: plainChecking,
};

function asset(name: string, path: string | null = `${name}.py`, more: Partial<Asset> = {}): Asset {
  return { ...mention(assetKey('airflow:dag', name)), path, line: path === null ? null : 1, ...more };
}

function edge(from: string, to: string, kind: Edge['kind'] = 'feeds'): Edge {
  return { from: assetKey('airflow:dag', from), to: assetKey('airflow:dag', to), kind };
}

function assemble(found: { [part: string]: Partial<Discovery> }, changed: Partial<Project> = {}) {
  const discoveries = new Map<PartKey, Discovery>(
    Object.entries(found).map(([name, discovery]) => [
      partKey('airflow', name),
      { assets: [], edges: [], findings: [], ...discovery },
    ]),
  );
  return assembleCatalog({ project: { ...project, ...changed }, discoveries, resolvers: [], findings: [] });
}

test('two assets of one key are a finding that names both places, and the first is kept', () => {
  const catalog = assemble({ a: { assets: [asset('x', 'a/x.py')] }, b: { assets: [asset('x', 'b/x.py')] } });
  assert.deepEqual(
    catalog.assets.map((one) => one.path),
    ['a/x.py'],
  );
  assert.deepEqual(
    catalog.findings.map((finding) => finding.message),
    ['Two assets have the key `airflow:dag/x`: a/x.py:1 and b/x.py:1.'],
  );
});

test('a mention gives way to the asset itself without a finding', () => {
  const catalog = assemble({
    a: { assets: [asset('x', null)] },
    b: { assets: [asset('x', 'b/x.py'), asset('x', null)] },
  });
  assert.deepEqual(
    catalog.assets.map((one) => one.path),
    ['b/x.py'],
  );
  assert.deepEqual(catalog.findings, []);
});

test('a circle of assets is a finding with the way through it', () => {
  const catalog = assemble({
    a: {
      assets: [asset('a'), asset('b'), asset('c')],
      edges: [edge('a', 'b'), edge('b', 'c'), edge('c', 'a'), edge('a', 'a')],
    },
  });
  assert.deepEqual(
    catalog.findings.map(({ check, message }) => [check, message]),
    [
      [
        'asset-cycle',
        'Assets depend on each other in a circle: airflow:dag/a -> airflow:dag/b -> airflow:dag/c -> airflow:dag/a.',
      ],
    ],
  );
});

test('owners: the code, then the most specific rule, then the project', () => {
  const rule = (pattern: string, owner: string) => ({ pattern, owner, serviceLevel: null, sensitivity: [pattern] });
  const catalog = assemble(
    { a: { assets: [asset('none'), asset('code', 'c.py', { owner: 'coder' }), asset('orders_a'), asset('orders_b')] } },
    { assetRules: [rule('airflow:dag/orders_b', 'exact'), rule('airflow:dag/orders_*', 'glob')] },
  );
  assert.deepEqual(
    catalog.assets.map((one) => [one.name, one.owner, one.sensitivity.length]),
    [
      ['code', 'coder', 0],
      ['none', 'platform', 0],
      ['orders_a', 'glob', 1],
      ['orders_b', 'exact', 2],
    ],
  );
});

test('a rule that no asset matches is a warning with the key that was meant', () => {
  const catalog = assemble(
    { a: { assets: [asset('orders')] } },
    { assetRules: [{ pattern: 'airflow:dag/ordesr', owner: 'x', serviceLevel: null, sensitivity: [] }] },
  );
  assert.deepEqual(
    catalog.findings.map(({ check, hint }) => [check, hint]),
    [['project-rule-unused', 'Did you mean `airflow:dag/orders`?']],
  );
});

test('a star stays within a name, two stars go across, all else is literal', () => {
  assert.deepEqual(
    ['a/b', 'a/bc', 'a/b/c', 'axb'].map((key) => [
      matcherOf('a/b*')(key),
      matcherOf('a/**')(key),
      matcherOf('a.b')(key),
    ]),
    [
      [true, true, false],
      [true, true, false],
      [false, true, false],
      [false, false, false],
    ],
  );
});

const names = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f');
const someEdges = fc.array(fc.tuple(names, names), { maxLength: 14 });

test('a group is circular exactly when each member reaches itself', () => {
  fc.assert(
    fc.property(someEdges, (pairs) => {
      const next = new Map<AssetKey, AssetKey[]>();
      for (const [from, to] of pairs)
        if (from !== to)
          next.set(assetKey('k:k', from), [...(next.get(assetKey('k:k', from)) ?? []), assetKey('k:k', to)]);
      const reaches = (start: AssetKey) => {
        const seen = new Set<AssetKey>();
        const todo = [...(next.get(start) ?? [])];
        for (let at = todo.pop(); at !== undefined; at = todo.pop()) {
          if (seen.has(at)) continue;
          seen.add(at);
          todo.push(...(next.get(at) ?? []));
        }
        return seen.has(start);
      };
      const circular = [...next.keys()].filter(reaches).sort();
      assert.deepEqual(circularGroups(next).flat().sort(), circular);
    }),
  );
});

test('the exact reading replaces the covered files and leaves the others as their text says', () => {
  const files = fc.constantFrom('1.py', '2.py', '3.py');
  const found = fc.uniqueArray(fc.record({ name: names, path: files }), { selector: (one) => one.name });
  fc.assert(
    fc.property(found, found, fc.subarray(['1.py', '2.py', '3.py']), (text, exact, covered) => {
      const exactAssets = exact
        .filter((one) => covered.includes(one.path))
        .map((one) => asset(one.name, one.path, { exactness: 'exact' }));
      const merged = mergeExact(
        {
          assets: text.map((one) => asset(one.name, one.path)),
          edges: text.map((one) => edge('source', one.name)),
          findings: [],
        },
        { assets: exactAssets, edges: [], findings: [], covered },
      );
      const keys = merged.assets.map((one) => one.key);
      assert.equal(new Set(keys).size, keys.length, 'each key once');
      assert.ok(
        merged.assets.every(
          (one) => (one.exactness === 'exact') === exactAssets.some((other) => other.key === one.key),
        ),
      );
      const kept = text.filter(
        (one) => !covered.includes(one.path) && !exactAssets.some((other) => other.name === one.name),
      );
      assert.deepEqual(
        merged.assets
          .filter((one) => one.exactness === 'static')
          .map((one) => one.name)
          .sort(),
        kept.map((one) => one.name).sort(),
      );
      assert.deepEqual(
        merged.edges.map((one) => one.to).sort(),
        kept.map((one) => assetKey('airflow:dag', one.name)).sort(),
      );
    }),
  );
});
