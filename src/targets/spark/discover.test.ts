import assert from 'node:assert/strict';
import { test } from 'node:test';
import { textsAsFiles } from '../../model/texts-as-files.ts';
import { discover } from './discover.ts';
import { propose } from './propose.ts';

const job = `
from pyspark.sql import SparkSession
RAW = "raw"
def main():
    spark = SparkSession.builder.appName("x").getOrCreate()
    orders = spark.table(f"{RAW}.orders").join(spark.sql("with o as (select 1) select * from o join raw.items i on 1=1"))
    kafka = spark.read.format("kafka").option("subscribe", "payments").load()
    orders.write.mode("overwrite").saveAsTable("marts.settled")
    orders.write.parquet("s3://lake/settled")
if __name__ == "__main__":
    main()
`;

test('a job with the tables, topics and paths of its code and of headgate.yaml', async () => {
  const part = { name: 'settle', settings: { path: 'jobs', main: 'settle.py', writes: ['warehouse:table/raw.extra'] } };
  const found = await discover({ files: textsAsFiles({ 'jobs/settle.py': job }), part });
  assert.deepEqual(found.edges, [
    { from: 'warehouse:table/raw.orders', to: 'spark:job/settle', kind: 'feeds' },
    { from: 'warehouse:table/raw.items', to: 'spark:job/settle', kind: 'feeds' },
    { from: 'kafka:topic/payments', to: 'spark:job/settle', kind: 'feeds' },
    { from: 'spark:job/settle', to: 'warehouse:table/raw.extra', kind: 'feeds' },
    { from: 'spark:job/settle', to: 'warehouse:table/marts.settled', kind: 'feeds' },
  ]);
  assert.deepEqual(found.assets[0]?.facts.writes, ['table marts.settled', 'path s3://lake/settled']);
  assert.deepEqual(found.findings, []);
});

test('an application file that is not there is a finding', async () => {
  const found = await discover({
    files: textsAsFiles({}),
    part: { name: 'x', settings: { path: 'jobs', main: 'x.py' } },
  });
  assert.deepEqual(
    found.findings.map(({ check, path }) => [check, path]),
    [['spark-main-missing', 'jobs/x.py']],
  );
});

test('programs are proposed, libraries, tests, streams and DAGs are not', async () => {
  const parts = await propose(
    textsAsFiles({
      'jobs/settle/main.py': job,
      'jobs/lib.py': 'from pyspark.sql import DataFrame\n',
      'tests/test_x.py': job,
      'jobs/stream.py': `${job}\nx = spark.readStream\n`,
      'dags/d.py': `from airflow import DAG\n${job}`,
    }),
  );
  assert.deepEqual(
    parts.map(({ name, settings }) => [name, settings]),
    [['settle', { path: 'jobs/settle', main: 'main.py' }]],
  );
});
