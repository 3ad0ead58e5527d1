"""Converts captured payments to euro.

Reads  landing/payments, landing/fx_rates
Writes silver/payments_eur (parquet by business day); only days that were read are replaced
"""

import argparse

from conversion import convert
from pyspark.sql import SparkSession

PAYMENTS = (
    "payment_id string, version int, event_time timestamp, received_at timestamp, merchant_id string, "
    "payer_ref string, rail string, method string, country string, currency string, amount_minor long, "
    "status string, decline_reason string"
)
RATES = "rate_date date, currency string, rate_to_eur decimal(18,8)"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lake", required=True, help="root of the lake")
    args = parser.parse_args()

    spark = SparkSession.builder.appName("fx_convert").config("spark.sql.session.timeZone", "UTC").getOrCreate()
    payments = spark.read.csv(f"{args.lake}/landing/payments", schema=PAYMENTS, header=True)
    rates = spark.read.csv(f"{args.lake}/landing/fx_rates", schema=RATES, header=True)
    out = convert(payments, rates).coalesce(1).write.mode("overwrite").partitionBy("business_date")
    out.option("partitionOverwriteMode", "dynamic").parquet(f"{args.lake}/silver/payments_eur")
    print(f"converted into {args.lake}/silver/payments_eur")
    spark.stop()


if __name__ == "__main__":
    main()
