"""Hourly control of settlement. Critical: SOX evidence, and finance stops payouts when it is late.

Leaves out the hour when the day's intake has not been loaded yet, so that it never reports on half a day.
"""

from airflow.decorators import dag, task
from airflow.operators.bash import BashOperator
from payments.defaults import SAY_RELEASE, START, default_args
from payments.release import announce


@task.short_circuit(pool="warehouse")
def intake_is_ready(schema: str) -> bool:
    from contextlib import closing

    from payments.controls import has_expected_settlements
    from payments.warehouse import connect

    announce()
    with closing(connect()) as connection:
        return has_expected_settlements(connection, schema)


@task(pool="warehouse")
def control_totals(schema: str) -> None:
    from contextlib import closing

    from payments.controls import write_control_totals
    from payments.warehouse import connect

    announce()
    with closing(connect()) as connection:
        print(f"control totals: {write_control_totals(connection, schema)}")


@dag(
    schedule="40 * * * *",
    start_date=START,
    catchup=False,
    max_active_runs=1,
    default_args=default_args("payments", retries=2),
    tags=["hourly", "critical", "sox"],
    doc_md=__doc__,
)
def settle_hourly():
    schema = "{{ var.value.warehouse_schema }}"
    dbt_hourly = BashOperator(
        task_id="dbt_hourly",
        bash_command=f"{SAY_RELEASE}; headgate-run dbt shop build --select tag:hourly",
        pool="warehouse",
    )
    intake_is_ready(schema) >> dbt_hourly >> control_totals(schema)


settle_hourly()
