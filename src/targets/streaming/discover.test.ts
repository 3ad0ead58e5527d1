import assert from 'node:assert/strict';
import { test } from 'node:test';
import { textsAsFiles } from '../../model/texts-as-files.ts';
import { discover } from './discover.ts';

test('a query with its name, topics and checkpoint', async () => {
  const code = `
from pyspark.sql import SparkSession
spark = SparkSession.builder.getOrCreate()
raw = spark.readStream.format("kafka").option("subscribe", "payments").load()
q = (raw.writeStream.queryName("enrich").format("kafka").option("topic", "enriched")
     .option("checkpointLocation", "/cp/enrich").start())
q.awaitTermination()
`;
  const found = await discover({
    files: textsAsFiles({ 's/enrich_job.py': code }),
    part: { name: 'x', settings: { path: 's' } },
  });
  assert.deepEqual(
    found.assets.map(({ key, path }) => [key, path]),
    [
      ['streaming:query/enrich', 's/enrich_job.py'],
      ['kafka:topic/payments', null],
      ['kafka:topic/enriched', null],
    ],
  );
  assert.equal(found.assets[0]?.facts.checkpoint, '/cp/enrich');
  assert.deepEqual(found.edges, [
    { from: 'kafka:topic/payments', to: 'streaming:query/enrich', kind: 'feeds' },
    { from: 'streaming:query/enrich', to: 'kafka:topic/enriched', kind: 'feeds' },
  ]);
});

test('queries without a name are told apart by their parts, and by their order in one', async () => {
  const code = `
from pyspark.sql import SparkSession
spark = SparkSession.builder.getOrCreate()
a = spark.readStream.table("raw.a")
a.writeStream.toTable("raw.b")

a.writeStream.queryName("named").toTable("raw.c")
a.writeStream.toTable("raw.d")
`;
  const files = textsAsFiles({ 'x/streaming.py': code, 'y/streaming.py': code });
  const keys = async (name: string, settings: { path: string; main?: string }) =>
    (await discover({ files, part: { name, settings } })).assets
      .filter((asset) => asset.kind === 'streaming:query')
      .map((asset) => asset.name);
  assert.deepEqual(await keys('x', { path: 'x', main: 'streaming.py' }), ['x', 'named', 'x-2']);
  assert.deepEqual(await keys('y', { path: 'y' }), ['y.streaming', 'named', 'y.streaming-2']);
});
