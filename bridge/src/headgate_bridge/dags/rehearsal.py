"""Describes a DAG of its own once, before any fork: what Airflow loads and computes late is then there for all."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from .describe import describe_dags


def rehearse() -> None:
    describe_dags([with_operators(), with_decorators()], {}, "/")


def with_operators() -> Any:
    from airflow import DAG
    from airflow.operators.bash import BashOperator
    from airflow.operators.empty import EmptyOperator
    from airflow.operators.trigger_dagrun import TriggerDagRunOperator
    from airflow.sensors.external_task import ExternalTaskSensor
    from airflow.utils.task_group import TaskGroup

    with DAG("rehearsal", schedule="@daily", start_date=datetime(2024, 1, 1), tags=["x"]) as dag:
        wait = ExternalTaskSensor(task_id="wait", external_dag_id="other", external_task_id="last")
        with TaskGroup("group"):
            run = BashOperator(task_id="bash", bash_command="cd x && dbt run --select y", retries=1)
            end = EmptyOperator(task_id="empty", trigger_rule="all_done")
        wait >> run >> end >> TriggerDagRunOperator(task_id="trigger", trigger_dag_id="next")
    return dag


def with_decorators() -> Any:
    from airflow.decorators import dag, task

    @dag(schedule=timedelta(hours=1), start_date=datetime(2024, 1, 1), catchup=False)
    def rehearsal_of_decorators() -> None:
        @task
        def one(value: int) -> int:
            return value

        one.expand(value=[1, 2])
        one.override(task_id="two")(one.override(task_id="three")(1))

    return rehearsal_of_decorators()


def with_params() -> Any:
    from airflow import DAG

    return DAG("rehearsal", schedule="@daily", start_date=datetime(2024, 1, 1), params={"a": 1})


def with_datasets() -> Any:
    from airflow import DAG
    from airflow.datasets import Dataset
    from airflow.operators.empty import EmptyOperator

    with DAG("rehearsal", schedule=[Dataset("x://y")], start_date=datetime(2024, 1, 1)) as dag:
        EmptyOperator(task_id="empty", outlets=[Dataset("x://z")])
    return dag


# What only some projects use, and takes long to load: words that a file holds which uses it.
_LATE: list[tuple[bytes, Callable[[], Any]]] = [(b"aram", with_params), (b"ataset", with_datasets)]


def rehearse_for(paths: list[str]) -> None:
    """Rehearses what one of these files may use besides, once a process."""
    for path in paths:
        if not _LATE:
            return
        try:
            with open(path, "rb") as file:
                text = file.read()
        except OSError:
            continue
        for late in [one for one in _LATE if one[0] in text]:
            _LATE.remove(late)
            describe_dags([late[1]()], {}, "/")
