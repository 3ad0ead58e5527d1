"""Datasets: one DAG says that it has written one, another starts because of it."""

from airflow.datasets import Dataset

SETTLEMENTS = Dataset("lake://payments/settlements")
FX_RATES = Dataset("lake://payments/fx_rates")
FRAUD_FEATURES = Dataset("lake://payments/fraud_features")
