import unittest
from datetime import date
from decimal import Decimal

from conversion import convert
from features import add_features
from pyspark.sql import functions as F
from rollup import roll_up
from session import local_spark, rows


def payments(*values: tuple):
    """(payment, payer, merchant, time, currency, amount, status)"""
    names = ["payment_id", "payer_ref", "merchant_id", "event_time", "currency", "amount_minor", "status"]
    frame = local_spark().createDataFrame(list(values), names)
    time = F.col("event_time").cast("timestamp")
    return frame.withColumns({"event_time": time, "received_at": time, "version": F.lit(1), "method": F.lit("card")})


class Transforms(unittest.TestCase):
    def test_a_payment_is_converted_at_the_rate_of_its_day_and_kept_without_one(self):
        given = payments(
            ("p1", "a", "m1", "2025-06-01 10:00:00", "GBP", 1000, "captured"),
            ("p2", "a", "m1", "2025-06-02 10:00:00", "GBP", 1000, "captured"),
            ("p3", "a", "m1", "2025-06-01 10:00:00", "GBP", 1000, "declined"),
        )
        rates = local_spark().createDataFrame(
            [(date(2025, 6, 1), "GBP", Decimal("1.17050000"))],
            "rate_date date, currency string, rate_to_eur decimal(18,8)",
        )
        converted = convert(given, rates).orderBy("payment_id").select("payment_id", "amount_eur_minor")
        self.assertEqual(
            rows(converted),
            [{"payment_id": "p1", "amount_eur_minor": 1171}, {"payment_id": "p2", "amount_eur_minor": None}],
        )

    def test_features_look_only_at_what_came_before(self):
        given = payments(
            ("p1", "a", "m1", "2025-06-01 10:00:00", "EUR", 1000, "declined"),
            ("p2", "a", "m2", "2025-06-01 11:00:00", "EUR", 3000, "captured"),
            ("p3", "a", "m2", "2025-06-03 12:00:00", "EUR", 500, "captured"),
        )
        found = rows(add_features(given, window_hours=24).orderBy("payment_id"))
        chosen = [(row["attempts_before"], row["declines_before"], row["amount_ratio"]) for row in found]
        self.assertEqual(chosen, [(0, 0, None), (1, 1, 3.0), (0, 0, None)])

    def test_a_rollup_forgets_what_is_older_than_its_window(self):
        given = local_spark().createDataFrame(
            [("m1", date(2025, 6, 1), 100), ("m1", date(2025, 6, 7), 10), ("m1", date(2025, 6, 8), 1)],
            "merchant_id string, business_date date, amount_eur_minor long",
        )
        found = rows(roll_up(given).orderBy("business_date"))
        self.assertEqual([row["amount_eur_minor_7d"] for row in found], [100, 110, 11])
        self.assertEqual([row["amount_eur_minor_28d"] for row in found], [100, 110, 111])


if __name__ == "__main__":
    unittest.main()
