"""The day's payments: from the landing into the warehouse and through dbt, settled by Spark, reconciled to the cent.

Owned by payments; the last task decides whether finance may pay out. Every task can be run again.
"""

from contextlib import closing

from airflow.decorators import dag, task
from airflow.operators.bash import BashOperator
from payments.datasets import SETTLEMENTS
from payments.defaults import SAY_RELEASE, START, default_args
from payments.release import announce

LAKE_ROOT = "{{ var.value.lake_root }}"


@task
def locate_landing(lake_root: str, rows: str, as_of: str) -> dict:
    from payments.landing import locate_landing as locate

    announce()
    manifest = locate(lake_root, int(rows), as_of)
    print(f"landing of {manifest['first_day']} to {manifest['last_day']}: {manifest['records']}")
    return manifest


@task(pool="warehouse")
def load_raw(lake_root: str) -> None:
    from payments.warehouse import connect, load_landing

    announce()
    with closing(connect()) as connection:
        loaded = load_landing(connection, lake_root)
    for table, count in loaded.items():
        print(f"raw.{table}: {count} rows")
    print(f"loaded {sum(loaded.values())} rows in all")


@task(pool="warehouse")
def load_settlements(lake_root: str) -> None:
    from payments.warehouse import connect
    from payments.warehouse import load_settlements as load

    announce()
    with closing(connect()) as connection:
        print(f"loaded {load(connection, lake_root)} settlements")


@task(pool="warehouse", outlets=[SETTLEMENTS], retries=0)
def reconcile(schema: str) -> None:
    from payments.reconcile import reconcile as check
    from payments.warehouse import connect

    announce()
    with closing(connect()) as connection:
        print(f"reconciled {check(connection, schema)} days and currencies")


@dag(
    schedule="0 3 * * *",
    start_date=START,
    catchup=False,
    max_active_runs=1,
    default_args=default_args("payments"),
    tags=["daily", "main-path"],
    doc_md=__doc__,
)
def payments_daily():
    located = locate_landing(LAKE_ROOT, "{{ var.value.seed_rows }}", "{{ var.value.seed_as_of }}")
    dbt_build = BashOperator(
        task_id="dbt_build",
        bash_command=f"{SAY_RELEASE}; headgate-run dbt shop build --select tag:daily",
        pool="warehouse",
    )
    spark_settle = BashOperator(
        task_id="spark_settle",
        bash_command=f"{SAY_RELEASE}; headgate-run spark settle",
        pool="spark",
    )
    reconciled = reconcile("{{ var.value.warehouse_schema }}")

    located >> load_raw(LAKE_ROOT) >> dbt_build >> reconciled
    located >> spark_settle >> load_settlements(LAKE_ROOT) >> reconciled


payments_daily()
