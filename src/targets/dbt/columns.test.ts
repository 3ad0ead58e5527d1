import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AssetColumns } from '../../model/columns.ts';
import { assetKey } from '../../model/identifiers.ts';
import { textsAsFiles } from '../../model/texts-as-files.ts';
import { columns } from './columns.ts';
import { discover } from './discover.ts';

const texts = {
  'dbt_project.yml': 'name: shop\nprofile: shop\n',
  'profiles.yml': 'shop:\n  outputs:\n    dev: { type: duckdb }\n',
  'models/schema.yml': 'sources: [{ name: raw, tables: [{ name: orders }] }]',
  'seeds/rates.csv': 'currency,rate\nEUR,1\n',
  'models/stg.sql': "select id, amount * 2 as amount, day from {{ source('raw', 'orders') }} where status = 'paid'",
  'models/all.sql':
    "select s.*, r.rate from {{ ref('stg') }} s join {{ ref('rates') }} r on true {% if is_incremental() %} where s.day > 1 {% endif %}",
  'models/keyed.sql': "select id, {{ dbt_utils.key(['id']) }} as key from {{ ref('stg') }}",
  'models/raw_star.sql': "select * from {{ source('raw', 'orders') }}",
};

async function read(name: string): Promise<AssetColumns | undefined> {
  const files = textsAsFiles(texts);
  const part = { name: 'shop', settings: { path: '.' } };
  const revision = { files, part, discovery: await discover({ files, part }), environments: [] };
  return (await columns(revision, new Set([assetKey('dbt:model', `shop.${name}`)])))[0];
}

const stg = assetKey('dbt:model', 'shop.stg');
const raw = assetKey('dbt:source', 'shop.raw.orders');
const rates = assetKey('dbt:seed', 'shop.rates');

test('a model says what its columns are made of, by the assets it reads', async () => {
  assert.deepEqual(await read('stg'), {
    key: stg,
    outputs: [
      { name: 'id', from: [{ key: raw, column: 'id' }] },
      { name: 'amount', from: [{ key: raw, column: 'amount' }] },
      { name: 'day', from: [{ key: raw, column: 'day' }] },
    ],
    rows: [{ key: raw, column: 'status' }],
    uses: ['status', 'id', 'amount', 'day'].map((column) => ({ key: raw, column })),
    stars: [],
  });
});

test('a star is followed through what is upstream, and both ways of a condition count', async () => {
  const all = await read('all');
  assert.deepEqual(
    all?.outputs?.map(({ name }) => name),
    ['id', 'amount', 'day', 'rate'],
  );
  assert.deepEqual(all?.outputs?.[3], { name: 'rate', from: [{ key: rates, column: 'rate' }] });
  assert.deepEqual(all?.rows, [{ key: stg, column: 'day' }]);
  assert.deepEqual(all?.stars, [stg]);
});

test('what a package makes may use any column; the rest is told', async () => {
  const keyed = await read('keyed');
  assert.equal(keyed?.uses, null);
  assert.deepEqual(keyed?.outputs, [
    { name: 'id', from: [{ key: stg, column: 'id' }] },
    { name: 'key', from: null },
  ]);
});

test('all columns of a table that nobody knows are a stated unknown', async () => {
  const star = await read('raw_star');
  assert.deepEqual([star?.outputs, star?.stars], [null, [raw]]);
});
