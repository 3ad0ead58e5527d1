import assert from 'node:assert/strict';
import { test } from 'node:test';
import { textsAsFiles } from '../../model/texts-as-files.ts';
import type { PartRevision } from '../contract.ts';
import { compare } from './compare.ts';
import { discover } from './discover.ts';

const code = `from pyspark.sql import SparkSession

spark = SparkSession.builder.getOrCreate()
raw = spark.readStream.format("kafka").option("subscribe", "payments").load()
sums = raw.withWatermark("at", "10 minutes").groupBy("merchant").count()  # by merchant
q = (sums.writeStream.queryName("sums").format("kafka").option("topic", "sums").outputMode("update")
     .trigger(processingTime="1 minute").option("checkpointLocation", "/cp/sums").start())
`;

async function revision(text: string): Promise<PartRevision> {
  const files = textsAsFiles({ 's/sums.py': text });
  const part = { name: 'sums', settings: { path: 's' } };
  return { files, part, discovery: await discover({ files, part }), environments: [] };
}

const pairs: readonly [string, string, string, RegExp][] = [
  ['a comment', '# by merchant', '# all', /^none: Only the text differs/],
  ['quotes', '"merchant"', "'merchant'", /^none: /],
  ['a watermark', '10 minutes', '5 minutes', /^breaking: Its watermark changed/],
  ['what state is kept by', 'groupBy("merchant")', 'groupBy("payer")', /^breaking: A stateful operator changed/],
  ['the trigger', '1 minute"', '2 minutes"', /^breaking: Its trigger changed/],
  ['the output mode', '"update"', '"append"', /^breaking: Its output mode changed/],
  ['the checkpoint', '/cp/sums', '/cp/other', /^breaking: Its checkpoint is at another place/],
  ['its name', 'queryName("sums")', 'queryName("totals")', /^breaking: It is gone, or its name is another/],
];

for (const [title, from, to, expected] of pairs) {
  test(`what is said of ${title}`, async () => {
    assert.ok(code.includes(from));
    const changes = await compare({ base: await revision(code), head: await revision(code.replace(from, to)) });
    assert.match(changes.map(({ effect, because }) => `${effect}: ${because}`).join('\n'), expected);
  });
}
