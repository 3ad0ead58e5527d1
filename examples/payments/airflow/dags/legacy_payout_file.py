# Payout file for the bank, every night. Written years ago for Airflow 1, still needed by the bank's gateway.
# Do not modernise: the bank certifies this file's output byte by byte.
import os
import sys

from airflow import DAG
from airflow.models import Variable
from airflow.operators.bash_operator import BashOperator
from airflow.operators.dummy_operator import DummyOperator
from airflow.operators.python_operator import PythonOperator
from airflow.utils.dates import days_ago

try:
    import cPickle as pickle
except ImportError:
    import pickle

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import legacy_fixed_width as fixed_width  # noqa: E402

default_args = {
    "owner": "finance",
    "depends_on_past": False,
    "start_date": days_ago(2),
    "retries": 0,
}

dag = DAG(
    "legacy_payout_file",
    default_args=default_args,
    schedule_interval="30 4 * * *",
    catchup=False,
    tags=["legacy", "daily"],
)


def write_file(**kwargs):
    import csv
    import glob

    lake_root = Variable.get("lake_root")
    lines = []
    for path in sorted(glob.glob(os.path.join(lake_root, "outbox", "settlements", "**", "*.csv"), recursive=True)):
        with open(path) as handle:
            lines += [fixed_width.to_line(row) for row in csv.DictReader(handle)]
    if not os.path.isdir(os.path.join(lake_root, "payouts")):
        os.makedirs(os.path.join(lake_root, "payouts"))
    target = os.path.join(lake_root, "payouts", "payout_%s.txt" % kwargs["ds_nodash"])
    with open(target, "w") as handle:
        handle.write("\n".join(lines))
    return len(pickle.dumps(lines))


start = DummyOperator(task_id="start", dag=dag)

write = PythonOperator(task_id="write_file", python_callable=write_file, provide_context=True, dag=dag)

check = BashOperator(
    task_id="check_file",
    bash_command="wc -l {{ var.value.lake_root }}/payouts/payout_{{ ds_nodash }}.txt",
    dag=dag,
)

write.set_upstream(start)
check.set_upstream(write)
