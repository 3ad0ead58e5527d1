"""Converts the day to euro and rolls it up by merchant, whenever settlements have been written."""

from airflow import DAG
from airflow.operators.bash import BashOperator
from airflow.operators.empty import EmptyOperator
from payments.datasets import SETTLEMENTS
from payments.defaults import SAY_RELEASE, START, default_args

with DAG(
    dag_id="merchant_rollup_daily",
    schedule=[SETTLEMENTS],
    start_date=START,
    catchup=False,
    max_active_runs=1,
    default_args=default_args("finance"),
    tags=["daily", "spark"],
    doc_md=__doc__,
) as dag:
    convert = BashOperator(
        task_id="fx_convert", bash_command=f"{SAY_RELEASE}; headgate-run spark fx_convert", pool="spark"
    )
    roll_up = BashOperator(
        task_id="merchant_rollup", bash_command=f"{SAY_RELEASE}; headgate-run spark merchant_rollup", pool="spark"
    )
    done = EmptyOperator(task_id="done")

    convert >> roll_up >> done
