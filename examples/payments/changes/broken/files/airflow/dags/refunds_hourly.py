"""Counts what has been refunded and marks refunds that are larger than the limit for a second look."""

from airflow import DAG
from airflow.operators.bash import BashOperator
from airflow.operators.python import PythonOperator
from payments.defaults import START, default_args
from payments.refund_limits import limit_of


def large_refunds(lake_root: str, limit_minor: str) -> list[str]:
    from payments.landing import read_rows

    found = {
        row["refund_id"]
        for row in read_rows(lake_root, "landing/refunds")
        if int(row["amount_minor"]) > limit_of(row["reason"], int(limit_minor))
    }
    print(f"{len(found)} refunds above {limit_minor}")
    return sorted(found)


with DAG(
    dag_id="refunds_hourly",
    schedule="50 * * * *",
    start_date=START,
    catchup=False,
    default_args=default_args("payments"),
    tags=["hourly"],
    doc_md=__doc__,
) as dag:
    find = PythonOperator(
        task_id="find_large_refunds",
        python_callable=large_refunds,
        op_kwargs={
            "lake_root": "{{ var.value.lake_root }}",
            "limit_minor": "{{ var.json.alert_thresholds.refund_minor }}",
        },
    )
    report = BashOperator(task_id="report", bash_command="echo 'second look asked for {{ ts }}'")
    find >> report
