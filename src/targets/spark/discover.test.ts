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
    { from: 'spark:job/settle', to: 'storage:path/s3://lake/settled', kind: 'feeds' },
  ]);
  assert.deepEqual(found.assets[0]?.facts.writes, ['table marts.settled', 'path s3://lake/settled']);
  assert.deepEqual(found.findings, []);
});

test('paths are made of the options that headgate.yaml gives; a view is no table; a Delta table that is changed is written', async () => {
  const code = `
import argparse
from delta.tables import DeltaTable
from pyspark.sql import SparkSession
parser = argparse.ArgumentParser()
parser.add_argument("--lake")
args = parser.parse_args()
spark = SparkSession.builder.getOrCreate()
spark.read.parquet(f"{args.lake}/landing/orders/*.parquet").createOrReplaceTempView("orders")
spark.sql("create or replace temp view paid as select * from orders")
spark.sql("insert into Lake.Marts.PAID select * from paid")
DeltaTable.forName(spark, "marts.known").merge(spark.table("paid"), "a = b").whenMatchedUpdateAll().execute()
spark.table("raw.x").write.parquet(f"{args.other}/x")
`;
  const settings = { path: 'jobs', main: 'a.py', args: ['--lake', '${values.lake_root}', '--fast'] };
  const found = await discover({ files: textsAsFiles({ 'jobs/a.py': code }), part: { name: 'a', settings } });
  assert.deepEqual(found.edges, [
    { from: 'storage:path/${values.lake_root}/landing/orders', to: 'spark:job/a', kind: 'feeds' },
    { from: 'warehouse:table/marts.known', to: 'spark:job/a', kind: 'feeds' },
    { from: 'warehouse:table/raw.x', to: 'spark:job/a', kind: 'feeds' },
    { from: 'spark:job/a', to: 'warehouse:table/marts.paid', kind: 'feeds' },
    { from: 'spark:job/a', to: 'warehouse:table/marts.known', kind: 'feeds' },
  ]);
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
