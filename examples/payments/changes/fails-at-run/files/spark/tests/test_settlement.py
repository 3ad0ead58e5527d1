import unittest
from datetime import date

from session import local_spark, rows
from settlement import settle

MERCHANTS = "merchant_id string, fee_bps int, fee_fixed_minor int"
PAYMENTS = (
    "payment_id string, version int, event_time timestamp, received_at timestamp, merchant_id string, "
    "currency string, amount_minor long, status string"
)
REFUNDS = "refund_id string, payment_id string, refunded_at timestamp, received_at timestamp, amount_minor long"


def frame(values: list[tuple], schema: str):
    """Times are given as text."""
    spark = local_spark()
    plain = spark.createDataFrame(values, schema.replace("timestamp", "string"))
    times = [part.split()[0] for part in schema.split(", ") if part.endswith("timestamp")]
    return plain.withColumns({name: plain[name].cast("timestamp") for name in times})


class Settlement(unittest.TestCase):
    def test_a_late_capture_is_settled_once_on_its_business_day(self):
        merchants = frame([("m1", 145, 10)], MERCHANTS)
        payments = frame(
            [
                ("p1", 1, "2025-06-01 23:59:00", "2025-06-01 23:59:10", "m1", "EUR", 1000, "authorised"),
                ("p1", 2, "2025-06-01 23:59:00", "2025-06-04 08:00:00", "m1", "EUR", 1000, "captured"),
                ("p1", 2, "2025-06-01 23:59:00", "2025-06-04 09:00:00", "m1", "EUR", 1000, "captured"),
                ("p2", 1, "2025-06-01 10:00:00", "2025-06-01 10:00:10", "m1", "EUR", 500, "declined"),
            ],
            PAYMENTS,
        )
        refunds = frame([("r1", "p1", "2025-06-05 10:00:00", "2025-06-05 10:00:00", 400)] * 2, REFUNDS)

        settled = settle(payments, refunds, merchants).orderBy("settle_date")

        key = {"merchant_id": "m1", "currency": "EUR"}
        self.assertEqual(
            rows(settled),
            [
                {
                    **key,
                    "settle_date": date(2025, 6, 1),
                    "payment_count": 1,
                    "gross_minor": 1000,
                    "refund_minor": 0,
                    "fees_minor": 25,
                    "net_minor": 975,
                },
                {
                    **key,
                    "settle_date": date(2025, 6, 5),
                    "payment_count": 0,
                    "gross_minor": 0,
                    "refund_minor": 400,
                    "fees_minor": 0,
                    "net_minor": -400,
                },
            ],
        )


if __name__ == "__main__":
    unittest.main()
