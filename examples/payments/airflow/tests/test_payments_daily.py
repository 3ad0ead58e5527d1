"""The order of the day's steps, which is what makes a reconciliation mean something."""

from pathlib import Path

import pytest
from airflow.models import DagBag

DAGS = Path(__file__).resolve().parents[1] / "dags"


@pytest.fixture(scope="module")
def payments_daily():
    bag = DagBag(str(DAGS / "payments_daily.py"), include_examples=False)
    assert bag.import_errors == {}
    return bag.dags["payments_daily"]


def test_nothing_is_reconciled_before_dbt_and_spark_have_ended(payments_daily):
    before = {task.task_id for task in payments_daily.get_task("reconcile").get_flat_relatives(upstream=True)}
    assert {"load_raw", "dbt_build", "load_settlements"} <= before


def test_a_failed_reconciliation_is_not_tried_again(payments_daily):
    assert payments_daily.get_task("reconcile").retries == 0
