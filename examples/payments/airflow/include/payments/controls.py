"""Evidence for the auditors: what the settlement tables said, and when."""

from __future__ import annotations

CONTROL_TABLE = """
create schema if not exists control;
create table if not exists control.settlement_totals (
    taken_at timestamptz not null default now(),
    days_compared integer not null,
    days_differing integer not null
)
"""

TAKE_TOTALS = """
insert into control.settlement_totals (days_compared, days_differing)
select count(*), count(*) filter (where not reconciled)
from {schema}_controls.fct_settlement_reconciliation
returning days_compared, days_differing
"""


def has_expected_settlements(connection, schema: str) -> bool:
    with connection, connection.cursor() as cursor:
        cursor.execute("select to_regclass(%s) is not null", (f"{schema}_marts.fct_settlement_expected",))
        return cursor.fetchone()[0]


def write_control_totals(connection, schema: str) -> dict[str, int]:
    """Appends one line of evidence and returns it."""
    with connection, connection.cursor() as cursor:
        cursor.execute(CONTROL_TABLE)
        cursor.execute(TAKE_TOTALS.format(schema=schema))
        compared, differing = cursor.fetchone()
        return {"compared": compared, "differing": differing}
