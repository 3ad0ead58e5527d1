"""Runs queries on DuckDB before and after each column of each table gets other values. One JSON object in, one out.

In: {"setup": [statement], "columns": [[table, column, type]], "queries": [sql]}. Out: for each column and query whether the rows differ and
which outputs do: [[column at, query at, [name of an output], is the number of rows another one]]; queries that fail are left out.
"""

import json
import sys

import duckdb

OTHERS = {
    "varchar": "coalesce({0} || 'q', 'was null')",
    "boolean": "case when {0} is null then true when {0} then null else true end",
    "date": "coalesce({0} + 3650, date '1990-05-05')",
    "timestamp": "coalesce({0} + interval 400 day, timestamp '1990-05-05 05:05:05')",
    "int[]": "list_concat(coalesce({0}, [9]), [7, 3])",
    "struct(x int, y varchar)": "{{'x': coalesce({0}.x, 3) + 1, 'y': coalesce({0}.y, 'n') || 'z'}}",
}


def main():
    asked = json.load(sys.stdin)
    connection = duckdb.connect(config={"threads": 1, "memory_limit": "600MB"})
    for statement in asked["setup"]:
        connection.execute(statement)
    before = [run(connection, sql) for sql in asked["queries"]]
    found = []
    for at, (table, column, kind) in enumerate(asked["columns"]):
        other = OTHERS.get(kind, "case when {0} is null then 1 when {0} = 0 then 3 else -{0} end").format(column)
        connection.execute("begin")
        connection.execute(f"update {table} set {column} = {other}")
        for place, sql in enumerate(asked["queries"]):
            if before[place] is None or table not in sql:
                continue
            after = run(connection, sql)
            if after is not None and after != before[place]:
                found.append([at, place, *differing(before[place], after)])
        connection.execute("rollback")
    json.dump(found, sys.stdout)


def run(connection, sql):
    try:
        result = connection.execute(sql)
        return [column[0].lower() for column in result.description], sorted(tuple(map(repr, row)) for row in result.fetchall())
    except duckdb.Error:
        return None


def differing(before, after):
    names, rows = before
    changed = [name for at, name in enumerate(names) if sorted(row[at] for row in rows) != sorted(row[at] for row in after[1])]
    return changed, len(rows) != len(after[1])


main()
