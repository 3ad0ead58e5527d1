"""Scores merchants again. Started by `fraud_features_hourly`, or by hand for one merchant."""

from airflow.decorators import dag, task
from airflow.models.param import Param
from payments.defaults import START, default_args


@task
def choose_merchants(merchant: str) -> list[str]:
    """One merchant by hand, or the merchants of the high risk tier."""
    return [merchant] if merchant else ["high"]


@task
def score(group: str) -> str:
    print(f"scoring {group}")
    return group


@task(trigger_rule="all_done")
def publish(groups: list[str]) -> None:
    print(f"published scores of {len(list(groups))} groups")


@dag(
    schedule=None,
    start_date=START,
    catchup=False,
    default_args=default_args("risk"),
    params={"merchant": Param("", type="string", description="merchant id; empty for all of high risk")},
    tags=["on-demand"],
    doc_md=__doc__,
)
def risk_score_refresh():
    publish(score.expand(group=choose_merchants("{{ params.merchant }}")))


risk_score_refresh()
