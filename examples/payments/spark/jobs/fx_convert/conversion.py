"""Payments in euro, at the rate of their business day."""

from pyspark.sql import DataFrame, Window
from pyspark.sql import functions as F


def latest_captured(payments: DataFrame) -> DataFrame:
    newest_first = Window.partitionBy("payment_id").orderBy(F.col("version").desc(), F.col("received_at").desc())
    ranked = payments.withColumn("rank", F.row_number().over(newest_first))
    return ranked.where("rank = 1 and status = 'captured'").drop("rank")


def convert(payments: DataFrame, rates: DataFrame) -> DataFrame:
    """Captured payments with `amount_eur_minor`, rounded half up to the cent. Payments of a day without a rate
    are kept with a null amount: losing them silently would be worse."""
    dated = latest_captured(payments).withColumn("business_date", F.to_date("event_time"))
    daily = rates.withColumnRenamed("rate_date", "business_date")
    joined = dated.join(F.broadcast(daily), ["business_date", "currency"], "left")
    return joined.select(
        "payment_id",
        "merchant_id",
        "method",
        "currency",
        "amount_minor",
        F.round(F.col("amount_minor") * F.col("rate_to_eur")).cast("long").alias("amount_eur_minor"),
        "business_date",
    )
