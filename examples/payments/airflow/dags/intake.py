"""One intake DAG for each payment rail; `payments/rails.py` is the list."""

from datetime import timedelta

from airflow import DAG
from airflow.operators.bash import BashOperator
from airflow.operators.python import PythonOperator
from airflow.utils.task_group import TaskGroup
from payments.defaults import START, default_args
from payments.rails import RAILS, Rail


def count_records(lake_root: str, rail: str) -> int:
    from payments.landing import read_rows

    count = sum(1 for row in read_rows(lake_root, "landing/payments") if row["rail"] == rail)
    print(f"{rail}: {count} records in the landing")
    return count


def make_intake(rail: Rail) -> DAG:
    with DAG(
        dag_id=f"intake_{rail.name}",
        schedule=rail.schedule,
        start_date=START,
        catchup=False,
        max_active_runs=1,
        dagrun_timeout=timedelta(minutes=rail.deadline_minutes),
        default_args=default_args(rail.owner),
        tags=["intake", rail.name],
        doc_md=f"Takes in the files of the rail `{rail.name}`.",
    ) as dag:
        fetch = BashOperator(task_id="fetch", bash_command=f"echo 'fetching {rail.name} for {{{{ ds }}}}'")
        with TaskGroup("validate") as validate:
            for check in ("schema", "signature", "sequence"):
                BashOperator(task_id=check, bash_command=f"echo '{check} of {rail.name} is right'")
        count = PythonOperator(
            task_id="count_records",
            python_callable=count_records,
            op_kwargs={"lake_root": "{{ var.value.lake_root }}", "rail": rail.name},
        )
        fetch >> validate >> count
    return dag


for found in RAILS:
    globals()[f"intake_{found.name}"] = make_intake(found)
