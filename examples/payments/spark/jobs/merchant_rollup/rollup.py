"""Totals of a merchant over the last 7 and 28 days."""

from pyspark.sql import DataFrame, Window
from pyspark.sql import functions as F


def daily(payments: DataFrame) -> DataFrame:
    return payments.groupBy("merchant_id", "business_date").agg(
        F.count("*").alias("payments"), F.sum("amount_eur_minor").alias("amount_eur_minor")
    )


def roll_up(payments: DataFrame) -> DataFrame:
    """For each merchant and day with payments: the day and the running totals of 7 and 28 days, that day included."""
    day_number = F.datediff("business_date", F.lit("1970-01-01"))
    by_merchant = Window.partitionBy("merchant_id").orderBy(day_number)
    week, month = by_merchant.rangeBetween(-6, 0), by_merchant.rangeBetween(-27, 0)
    return daily(payments).select(
        "merchant_id",
        "payments",
        "amount_eur_minor",
        F.sum("payments").over(week).alias("payments_7d"),
        F.sum("amount_eur_minor").over(week).alias("amount_eur_minor_7d"),
        F.sum("payments").over(month).alias("payments_28d"),
        F.sum("amount_eur_minor").over(month).alias("amount_eur_minor_28d"),
        "business_date",
    )
