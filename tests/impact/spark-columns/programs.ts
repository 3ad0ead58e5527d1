/** Bodies of PySpark programs that read the tables a(id, k, x, y, s) and b(id, k, z, w) and write the table `out`. */
export const programs: { [what: string]: string } = {
  'select and filter':
    'spark.table("a").where(F.col("x") > 10).select("id", (F.col("y") * 2).alias("d")).write.saveAsTable("out")',
  'a filter on what a projection left out': 'spark.table("a").select("id").where("x > 10").write.saveAsTable("out")',
  'an order on what a projection left out':
    'spark.table("a").select("id").orderBy("y", "id").limit(2).write.saveAsTable("out")',
  'a join by name': 'spark.table("a").join(spark.table("b"), "id").select("id", "x", "z").write.saveAsTable("out")',
  'a join by names of sides': `
l = spark.table("a").alias("l")
r = spark.table("b").alias("r")
l.join(r, F.col("l.id") == F.col("r.id"), "left").where("r.w > 1 or r.w is null").select("l.k", "r.z").write.saveAsTable("out")`,
  'a join by columns of frames': `
a = spark.table("a").select("id", "x", "k")
b = spark.table("b").select("id", "z", "k")
a.join(b, a.id == b.id).select(a.k, b.z).write.saveAsTable("out")`,
  groups: 'spark.table("a").groupBy("k").agg(F.sum("x").alias("sx"), F.count("*").alias("n")).write.saveAsTable("out")',
  'a column made anew': 'spark.table("a").withColumn("x", F.col("y") + 1).drop("s").write.saveAsTable("out")',
  'a renamed column': 'spark.table("a").withColumnRenamed("x", "q").select("q", "id").write.saveAsTable("out")',
  'a window': `
w = Window.partitionBy("k").orderBy(F.col("y").desc(), "id")
spark.table("a").withColumn("rank", F.row_number().over(w)).where("rank = 1").select("id").write.saveAsTable("out")`,
  'a union by place':
    'spark.table("a").select("id", "x").union(spark.table("b").select("z", "id")).write.saveAsTable("out")',
  'a union by name': `
l = spark.table("a").select("id", F.col("x").alias("v"))
r = spark.table("b").select(F.col("z").alias("v"), "id")
l.unionByName(r).select("v").write.saveAsTable("out")`,
  'a view and SQL': `
spark.table("a").where("x > 5").createOrReplaceTempView("kept")
spark.sql("create table out using parquet as select k.id, b.w from kept k join b on k.id = b.id")`,
  'an insertion by place': `
spark.sql("create table out (p bigint, q bigint) using parquet")
spark.sql("insert into out select y, x from a")`,
  distinct: 'spark.table("a").select("k", "s").distinct().write.saveAsTable("out")',
  'a count that decides': `
n = spark.table("b").where("w > 1").count()
spark.table("a").where(F.col("x") > n * 5).select("id").write.saveAsTable("out")`,
  'a condition': `
out = spark.table("a").select("id", "x")
if spark.table("b").where("z > 3").isEmpty():
    out = out.select("id", F.lit(0).alias("x"))
out.write.saveAsTable("out")`,
  'functions of the project': `
def clean(frame, name):
    return frame.where(F.col(name).isNotNull())
def total(frame):
    return frame.groupBy("k").agg(F.max("y").alias("y"))
total(clean(spark.table("a"), "x")).write.saveAsTable("out")`,
  'a case':
    'spark.table("a").select("id", F.when(F.col("s") == "p", F.col("x")).otherwise(F.col("y")).alias("v")).write.saveAsTable("out")',
  'a semi join':
    'spark.table("a").join(spark.table("b").where("z > 2"), ["id"], "left_semi").select("s").write.saveAsTable("out")',
  'a list of names': 'spark.table("a").select(*[F.col(c) for c in ["id", "y"]]).write.saveAsTable("out")',
  'a replaced column that the condition of an older frame names': `
a = spark.table("a")
b = a.withColumn("x", F.lit(1))
b.where(a.y > 5).select("id", "x").write.saveAsTable("out")`,
  'dropped duplicates': 'spark.table("a").orderBy("y").dropDuplicates(["k"]).select("k").write.saveAsTable("out")',
  'an unknown literal in SQL': `
import os
day = os.environ.get("DAY", "p")
spark.sql(f"select id, x from a where s = '{day}'").write.saveAsTable("out")`,
};
