"""One local Spark for all tests of the jobs, and the jobs' folders on the path."""

import sys
from pathlib import Path

from pyspark.sql import SparkSession

JOBS = Path(__file__).resolve().parents[1] / "jobs"
sys.path[:0] = [str(folder) for folder in sorted(JOBS.iterdir()) if folder.is_dir()]


def local_spark() -> SparkSession:
    builder = SparkSession.builder.master("local[1]").appName("tests")
    for key, value in {
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.shuffle.partitions": "1",
        "spark.ui.enabled": "false",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
    }.items():
        builder = builder.config(key, value)
    return builder.getOrCreate()


def rows(frame) -> list[dict]:
    return [row.asDict() for row in frame.collect()]
