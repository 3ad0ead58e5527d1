"""What is owed to each merchant: pure transforms from payment and refund records to settlement totals.

Amounts are integers in minor units, so totals agree to the cent with whoever else computes them.
"""

from pyspark.sql import DataFrame, Window
from pyspark.sql import functions as F

FEE = "(amount_minor * fee_bps + 5000) div 10000 + fee_fixed_minor"


def newest(records: DataFrame, key: str, *newest_first: str) -> DataFrame:
    """One record for each key. Sources deliver late and twice."""
    order = Window.partitionBy(key).orderBy(*[F.col(column).desc() for column in newest_first])
    return records.withColumn("rank", F.row_number().over(order)).where("rank = 1").drop("rank")


def charged(payments: DataFrame, merchants: DataFrame) -> DataFrame:
    """Captured payments with their business day (UTC) and fee."""
    latest = newest(payments, "payment_id", "version", "received_at").where("status = 'captured'")
    terms = merchants.select("merchant_id", "fee_bps", "fee_fixed_minor")
    return latest.join(F.broadcast(terms), "merchant_id").select(
        "payment_id",
        "merchant_id",
        F.to_date("event_time").alias("settle_date"),
        "currency",
        "amount_minor",
        F.expr(FEE).alias("fee_minor"),
    )


def movements(charges: DataFrame, refunds: DataFrame) -> DataFrame:
    """A payment moves money on its business day, a refund on the day it is made."""
    paid = charges.select(
        "merchant_id",
        "settle_date",
        "currency",
        F.lit(1).alias("payments"),
        F.col("amount_minor").alias("gross"),
        F.lit(0).cast("long").alias("refund"),
        F.col("fee_minor").alias("fee"),
    )
    returned = newest(refunds, "refund_id", "received_at").withColumnRenamed("amount_minor", "refund")
    given_back = returned.join(charges.drop("settle_date", "amount_minor"), "payment_id").select(
        "merchant_id",
        F.to_date("refunded_at").alias("settle_date"),
        "currency",
        F.lit(0).alias("payments"),
        F.lit(0).cast("long").alias("gross"),
        "refund",
        F.lit(0).cast("long").alias("fee"),
    )
    return paid.unionByName(given_back)


def settle(payments: DataFrame, refunds: DataFrame, merchants: DataFrame) -> DataFrame:
    """Totals by merchant, day and currency: count, gross, refunds, fees and what is paid out."""
    moved = movements(charged(payments, merchants), refunds)
    return moved.groupBy("merchant_id", "settle_date", "currency").agg(
        F.sum("payments").alias("payment_count"),
        F.sum("gross").alias("gross_minor"),
        F.sum("refund").alias("refund_minor"),
        F.sum("fee").alias("fees_minor"),
        F.sum(F.col("gross") - F.col("refund") - F.col("fee")).alias("net_minor"),
    )
