"""Tables that the lake feeds in the warehouse, and how they are loaded. Loading twice leaves the same rows."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

from payments.landing import read_rows

# table: {column: (type, what an absent value becomes)}; an absent value without a replacement is NULL
TABLES: dict[str, dict[str, tuple[str, str]]] = {
    "payments": {
        "payment_id": ("text", ""),
        "version": ("integer", ""),
        "event_time": ("timestamptz", ""),
        "received_at": ("timestamptz", ""),
        "merchant_id": ("text", ""),
        "payer_ref": ("text", ""),
        "rail": ("text", ""),
        "method": ("text", ""),
        "country": ("text", ""),
        "currency": ("text", ""),
        "amount_minor": ("bigint", ""),
        "status": ("text", ""),
        "decline_reason": ("text", ""),
    },
    "refunds": {
        "refund_id": ("text", ""),
        "payment_id": ("text", ""),
        "refunded_at": ("timestamptz", ""),
        "received_at": ("timestamptz", ""),
        "amount_minor": ("bigint", ""),
        "reason": ("text", ""),
    },
    "chargebacks": {
        "chargeback_id": ("text", ""),
        "payment_id": ("text", ""),
        "version": ("integer", ""),
        "opened_at": ("timestamptz", ""),
        "received_at": ("timestamptz", ""),
        "amount_minor": ("bigint", ""),
        "reason": ("text", ""),
        "stage": ("text", ""),
    },
    "merchants": {
        "merchant_id": ("text", ""),
        "category": ("text", ""),
        "country": ("text", ""),
        "settlement_currency": ("text", ""),
        "fee_bps": ("integer", "0"),
        "fee_fixed_minor": ("integer", "0"),
        "risk_tier": ("text", "medium"),
        "onboarded_on": ("date", ""),
    },
    "fx_rates": {
        "rate_date": ("date", ""),
        "currency": ("text", ""),
        "rate_to_eur": ("numeric(18,8)", ""),
    },
    # Files from before fees and refunds were settled have no such columns.
    "settlements": {
        "merchant_id": ("text", ""),
        "settle_date": ("date", ""),
        "currency": ("text", ""),
        "payment_count": ("bigint", "0"),
        "gross_minor": ("bigint", "0"),
        "refund_minor": ("bigint", "0"),
        "fee_minor": ("bigint", "0"),
        "net_minor": ("bigint", "0"),
    },
}
LANDED = ("payments", "refunds", "chargebacks", "merchants", "fx_rates")
SETTLED = "outbox/settlements"


def connect():
    """An open psycopg2 connection to the Airflow connection `warehouse`; the caller closes it."""
    import psycopg2
    from airflow.hooks.base import BaseHook

    found = BaseHook.get_connection("warehouse")
    return psycopg2.connect(
        host=found.host, port=found.port, dbname=found.schema, user=found.login, password=found.password
    )


def ensure_tables(connection) -> None:
    """Creates the schema `raw` and its tables where they are missing, one process at a time."""
    with connection, connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtext('payments raw tables'))")
        cursor.execute("create schema if not exists raw")
        for table, columns in TABLES.items():
            typed = ", ".join(f"{name} {kind}" for name, (kind, _) in columns.items())
            cursor.execute(f"create table if not exists raw.{table} ({typed}, loaded_at timestamptz default now())")


def load_landing(connection, lake_root: str) -> dict[str, int]:
    """Replaces the raw tables by what is in the landing, in one transaction; the rows of each table."""
    ensure_tables(connection)
    with connection, connection.cursor() as cursor:
        return {table: replace_rows(cursor, table, read_rows(lake_root, f"landing/{table}")) for table in LANDED}


def load_settlements(connection, lake_root: str) -> int:
    """Replaces `raw.settlements` by what the settle job has put into the outbox; the number of rows."""
    ensure_tables(connection)
    with connection, connection.cursor() as cursor:
        return replace_rows(cursor, "settlements", read_rows(lake_root, SETTLED))


def replace_rows(cursor, table: str, rows: Iterable[dict[str, str]]) -> int:
    """`delete` rather than `truncate`: readers go on seeing the old rows until the commit."""
    columns = TABLES[table]
    buffer = io.StringIO()
    lines = [[row.get(name) or instead for name, (_, instead) in columns.items()] for row in rows]
    csv.writer(buffer, lineterminator="\n").writerows(lines)
    buffer.seek(0)
    cursor.execute(f"delete from raw.{table}")
    cursor.copy_expert(f"copy raw.{table} ({', '.join(columns)}) from stdin with (format csv)", buffer)
    return len(lines)
