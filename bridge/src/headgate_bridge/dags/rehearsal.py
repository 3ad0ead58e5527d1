"""Describes a DAG of its own once, before any fork: what Airflow loads and computes late is then there for all."""

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

    with DAG("rehearsal", schedule="@daily", start_date=datetime(2024, 1, 1), tags=["x"], params={"a": 1}) as dag:
        wait = ExternalTaskSensor(task_id="wait", external_dag_id="other", external_task_id="last")
        with TaskGroup("group"):
            run = BashOperator(task_id="bash", bash_command="cd x && dbt run --select y", retries=1)
            end = EmptyOperator(task_id="empty", trigger_rule="all_done")
        wait >> run >> end >> TriggerDagRunOperator(task_id="trigger", trigger_dag_id="next")
    return dag


def with_decorators() -> Any:
    from airflow.datasets import Dataset
    from airflow.decorators import dag, task

    @dag(schedule=timedelta(hours=1), start_date=datetime(2024, 1, 1), catchup=False)
    def rehearsal_of_decorators() -> None:
        @task(outlets=[Dataset("x://y")])
        def one(value: int) -> int:
            return value

        one.expand(value=[1, 2])
        one.override(task_id="two")(one.override(task_id="three")(1))

    return rehearsal_of_decorators()
