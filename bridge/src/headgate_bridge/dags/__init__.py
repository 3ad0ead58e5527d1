"""Airflow DAG files: each is run in a confined fork of a process that has Airflow loaded, and described."""
