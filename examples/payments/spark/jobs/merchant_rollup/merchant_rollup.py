"""Rolls payments in euro up by merchant.

Reads  silver/payments_eur (written by fx_convert)
Writes gold/merchant_rollup (parquet by business day); only days that were read are replaced
"""

import argparse

from pyspark.sql import SparkSession
from rollup import roll_up


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lake", required=True, help="root of the lake")
    args = parser.parse_args()

    spark = SparkSession.builder.appName("merchant_rollup").config("spark.sql.session.timeZone", "UTC").getOrCreate()
    payments = spark.read.parquet(f"{args.lake}/silver/payments_eur")
    out = roll_up(payments).coalesce(1).write.mode("overwrite").partitionBy("business_date")
    out.option("partitionOverwriteMode", "dynamic").parquet(f"{args.lake}/gold/merchant_rollup")
    print(f"rolled up into {args.lake}/gold/merchant_rollup")
    spark.stop()


if __name__ == "__main__":
    main()
