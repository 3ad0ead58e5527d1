"""Makes the landing files of the lake: payments, refunds, chargebacks, merchants and exchange rates.

Standard library only. The same rows, day and seed give the same bytes. There is no personal data: payers are
opaque references. On purpose some records come late (a later version in a later day's file) and some twice,
as they do from real acquirers. Amounts are integers in minor units (cents).
"""

from __future__ import annotations

import csv
import json
import shutil
from datetime import date, datetime, time, timedelta, timezone
from pathlib import Path
from random import Random
from typing import NamedTuple

DAYS = 30
MERCHANTS = 40
PAYERS = 350
SHARE_LATE = 0.08
SHARE_TWICE = 0.02
SHARE_REFUNDED = 0.05
SHARE_DISPUTED = 0.012

# rail: (payment method, country, currency, share of all payments)
RAILS = {
    "cards_eu": ("card", "DE", "EUR", 0.40),
    "cards_uk": ("card", "GB", "GBP", 0.22),
    "wallets": ("wallet", "US", "USD", 0.18),
    "bank_transfer": ("bank_transfer", "SE", "SEK", 0.12),
    "pay_later": ("pay_later", "PL", "PLN", 0.08),
}
RATES_TO_EUR = {"EUR": 1.0, "GBP": 1.17, "USD": 0.92, "SEK": 0.088, "PLN": 0.234}
CATEGORIES = ("groceries", "fashion", "travel", "electronics", "digital_goods")
DECLINES = ("insufficient_funds", "suspected_fraud", "expired_card", "issuer_unavailable")

COLUMNS = {
    "payments": [
        "payment_id",
        "version",
        "event_time",
        "received_at",
        "merchant_id",
        "payer_ref",
        "rail",
        "method",
        "country",
        "currency",
        "amount_minor",
        "status",
        "decline_reason",
    ],
    "refunds": ["refund_id", "payment_id", "refunded_at", "received_at", "amount_minor", "reason"],
    "chargebacks": [
        "chargeback_id",
        "payment_id",
        "version",
        "opened_at",
        "received_at",
        "amount_minor",
        "reason",
        "stage",
    ],
    "merchants": [
        "merchant_id",
        "category",
        "country",
        "settlement_currency",
        "fee_bps",
        "fee_fixed_minor",
        "risk_tier",
        "onboarded_on",
    ],
    "fx_rates": ["rate_date", "currency", "rate_to_eur"],
}
BY_DAY = ("payments", "refunds", "chargebacks")

Row = dict[str, object]


class Window(NamedTuple):
    """The days that the landing covers, both ends included."""

    first: date
    last: date


def generate(lake_root: Path, rows: int, as_of: date, seed: int = 7) -> dict[str, object]:
    """Replaces `lake_root/landing` with about `rows` payments of the 30 days up to `as_of`; returns the manifest."""
    window = Window(as_of - timedelta(days=DAYS - 1), as_of)
    random = Random(f"{seed}/{rows}/{as_of.isoformat()}")
    merchants = make_merchants(random, window)
    payments = make_payments(random, rows, window, merchants)
    tables = {
        "merchants": merchants,
        "fx_rates": make_rates(random, window),
        "payments": payments,
        "refunds": make_refunds(random, payments, window),
        "chargebacks": make_chargebacks(random, payments, window),
    }
    manifest = {
        "rows": rows,
        "as_of": as_of.isoformat(),
        "seed": seed,
        "first_day": window.first.isoformat(),
        "last_day": window.last.isoformat(),
        "records": {name: len(found) for name, found in tables.items()},
    }
    write_landing(lake_root, tables, manifest)
    return manifest


def make_merchants(random: Random, window: Window) -> list[Row]:
    found = []
    for number in range(1, MERCHANTS + 1):
        _, country, currency, _ = RAILS[random.choice(list(RAILS))]
        found.append(
            {
                "merchant_id": f"m{number:04d}",
                "category": random.choice(CATEGORIES),
                "country": country,
                "settlement_currency": currency,
                "fee_bps": random.choice((90, 120, 145, 175, 220, 290)),
                "fee_fixed_minor": random.choice((0, 5, 10, 25, 30)),
                "risk_tier": random.choices(("low", "medium", "high"), (6, 3, 1))[0],
                "onboarded_on": (window.first - timedelta(days=random.randrange(30, 900))).isoformat(),
            }
        )
    return found


def make_rates(random: Random, window: Window) -> list[Row]:
    found = []
    for offset in range(DAYS):
        day = window.first + timedelta(days=offset)
        for currency, base in RATES_TO_EUR.items():
            rate = base if currency == "EUR" else base * (1 + random.uniform(-0.01, 0.01))
            found.append({"rate_date": day.isoformat(), "currency": currency, "rate_to_eur": f"{rate:.8f}"})
    return found


def make_payments(random: Random, rows: int, window: Window, merchants: list[Row]) -> list[Row]:
    found: list[Row] = []
    for number in range(1, rows + 1):
        found.extend(make_payment(random, number, window, merchants))
    return with_repeats(random, found, window)


