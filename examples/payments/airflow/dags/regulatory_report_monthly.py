"""The monthly volume report to the regulator, by currency. SOX: kept for seven years."""

import json

from airflow.decorators import dag, task
from payments.defaults import START, default_args


@task
def volumes(lake_root: str, currencies: str) -> dict[str, int]:
    """Settled gross amount in minor units of each currency that is reported."""
    from payments.landing import read_rows

    wanted = json.loads(currencies)
    found = dict.fromkeys(wanted, 0)
    for row in read_rows(lake_root, "outbox/settlements"):
        if row["currency"] in found:
            found[row["currency"]] += int(row["gross_minor"])
    return found


@task
def write_report(lake_root: str, month: str, found: dict[str, int]) -> str:
    from pathlib import Path

    path = Path(lake_root) / "reports" / f"volumes-{month}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(found, indent=2, sort_keys=True) + "\n")
    return str(path)


@dag(
    schedule="0 8 2 * *",
    start_date=START,
    catchup=False,
    default_args=default_args("finance"),
    tags=["monthly", "sox"],
    doc_md=__doc__,
)
def regulatory_report_monthly():
    lake_root = "{{ var.value.lake_root }}"
    found = volumes(lake_root, "{{ var.json.report_currencies | tojson }}")
    write_report(lake_root, "{{ ds[:7] }}", found)


regulatory_report_monthly()
