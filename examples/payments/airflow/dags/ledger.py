"""The ledger's two DAGs: the daily close, which waits for the payments to reconcile, and the end of the month."""

from datetime import timedelta

from airflow import DAG
from airflow.operators.bash import BashOperator
from airflow.operators.empty import EmptyOperator
from airflow.operators.python import BranchPythonOperator
from airflow.sensors.external_task import ExternalTaskSensor
from payments.defaults import START, default_args


def which_close(ds: str) -> str:
    """The first day of a month closes the month before."""
    return "close_month" if ds.endswith("-01") else "close_day"


with DAG(
    dag_id="ledger_close_daily",
    schedule="0 5 * * *",
    start_date=START,
    catchup=False,
    default_args=default_args("ledger"),
    tags=["daily", "ledger"],
    doc_md=__doc__,
) as close_daily:
    reconciled = ExternalTaskSensor(
        task_id="payments_reconciled",
        external_dag_id="payments_daily",
        external_task_id="reconcile",
        execution_delta=timedelta(hours=2),
        mode="reschedule",
        poke_interval=60,
        timeout=3 * 60 * 60,
    )
    branch = BranchPythonOperator(task_id="which_close", python_callable=which_close)
    close_day = BashOperator(task_id="close_day", bash_command="echo 'day {{ ds }} closed'")
    close_month = BashOperator(task_id="close_month", bash_command="echo 'month before {{ ds }} closed'")
    send = BashOperator(
        task_id="send_journal",
        bash_command="echo 'journal for {{ conn.ledger_api.host }}, dry run {{ var.value.dry_run_payouts }}'",
        trigger_rule="none_failed_min_one_success",
    )
    reconciled >> branch >> [close_day, close_month] >> send

with DAG(
    dag_id="finance_month_end",
    schedule="0 7 1 * *",
    start_date=START,
    catchup=False,
    default_args=default_args("finance"),
    tags=["monthly", "ledger"],
    doc_md=__doc__,
) as month_end:
    freeze = BashOperator(task_id="freeze_rates", bash_command="echo 'rates of {{ ds }} frozen'")
    reports = [
        BashOperator(task_id=f"report_{name}", bash_command=f"echo '{name} report written'")
        for name in ("fee_revenue", "chargeback_losses", "open_payouts")
    ]
    sign_off = EmptyOperator(task_id="sign_off")
    freeze >> reports >> sign_off
