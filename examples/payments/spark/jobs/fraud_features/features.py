"""Features of a payment for the risk models, from what its payer did in the hours before it."""

from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as F

HOUR = 3600


def first_seen(payments: DataFrame) -> DataFrame:
    """A payment as it first arrived: a model must not see what only became known later."""
    oldest_first = Window.partitionBy("payment_id").orderBy("version", "received_at")
    return payments.withColumn("rank", F.row_number().over(oldest_first)).where("rank = 1").drop("rank")


def add_features(payments: DataFrame, window_hours: int) -> DataFrame:
    """Counts over the `window_hours` before the payment, the payment itself left out."""
    seconds = F.col("event_time").cast("long")
    before = Window.partitionBy("payer_ref").orderBy(seconds).rangeBetween(-window_hours * HOUR, -1)
    declined = F.when(F.col("status") == "declined", 1).otherwise(0)
    return first_seen(payments).select(
        "payment_id",
        "payer_ref",
        "event_time",
        F.count("*").over(before).alias("attempts_before"),
        F.coalesce(F.sum(declined).over(before), F.lit(0)).alias("declines_before"),
        F.size(F.collect_set("merchant_id").over(before)).alias("merchants_before"),
        amount_against_usual(before).alias("amount_ratio"),
        F.to_date("event_time").alias("feature_date"),
    )


def amount_against_usual(before: Window) -> Column:
    """The amount over the payer's mean in the window; null for a payer without any."""
    return F.round(F.col("amount_minor") / F.avg("amount_minor").over(before), 4)
