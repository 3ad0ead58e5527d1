"""Compares what dbt expects to be settled with what the settle job has settled, to the cent."""

from __future__ import annotations

from typing import NamedTuple

MEASURES = ("payment_count", "gross_minor", "refund_minor", "fee_minor", "net_minor")

TOTALS = """
select settle_date::text, currency, {sums}
from {relation}
group by 1, 2
"""

Totals = dict[tuple[str, str], dict[str, int]]


class Difference(NamedTuple):
    """One total that is not the same on both sides. Amounts are in minor units."""

    settle_date: str
    currency: str
    measure: str
    expected: int
    settled: int

    def __str__(self) -> str:
        place = f"{self.settle_date} {self.currency} {self.measure}"
        return f"{place}: expected {self.expected}, settled {self.settled}"


class TotalsDiffer(Exception):
    """The books and the settlement files do not agree; nothing may be paid out."""


def reconcile(connection, schema: str) -> int:
    """The number of days and currencies compared; raises `TotalsDiffer` when one total is not the same."""
    expected = totals(connection, f"{schema}_marts.fct_settlement_expected")
    settled = totals(connection, "raw.settlements")
    differences = compare(expected, settled)
    if differences:
        raise TotalsDiffer(explain(differences))
    if not expected:
        raise TotalsDiffer("There is nothing to reconcile: no settlement is expected and none was made.")
    return len(expected)


def totals(connection, relation: str) -> Totals:
    sums = ", ".join(f"sum({measure})::bigint" for measure in MEASURES)
    with connection, connection.cursor() as cursor:
        cursor.execute(TOTALS.format(sums=sums, relation=relation))
        return {(day, currency): dict(zip(MEASURES, found, strict=True)) for day, currency, *found in cursor.fetchall()}


def compare(expected: Totals, settled: Totals) -> list[Difference]:
    nothing = dict.fromkeys(MEASURES, 0)
    found = []
    for key in sorted(expected.keys() | settled.keys()):
        left, right = expected.get(key, nothing), settled.get(key, nothing)
        found += [Difference(*key, m, left[m], right[m]) for m in MEASURES if left[m] != right[m]]
    return found


def explain(differences: list[Difference], shown: int = 5) -> str:
    lines = [f"{len(differences)} totals differ.", *map(str, differences[:shown])]
    return "\n".join(lines)
