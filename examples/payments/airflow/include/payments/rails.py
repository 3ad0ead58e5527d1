"""The payment rails that deliver files. `dags/intake.py` makes one DAG for each."""

from __future__ import annotations

from typing import NamedTuple


class Rail(NamedTuple):
    """`schedule` is a cron line in UTC; `deadline_minutes` is agreed with the acquirer."""

    name: str
    owner: str
    schedule: str
    deadline_minutes: int


RAILS = [
    Rail("cards_eu", "payments", "5 * * * *", 20),
    Rail("cards_uk", "payments", "10 * * * *", 20),
    Rail("wallets", "payments", "15 * * * *", 30),
    Rail("bank_transfer", "ledger", "20 */4 * * *", 60),
    Rail("pay_later", "risk", "25 */6 * * *", 60),
]
