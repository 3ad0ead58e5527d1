"""Watches the rollup of merchants."""

from airflow import DAG
from airflow.operators.bash import BashOperator
from payments.defaults import START, default_args

with DAG(
    dag_id="merchant_rollup_daily",
    schedule="0 9 * * *",
    start_date=START,
    catchup=False,
    default_args=default_args("finance"),
    tags=["daily"],
    doc_md=__doc__,
) as dag:
    BashOperator(task_id="watch", bash_command="echo 'the rollup of {{ ds }} is there'")
