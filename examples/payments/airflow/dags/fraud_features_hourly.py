"""Features per payer and hour for the risk models, then a fresh score of the merchants."""

from airflow import DAG
from airflow.operators.bash import BashOperator
from airflow.operators.trigger_dagrun import TriggerDagRunOperator
from payments.datasets import FRAUD_FEATURES
from payments.defaults import SAY_RELEASE, START, default_args

with DAG(
    dag_id="fraud_features_hourly",
    schedule="25 * * * *",
    start_date=START,
    catchup=False,
    max_active_runs=1,
    default_args=default_args("risk"),
    tags=["hourly", "spark"],
    doc_md=__doc__,
) as dag:
    features = BashOperator(
        task_id="fraud_features",
        bash_command=f"{SAY_RELEASE}; headgate-run spark fraud_features",
        pool="spark",
        outlets=[FRAUD_FEATURES],
    )
    score = TriggerDagRunOperator(
        task_id="refresh_scores",
        trigger_dag_id="risk_score_refresh",
        conf={"features_until": "{{ data_interval_end }}"},
    )
    features >> score
