import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assetKey } from '../../model/identifiers.ts';
import type { JsonObject } from '../../model/json.ts';
import { textsAsFiles } from '../../model/texts-as-files.ts';
import { spark } from './index.ts';

const code = `from pyspark.sql import SparkSession
spark = SparkSession.builder.getOrCreate()
spark.table("Raw.Orders").select("id", "total").where("total > 0").write.saveAsTable("marts.sales")
`;

async function read(settings: JsonObject, text = code) {
  const files = textsAsFiles({ 'jobs/a.py': text });
  const part = { name: 'a', settings: { path: 'jobs', main: 'a.py', ...settings } };
  const discovery = await spark.discover({ files, part });
  const key = assetKey('spark:job', 'a');
  return spark.columns?.({ files, part, discovery, environments: [] }, new Set([key]));
}

test('the columns of a job have the keys of the places that they are in', async () => {
  const [found] = (await read({})) ?? [];
  const use = (column: string) => ({ key: 'warehouse:table/raw.orders', column });
  assert.deepEqual(found?.outputs, [
    { name: 'id', from: [use('id')] },
    { name: 'total', from: [use('total')] },
  ]);
  assert.deepEqual([found?.rows, found?.uses, found?.stars], [[use('total')], [use('total'), use('id')], []]);
});

test('nothing is known of a job that is said to read more than its code shows, nor of one that hides what it does', async () => {
  assert.deepEqual(await read({ reads: ['warehouse:table/raw.more'] }), []);
  assert.deepEqual(await read({}, 'import lib\nlib.run()\n'), []);
  const [more] = (await read({ writes: ['warehouse:table/raw.more'] })) ?? [];
  assert.equal(more?.outputs, null);
});