def make_payment(random: Random, number: int, window: Window, merchants: list[Row]) -> list[Row]:
    """One payment: one record, or an authorisation and a capture that arrives days later."""
    rail = random.choices(list(RAILS), [share for *_, share in RAILS.values()])[0]
    method, country, currency, _ = RAILS[rail]
    moment = random_moment(random, window)
    declined = random.random() < 0.07
    first: Row = {
        "payment_id": f"p{number:07d}",
        "version": 1,
        "event_time": stamp(moment),
        "received_at": stamp(moment + timedelta(seconds=random.randrange(1, 90))),
        "merchant_id": random.choice(merchants)["merchant_id"],
        "payer_ref": f"payer_{random.randrange(PAYERS):05d}",
        "rail": rail,
        "method": method,
        "country": country,
        "currency": currency,
        "amount_minor": max(100, int(random.lognormvariate(8.1, 0.9))),
        "status": "declined" if declined else "captured",
        "decline_reason": random.choice(DECLINES) if declined else "",
    }
    if declined or random.random() >= SHARE_LATE:
        return [first]
    captured_at = moment + timedelta(days=random.randrange(1, 5), minutes=random.randrange(600))
    authorised = {**first, "status": "authorised"}
    if captured_at.date() > window.last:
        return [authorised]
    status = "captured" if random.random() < 0.9 else "voided"
    return [authorised, {**first, "version": 2, "received_at": stamp(captured_at), "status": status}]


def make_refunds(random: Random, payments: list[Row], window: Window) -> list[Row]:
    found: list[Row] = []
    for payment in captured(payments):
        if random.random() >= SHARE_REFUNDED:
            continue
        moment = parse(payment["received_at"]) + timedelta(hours=random.randrange(2, 200))
        if moment.date() > window.last:
            continue
        amount = int(str(payment["amount_minor"]))
        whole = random.random() < 0.6
        found.append(
            {
                "refund_id": f"r{len(found) + 1:06d}",
                "payment_id": payment["payment_id"],
                "refunded_at": stamp(moment),
                "received_at": stamp(moment + timedelta(seconds=random.randrange(5, 400))),
                "amount_minor": amount if whole else random.randrange(50, amount),
                "reason": random.choice(("returned_goods", "cancelled_order", "duplicate_charge")),
            }
        )
    return with_repeats(random, found, window)


def make_chargebacks(random: Random, payments: list[Row], window: Window) -> list[Row]:
    found: list[Row] = []
    for number, payment in enumerate(captured(payments), start=1):
        if random.random() >= SHARE_DISPUTED:
            continue
        opened = parse(payment["received_at"]) + timedelta(hours=random.randrange(24, 400))
        if opened.date() > window.last:
            continue
        first: Row = {
            "chargeback_id": f"c{number:07d}",
            "payment_id": payment["payment_id"],
            "version": 1,
            "opened_at": stamp(opened),
            "received_at": stamp(opened + timedelta(minutes=5)),
            "amount_minor": payment["amount_minor"],
            "reason": random.choice(("not_received", "not_recognised", "defective")),
            "stage": "open",
        }
        found.append(first)
        decided = opened + timedelta(days=random.randrange(2, 8))
        if decided.date() <= window.last:
            stage = random.choice(("won", "lost"))
            found.append({**first, "version": 2, "received_at": stamp(decided), "stage": stage})
    return found


def captured(payments: list[Row]) -> list[Row]:
    """The captured record of each payment, once, in the order of the payment ids."""
    found = {str(row["payment_id"]): row for row in payments if row["status"] == "captured"}
    return [found[key] for key in sorted(found)]


def with_repeats(random: Random, rows: list[Row], window: Window) -> list[Row]:
    """Adds a second copy of some records, received a little later, as a retried delivery does."""
    repeats = []
    for row in rows:
        again = parse(row["received_at"]) + timedelta(hours=random.randrange(1, 30))
        if random.random() < SHARE_TWICE and again.date() <= window.last:
            repeats.append({**row, "received_at": stamp(again)})
    return rows + repeats


def random_moment(random: Random, window: Window) -> datetime:
    """A moment in the window; days at the weekend and hours at night are quieter."""
    weights = [0.7 if (window.first + timedelta(days=n)).weekday() > 4 else 1.0 for n in range(DAYS)]
    day = window.first + timedelta(days=random.choices(range(DAYS), weights)[0])
    hour = random.choices(range(24), [1] * 7 + [4] * 15 + [2] * 2)[0]
    clock = time(hour, random.randrange(60), random.randrange(60), tzinfo=timezone.utc)
    return datetime.combine(day, clock)


def stamp(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def parse(text: object) -> datetime:
    return datetime.strptime(str(text), "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=timezone.utc)


def write_landing(lake_root: Path, tables: dict[str, list[Row]], manifest: dict[str, object]) -> None:
    """Writes beside the old landing and changes over at the end, so that a reader never sees half of it."""
    target = lake_root / "landing"
    fresh = lake_root / "landing.new"
    shutil.rmtree(fresh, ignore_errors=True)
    for name, rows in tables.items():
        for folder, part in split_by_day(name, rows).items():
            write_csv(fresh / name / folder / "part-00000.csv", COLUMNS[name], part)
    (fresh / "_MANIFEST.json").write_text(json.dumps(manifest, indent=2, sort_keys=True) + "\n")
    shutil.rmtree(target, ignore_errors=True)
    fresh.rename(target)


def split_by_day(name: str, rows: list[Row]) -> dict[str, list[Row]]:
    """Rows by the folder of the day they were received on; tables without days stay in one file."""
    if name not in BY_DAY:
        return {"": rows}
    days: dict[str, list[Row]] = {}
    for row in sorted(rows, key=lambda found: str(found["received_at"])):
        days.setdefault(f"dt={str(row['received_at'])[:10]}", []).append(row)
    return days


def write_csv(path: Path, columns: list[str], rows: list[Row]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
