import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Asset, Edge } from '../../model/asset.ts';
import { plainEnvironment } from '../../model/environment.ts';
import { type AssetKey, assetKey, partKey } from '../../model/identifiers.ts';
import type { JsonObject } from '../../model/json.ts';
import { mention } from '../../model/mention.ts';
import { cycleFindings } from './cycles.ts';
import { linkedData } from './linked-data.ts';

const job = assetKey('spark:job', 'load');
const reader = assetKey('spark:job', 'read');

function model(name: string, facts: JsonObject): Asset {
  return {
    ...mention(assetKey('dbt:model', `shop.${name}`)),
    part: partKey('dbt', 'shop'),
    path: `${name}.sql`,
    facts,
  };
}

function table(name: string): AssetKey {
  return assetKey('warehouse:table', name);
}

function path(name: string): AssetKey {
  return assetKey('storage:path', name);
}

function feeds(from: AssetKey, to: AssetKey): Edge {
  return { from, to, kind: 'feeds' };
}

function linked(assets: readonly Asset[], edges: readonly Edge[] = [], values: JsonObject = {}) {
  const environments = [plainEnvironment('prod', values)];
  return linkedData({ assets, edges, environments }).map(({ from, to }) => [from, to]);
}

test('a table that somebody mentions is fed by the model that is built under its name', () => {
  const [own, any] = [model('orders', { builds: '*marts.orders' }), model('items', { builds: '*.items_v2' })];
  const tables = ['analytics_marts.orders', 'raw.orders', 'analytics.items_v2', 'analytics.items'];
  assert.deepEqual(linked([own, any, ...tables.map((name) => mention(table(name)))]), [
    [own.key, table('analytics_marts.orders')],
    [any.key, table('analytics.items_v2')],
  ]);
});

test('a table that a project reads as a source is not the one that it builds', () => {
  const [source, built] = [model('source', {}), model('payments', { builds: '*.payments' })];
  const assets = [source, built, mention(table('raw.payments')), mention(table('analytics.payments'))];
  assert.deepEqual(linked(assets, [feeds(table('raw.payments'), source.key)]), [
    [built.key, table('analytics.payments')],
  ]);
});

test('a folder and what lies in it feed each other, the way they are written', () => {
  const [lake, gold, day] = [path('s3://lake'), path('s3://lake/gold'), path('s3://lake/gold/orders')];
  const assets = [lake, gold, day, path('s3://lake/golden')].map((key) => mention(key));
  assert.deepEqual(linked(assets, [feeds(job, day), feeds(gold, reader)]), [[day, gold]]);
  assert.deepEqual(linked(assets, [feeds(job, gold), feeds(day, reader)]), [
    [gold, lake],
    [gold, day],
  ]);
});

test('paths with values of environments meet where an environment says that they are one place', () => {
  const [root, known] = [path('${values.lake}/gold'), path('s3://prod-lake/gold')];
  const assets = [mention(root), mention(known)];
  assert.deepEqual(linked(assets, [feeds(job, known)], { lake: 's3://other' }), []);
  assert.deepEqual(linked(assets, [feeds(job, known)], { lake: 's3a://prod-lake' }), [[known, root]]);
});

test('a DAG that reads what it ran before is no circle', () => {
  const dag = assetKey('airflow:dag', 'daily');
  const edges: Edge[] = [{ from: dag, to: job, kind: 'runs' }, feeds(job, table('a.b')), feeds(table('a.b'), dag)];
  assert.deepEqual(cycleFindings([], edges), []);
});

test('a job that adds to a table which it reads is no circle; two that feed each other are', () => {
  const [own, other] = [table('a.own'), table('a.other')];
  assert.deepEqual(cycleFindings([], [feeds(job, own), feeds(own, job)]), []);
  const circle = [feeds(job, own), feeds(own, reader), feeds(reader, other), feeds(other, job)];
  assert.equal(cycleFindings([], circle).length, 1);
});
