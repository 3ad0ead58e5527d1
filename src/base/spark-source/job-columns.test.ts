import assert from 'node:assert/strict';
import { test } from 'node:test';
import { textsAsFiles } from '../../model/texts-as-files.ts';
import { type JobColumns, jobColumns, type PlacedColumn } from './job-columns.ts';

const head = `from pyspark.sql import SparkSession, Window
from pyspark.sql import functions as F
spark = SparkSession.builder.appName("x").getOrCreate()
`;

async function read(body: string, more: { [path: string]: string } = {}): Promise<JobColumns | { unread: string }> {
  const files = textsAsFiles({ 'jobs/job.py': head + body, ...more });
  return jobColumns({ files, file: 'jobs/job.py', searchPath: ['jobs', ''], given: ['--lake', 's3://lake'] });
}

async function known(body: string, more: { [path: string]: string } = {}): Promise<JobColumns> {
  const found = await read(body, more);
  assert.ok(!('unread' in found), 'unread' in found ? found.unread : '');
  return found;
}

function told(uses: readonly PlacedColumn[] | null | undefined): string[] | null {
  return uses?.map(({ place, column }) => `${place.name}.${column}`).sort() ?? null;
}

function made(found: JobColumns): { [name: string]: string[] | null } | null {
  return found.outputs === null ? null : Object.fromEntries(found.outputs.map(({ name, from }) => [name, told(from)]));
}

test('a chain of DataFrame methods is read as the SQL that it is', async () => {
  const found = await known(`
orders = spark.table("raw.orders").where(F.col("status") == "paid").withColumnRenamed("total", "gross")
names = spark.table("raw.names").alias("n")
(orders.alias("o").join(names, F.col("o.customer") == F.col("n.id"), "left")
  .where("n.active = 1")
  .select("o.day", F.upper("n.name").alias("name"), (F.col("gross") * 100).cast("long").alias("cents"))
  .groupBy("day", "name").agg(F.sum("cents").alias("cents"), F.count("*").alias("orders"))
  .write.mode("overwrite").partitionBy("day").saveAsTable("marts.sales"))`);
  assert.deepEqual(made(found), {
    day: ['raw.orders.day'],
    name: ['raw.names.name'],
    cents: null,
    orders: [],
  });
  assert.deepEqual(told(found.uses), [
    'raw.names.active',
    'raw.names.gross',
    'raw.names.id',
    'raw.names.name',
    'raw.orders.customer',
    'raw.orders.day',
    'raw.orders.status',
    'raw.orders.total',
  ]);
  assert.deepEqual(
    found.writes.map(({ name }) => name),
    ['marts.sales'],
  );
});

test('paths with a schema, functions of other files, windows and options of the command line', async () => {
  const body = `
import argparse
from shared import newest
def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--lake")
    args = parser.parse_args()
    events = spark.read.json(f"{args.lake}/events", schema="id string, at timestamp, amount decimal(10, 2), note string")
    out = newest(events, "id").select("id", "amount")
    out.write.parquet(f"{args.lake}/newest")
    print(f"wrote {out.count()}")
if __name__ == "__main__":
    main()
`;
  const shared = `from pyspark.sql import functions as F
from pyspark.sql.window import Window
def newest(frame, key):
    order = Window.partitionBy(key).orderBy(F.col("at").desc())
    return frame.withColumn("rank", F.row_number().over(order)).where("rank = 1").drop("rank")
`;
  const found = await known(body, { 'jobs/shared.py': shared });
  const [id, at, amount] = ['id', 'at', 'amount'].map((name) => `s3://lake/events.${name}`);
  assert.deepEqual(made(found), { id: [id], amount: [amount] });
  assert.deepEqual(told(found.uses), [amount, at, id]);
  assert.deepEqual(found.stars, []);
});

test('each way that a condition can go counts', async () => {
  const found = await known(`
import os
rows = spark.table("a").select("id", "x")
if os.environ.get("ALL"):
    rows = rows.where("x > 1").select("id", F.col("id").alias("x"))
rows.write.saveAsTable("out")`);
  assert.deepEqual(made(found), { id: ['a.id'], x: ['a.id', 'a.x'] });
});

test('views, SQL that writes, and an unknown literal in a text', async () => {
  const found = await known(`
import os
day = os.environ["DAY"]
spark.table("raw.a").where(f"day = '{day}'").createOrReplaceTempView("today")
spark.sql("create or replace table marts.x as select t.id, b.name as who from today t join raw.b b on t.id = b.id")`);
  assert.deepEqual(made(found), { id: ['raw.a.id'], who: ['raw.b.name'] });
  assert.deepEqual(told(found.rows), ['raw.a.day', 'raw.a.id', 'raw.b.id']);
  const inserted = await known('spark.sql("insert into marts.x select id, name from raw.b")');
  assert.deepEqual([inserted.outputs, told(inserted.uses)], [null, ['raw.b.id', 'raw.b.name']]);
});

test('records of a topic are used whole', async () => {
  const found = await known(`
raw = spark.readStream.format("kafka").option("subscribe", "payments").load()
raw.select(F.col("value").cast("string").alias("text")).writeStream.format("delta").option("checkpointLocation", "/c").toTable("raw.p")`);
  assert.deepEqual(made(found), { text: ['payments.value'] });
  assert.deepEqual(
    found.stars.map(({ name }) => name),
    ['payments'],
  );
});

for (const [what, body] of Object.entries({
  'a function of elsewhere': 'from lib import f\nf(spark.table("a")).write.saveAsTable("b")',
  'rows that Python goes through': 'spark.table("a").rdd.map(lambda r: r).toDF().write.saveAsTable("b")',
  'a table whose name is made while it runs': 'import sys\nspark.table(sys.argv[1]).write.saveAsTable("b")',
  'a loop over what is not known': 'import os\nfor t in os.listdir("x"):\n    spark.table("a").write.saveAsTable("b")',
  'a name of a join that is used after it was lost':
    'a = spark.table("a").alias("l").join(spark.table("b").alias("r"), "id").withColumn("n", F.lit(1))\na.select("l.x").write.saveAsTable("b")',
  'a union by name of unknown columns': 'spark.table("a").unionByName(spark.table("b")).write.saveAsTable("c")',
  'code for each row': 'spark.table("a").foreach(print)',
  'columns that are asked for':
    't = spark.table("a")\nt.select([c for c in t.columns if c != "x"]).write.saveAsTable("b")',
  'a Delta table that is changed':
    'from delta.tables import DeltaTable\nDeltaTable.forName(spark, "a").delete("x = 1")',
})) {
  test(`${what} is not guessed`, async () => {
    assert.ok('unread' in (await read(body)));
  });
}
