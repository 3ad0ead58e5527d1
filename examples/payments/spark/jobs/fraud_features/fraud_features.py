"""Computes fraud features of payments.

Reads  landing/payments
Writes gold/fraud_features (parquet by day); only days that were read are replaced
"""

import argparse

from features import add_features
from pyspark.sql import SparkSession

PAYMENTS = (
    "payment_id string, version int, event_time timestamp, received_at timestamp, merchant_id string, "
    "payer_ref string, rail string, method string, country string, currency string, amount_minor long, "
    "status string, decline_reason string"
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lake", required=True, help="root of the lake")
    parser.add_argument("--window-hours", type=int, default=72, help="how far back a feature looks")
    args = parser.parse_args()

    spark = SparkSession.builder.appName("fraud_features").config("spark.sql.session.timeZone", "UTC").getOrCreate()
    payments = spark.read.csv(f"{args.lake}/landing/payments", schema=PAYMENTS, header=True)
    out = add_features(payments, args.window_hours).coalesce(1).write.mode("overwrite").partitionBy("feature_date")
    out.option("partitionOverwriteMode", "dynamic").parquet(f"{args.lake}/gold/fraud_features")
    print(f"features written into {args.lake}/gold/fraud_features")
    spark.stop()


if __name__ == "__main__":
    main()
