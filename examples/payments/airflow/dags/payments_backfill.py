"""Settles a range of days again, one after the other. By hand only: finance asks, payments runs it."""

from datetime import date, timedelta

from airflow.decorators import dag, task
from airflow.models.param import Param
from payments.defaults import START, default_args


@task
def list_days(first: str, last: str) -> list[str]:
    start, end = date.fromisoformat(first), date.fromisoformat(last)
    if not start <= end <= start + timedelta(days=31):
        raise ValueError(f"{first} to {last} is not a range of 1 to 32 days")
    return [(start + timedelta(days=n)).isoformat() for n in range((end - start).days + 1)]


@task.bash(pool="spark", max_active_tis_per_dag=1)
def settle_day(day: str) -> str:
    return f"headgate-run spark settle --business-date {day}"


@dag(
    schedule=None,
    start_date=START,
    catchup=False,
    max_active_runs=1,
    default_args=default_args("payments"),
    params={
        "first": Param("2025-06-01", type="string", format="date"),
        "last": Param("2025-06-03", type="string", format="date"),
    },
    tags=["on-demand", "spark"],
    doc_md=__doc__,
)
def payments_backfill():
    settle_day.expand(day=list_days("{{ params.first }}", "{{ params.last }}"))


payments_backfill()
