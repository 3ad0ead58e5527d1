"""Housekeeping of the data platform: the warehouse, the lake, and the quality of the data in between."""

import shutil
from datetime import date, timedelta
from pathlib import Path

from airflow import DAG
from airflow.operators.bash import BashOperator
from airflow.operators.python import PythonOperator
from airflow.providers.common.sql.operators.sql import SQLExecuteQueryOperator
from payments.defaults import SAY_RELEASE, START, default_args


def drop_old_partitions(lake_root: str, keep_days: str, today: str) -> int:
    """Removes partitions of features that are older than `keep_days`; the number removed."""
    oldest = date.fromisoformat(today) - timedelta(days=int(keep_days))
    removed = 0
    for folder in sorted((Path(lake_root) / "gold" / "fraud_features").glob("feature_date=*")):
        if date.fromisoformat(folder.name.partition("=")[2]) < oldest:
            shutil.rmtree(folder)
            removed += 1
    print(f"{removed} partitions before {oldest} removed")
    return removed


with DAG(
    dag_id="warehouse_maintenance_weekly",
    schedule="0 1 * * 0",
    start_date=START,
    catchup=False,
    default_args=default_args("data-platform"),
    tags=["weekly", "platform"],
    doc_md=__doc__,
) as maintenance:
    SQLExecuteQueryOperator(
        task_id="analyze", conn_id="warehouse", sql="analyze", autocommit=True, pool="warehouse"
    ) >> BashOperator(task_id="report", bash_command="echo 'statistics are fresh'")

with DAG(
    dag_id="lake_retention_daily",
    schedule="30 1 * * *",
    start_date=START,
    catchup=False,
    default_args=default_args("data-platform"),
    tags=["daily", "platform"],
    doc_md=__doc__,
) as retention:
    PythonOperator(
        task_id="drop_old_partitions",
        python_callable=drop_old_partitions,
        op_kwargs={
            "lake_root": "{{ var.value.lake_root }}",
            "keep_days": "{{ var.value.feature_retention_days }}",
            "today": "{{ ds }}",
        },
    )

with DAG(
    dag_id="data_quality_daily",
    schedule="45 5 * * *",
    start_date=START,
    catchup=False,
    default_args=default_args("data-platform"),
    tags=["daily", "dbt", "platform"],
    doc_md=__doc__,
) as quality:
    freshness = BashOperator(
        task_id="source_freshness",
        bash_command=f"{SAY_RELEASE}; headgate-run dbt shop source freshness",
        pool="warehouse",
    )
    tests = BashOperator(
        task_id="test_marts",
        bash_command=f"{SAY_RELEASE}; headgate-run dbt shop test --select path:models/marts",
        pool="warehouse",
    )
    freshness >> tests
