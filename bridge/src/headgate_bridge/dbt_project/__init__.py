"""dbt projects: parsed and compiled by dbt itself, each request in a fork of a process that has dbt loaded."""
