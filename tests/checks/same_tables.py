"""Tells in which tables and views two DuckDB files differ: python same_tables.py ONE OTHER. Prints JSON: names that differ."""

import json
import sys
import tempfile
from pathlib import Path
from shutil import copyfile

import duckdb

# What dbt writes of the moment in which it ran.
OF_THE_MOMENT = ("dbt_updated_at", "dbt_valid_from", "dbt_valid_to", "dbt_scd_id")


def tables(path: str) -> dict[str, object]:
    with tempfile.TemporaryDirectory() as folder:
        # Views name the database, and that is the file's name.
        own = Path(folder, "rehearsal.duckdb")
        copyfile(path, own)
        with duckdb.connect(str(own)) as connection:
            connection.execute("set TimeZone = 'UTC'")
            listed = connection.execute("select table_schema, table_name, table_type from information_schema.tables")
            return {f"{schema}.{name}": [kind, rows(connection, schema, name)] for schema, name, kind in listed.fetchall()}


def rows(connection: duckdb.DuckDBPyConnection, schema: str, name: str) -> object:
    try:
        found = connection.execute(f'select * from "{schema}"."{name}"')
    except duckdb.Error as error:
        return type(error).__name__
    columns = [column[0] for column in found.description or []]
    kept = [index for index, column in enumerate(columns) if column not in OF_THE_MOMENT]
    return [[columns[index] for index in kept], sorted(str([row[index] for index in kept]) for row in found.fetchall())]


one, other = tables(sys.argv[1]), tables(sys.argv[2])
print(json.dumps(sorted(name for name in {*one, *other} if one.get(name) != other.get(name))))
