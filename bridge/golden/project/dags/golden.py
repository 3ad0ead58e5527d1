from datetime import datetime

from airflow import DAG
from airflow.models import Variable
from airflow.operators.bash import BashOperator
from airflow.operators.python import PythonOperator
from airflow.providers.apache.spark.operators.spark_submit import SparkSubmitOperator
from airflow.utils.task_group import TaskGroup

rate = Variable.get("rate", default_var="1")


def settle():
    return rate


with DAG(
    "golden",
    schedule="15 * * * *",
    start_date=datetime(2024, 1, 1),
    catchup=False,
    description="Every field of the protocol",
    tags=["payments"],
    default_args={"owner": "payments", "retries": 2},
):
    with TaskGroup("build"):
        models = BashOperator(
            task_id="models", bash_command="headgate-run dbt shop build --select orders+", pool="warehouse"
        )
    job = SparkSubmitOperator(task_id="job", application="jobs/settle.py", conn_id="spark")
    models >> PythonOperator(task_id="settle", python_callable=settle) >> job
