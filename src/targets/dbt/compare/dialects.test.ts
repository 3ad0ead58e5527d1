import assert from 'node:assert/strict';
import { test } from 'node:test';
import { textsAsFiles } from '../../../model/texts-as-files.ts';
import type { PartRevision } from '../../contract.ts';
import { discover } from '../discover.ts';
import { compare } from './compare.ts';
import { readSide } from './side.ts';

type Texts = { [path: string]: string };

const profile = (type: string) => `shop: { target: dev, outputs: { dev: { type: ${type} } } }`;

async function revision(texts: Texts): Promise<PartRevision> {
  const files = textsAsFiles({ 'dbt/dbt_project.yml': 'name: shop\nprofile: shop\n', ...texts });
  const part = { name: 'shop', settings: { path: 'dbt' } };
  return { files, part, discovery: await discover({ files, part }), environments: [] };
}

async function dialects(texts: Texts): Promise<string> {
  return readSide(await revision(texts)).dialects.join();
}

test('the dialect is that of the profile, wherever it lies, else of the one adapter that is required', async () => {
  const any = 'snowflake,spark,duckdb,postgres';
  assert.equal(await dialects({ 'dbt/profiles.yml': profile('bigquery') }), 'bigquery');
  assert.equal(await dialects({ 'ci/profiles.yml': profile('trino') }), 'trino');
  assert.equal(await dialects({ 'ci/profiles.yml': profile('trino').replace('shop:', 'other:') }), any);
  assert.equal(await dialects({ 'ci/profiles.yml': profile('trino'), 'prod/profiles.yml': profile('duckdb') }), any);
  assert.equal(await dialects({ 'requirements.txt': 'dbt-core==1.9\ndbt-snowflake>=1.9\n' }), 'snowflake');
  assert.equal(await dialects({ 'dbt/pyproject.toml': 'dependencies = ["dbt-duckdb", "dbt-postgres"]' }), any);
  assert.equal(await dialects({ 'dbt/profiles.yml': profile('redshift'), 'requirements.txt': 'dbt-postgres' }), any);
});

async function effect(base: string, head: string, more: Texts): Promise<string | undefined> {
  const [before, after] = await Promise.all([base, head].map((sql) => revision({ ...more, 'dbt/models/m.sql': sql })));
  const changes = await compare({ base: before ?? null, head: after ?? null });
  return changes.find(({ key }) => key === 'dbt:model/shop.m')?.effect;
}

const bigquery = { 'dbt/profiles.yml': profile('bigquery') };

test('SQL of BigQuery is read with its own comments, quotes and names', async () => {
  const base = "select `a`, r'\\d' as b, \"x\" as c from `p.d.t` # it's all\nwhere a > 1";
  assert.equal(await effect(base, base.replace("it's all", 'some').replace('where', '  where'), bigquery), 'none');
  assert.equal(await effect(base, base.replace('"x"', '"X"'), bigquery), 'breaking');
  assert.equal(await effect(base, base.replace(' as c', ' as c, 1 as e'), bigquery), 'compatible');
  const long = "select '''it's -- one''' as a from t";
  assert.equal(await effect(long, long.replace('one', 'two'), bigquery), 'breaking');
  assert.equal(await effect(long, long.replace('one', 'two'), {}), 'unknown');
});

test('BigQuery tells tables apart by the case of their names', async () => {
  const base = 'with s as (select x from Raw.Orders) select x from s';
  assert.equal(await effect(base, base.replace('Raw', 'raw'), bigquery), 'unknown');
  assert.equal(await effect(base, base.replace('from s', 'FROM s'), bigquery), 'none');
});

test('SQL of Trino is read', async () => {
  const trino = { 'dbt/profiles.yml': profile('trino') };
  const base = "select a, '\\' as b from t -- it's all\nwhere a > 1";
  assert.equal(await effect(base, base.replace("it's all", 'x'), trino), 'none');
  assert.equal(await effect(base, base.replace('> 1', '> 2'), trino), 'breaking');
});

test('where the dialect is not known, a comment that only some have and that may hide a text decides nothing', async () => {
  const base = "select 'A b' as a # don't\nfrom t";
  assert.equal(await effect(base, base.replace('A b', 'a B'), {}), 'unknown');
});
