"""Runs each program on data, and again with one column of its tables changed; prints which of these change what is written.

Reads {name: {"body": code, "columns": ["a.x"]}} from standard input, and prints one line of JSON for each program.
"""

import json
import shutil
import sys
import tempfile

from pyspark.sql import SparkSession
from pyspark.sql import functions as F
from pyspark.sql.window import Window

TABLES = {
    "a": ("id bigint, k string, x bigint, y bigint, s string", [
        (1, "u", 3, 7, "p"), (2, "u", 12, 5, "q"), (3, "v", 20, 1, "p"), (4, "v", 6, 9, "q"), (5, "w", 15, 2, "p"),
    ]),
    "b": ("id bigint, k string, z bigint, w bigint", [
        (1, "u", 1, 5), (2, "t", 4, 1), (3, "v", 2, 3), (5, "u", 8, 0),
    ]),
}


def changed(rows, at):
    """Every value of a column is another one, and their order too."""
    column = [row[at] for row in rows]
    turned = column[1:] + column[:1]
    fresh = [value + 100 if isinstance(value, int) else value + "!" for value in turned]
    mixed = [new if index % 2 else old for index, (new, old) in enumerate(zip(fresh, turned))]
    return [tuple(mixed[index] if place == at else value for place, value in enumerate(row)) for index, row in enumerate(rows)]


def write(spark, name, rows):
    spark.createDataFrame(rows, TABLES[name][0]).coalesce(1).createOrReplaceTempView(name)


def run(spark, body):
    spark.sql("drop table if exists out")
    exec(body, {"spark": spark, "F": F, "Window": Window})
    return sorted(json.dumps(row.asDict(), sort_keys=True) for row in spark.table("out").collect())


def main():
    folder = tempfile.mkdtemp()
    builder = SparkSession.builder.master("local[1]").config("spark.ui.enabled", "false")
    builder = builder.config("spark.sql.warehouse.dir", folder + "/w").config("spark.sql.shuffle.partitions", "1")
    builder = builder.config("spark.driver.bindAddress", "127.0.0.1").config("spark.sql.catalogImplementation", "in-memory")
    spark = builder.config("spark.driver.extraJavaOptions", f"-Dderby.system.home={folder}").getOrCreate()
    spark.sparkContext.setLogLevel("OFF")
    for name, given in json.load(sys.stdin).items():
        for table, (_, rows) in TABLES.items():
            write(spark, table, rows)
        before = run(spark, given["body"])
        moved = []
        for column in given["columns"]:
            table, field = column.split(".")
            schema, rows = TABLES[table]
            names = [one.split(" ")[0] for one in schema.split(", ")]
            write(spark, table, changed(rows, names.index(field)))
            if run(spark, given["body"]) != before:
                moved.append(column)
            write(spark, table, rows)
        print(json.dumps({"name": name, "rows": len(before), "moved": moved}), flush=True)
    spark.stop()
    shutil.rmtree(folder, ignore_errors=True)


main()
