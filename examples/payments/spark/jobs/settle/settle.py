"""Settles captured payments and refunds of the landing.

Reads  landing/payments, landing/refunds, landing/merchants
Writes gold/settlements (parquet by day) and outbox/settlements (CSV by day, what the warehouse loads)

Without --business-date everything is replaced; with it only that day is. Running twice leaves the same files.
"""

import argparse

from pyspark.sql import DataFrame, SparkSession
from settlement import settle

PAYMENTS = (
    "payment_id string, version int, event_time timestamp, received_at timestamp, merchant_id string, "
    "payer_ref string, rail string, method string, country string, currency string, amount_minor long, "
    "status string, decline_reason string"
)
REFUNDS = (
    "refund_id string, payment_id string, refunded_at timestamp, received_at timestamp, amount_minor long, "
    "reason string"
)
MERCHANTS = (
    "merchant_id string, category string, country string, settlement_currency string, fee_bps int, "
    "fee_fixed_minor int, risk_tier string, onboarded_on date"
)


def read(spark: SparkSession, path: str, schema: str) -> DataFrame:
    return spark.read.csv(path, schema=schema, header=True)


def write(settled: DataFrame, lake: str, whole: bool) -> None:
    """One file a day; days outside what was settled are kept unless `whole`. The outbox carries the day inside the
    file as well: its readers do not know folders as columns."""
    mode = "static" if whole else "dynamic"
    rows = settled.coalesce(1).cache()
    gold = rows.write.mode("overwrite").option("partitionOverwriteMode", mode)
    gold.partitionBy("settle_date").parquet(f"{lake}/gold/settlements")
    outbox = rows.withColumn("dt", rows.settle_date).write.mode("overwrite").option("partitionOverwriteMode", mode)
    outbox.partitionBy("dt").option("header", True).csv(f"{lake}/outbox/settlements")
    print(f"settled {rows.count()} totals")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lake", required=True, help="root of the lake")
    parser.add_argument("--business-date", help="settle this day only, as YYYY-MM-DD")
    args = parser.parse_args()

    spark = SparkSession.builder.appName("settle").config("spark.sql.session.timeZone", "UTC").getOrCreate()
    landing = f"{args.lake}/landing"
    settled = settle(
        read(spark, f"{landing}/payments", PAYMENTS),
        read(spark, f"{landing}/refunds", REFUNDS),
        read(spark, f"{landing}/merchants", MERCHANTS),
    )
    if args.business_date:
        settled = settled.where(settled.settle_date == args.business_date)
    write(settled, args.lake, whole=not args.business_date)
    spark.stop()


if __name__ == "__main__":
    main()
