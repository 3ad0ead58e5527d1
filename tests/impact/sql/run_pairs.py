"""Runs pairs of queries on DuckDB and says which give the same. One JSON object on each line, in and out.

The first line in holds `setup`, a list of statements. Each other line is `{base, head, ordered, except}`, perhaps with `before`, statements to be
run first; its answer says whether both ran, whether the results are the same
(`same`: as bags of rows, or in their order where it is `ordered`), and whether
the columns of the base are the same in the head, those of `except` left out
(`kept`).
"""

import datetime
import decimal
import json
import sys
import threading

import duckdb

# What takes longer than any of the queries does without end.
LIMIT_SECONDS = 6


def main() -> None:
    lines = iter(sys.stdin)
    connection = duckdb.connect(config={"threads": 1, "memory_limit": "600MB"})
    for statement in json.loads(next(lines))["setup"]:
        try:
            connection.execute(statement)
        except duckdb.Error as error:
            print(f"setup: {error}", file=sys.stderr)
    seen: dict[str, object] = {}
    for line in lines:
        pair = json.loads(line)
        if pair.get("before"):
            seen.clear()
        for statement in pair.get("before", []):
            run(connection, statement)
        base, head = (seen_or_run(connection, seen, pair[side]) for side in ("base", "head"))
        print(json.dumps(judge(base, head, pair)), flush=True)


def seen_or_run(connection, seen, sql):
    if sql not in seen:
        if len(seen) > 500:
            seen.clear()
        seen[sql] = run(connection, sql)
    return seen[sql]


def run(connection, sql):
    timer = threading.Timer(LIMIT_SECONDS, connection.interrupt)
    timer.start()
    try:
        return result_of(connection, sql)
    except Exception as error:  # Whatever DuckDB says of it, it is no result.
        return {"error": str(error)[:200]}
    finally:
        timer.cancel()


def result_of(connection, sql):
    relation = connection.execute(sql)
    if relation.description is None:
        return {"error": "no result"}
    names = [column[0].lower() for column in relation.description]
    types = [str(column[1]) for column in relation.description]
    return {"names": names, "types": types, "rows": [tuple(map(plain, row)) for row in relation.fetchmany(20000)]}


def plain(value):
    if isinstance(value, (datetime.date, datetime.datetime, decimal.Decimal)):
        return str(value)
    return repr(value)


def judge(base, head, pair):
    if "error" in base or "error" in head:
        return {"ran": False, "baseRan": "error" not in base, "same": False, "kept": False, "why": base.get("error") or head.get("error")}
    same = all(base[part] == head[part] for part in ("names", "types")) and arranged(base, pair) == arranged(head, pair)
    return {"ran": True, "baseRan": True, "same": same, "kept": keeps(base, head, set(pair["except"])), "why": None}


def arranged(result, pair):
    return result["rows"] if pair["ordered"] else sorted(result["rows"])


def keeps(base, head, other) -> bool:
    names = [name for name in base["names"] if name not in other]
    if len(set(head["names"])) != len(head["names"]) or not set(names) <= set(head["names"]):
        return False
    return part(base, names) == part(head, names)


def part(result, names):
    places = [result["names"].index(name) for name in names]
    types = [result["types"][place] for place in places]
    return types, sorted(tuple(row[place] for place in places) for row in result["rows"])


main()
