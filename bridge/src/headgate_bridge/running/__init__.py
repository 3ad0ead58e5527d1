"""Runs released dbt and Spark code. Stdlib only, from Python 3.9 on: it runs in whatever interpreter Airflow has."""
