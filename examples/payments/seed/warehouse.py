"""The warehouse steps of `payments_daily` by hand, without Airflow: `python seed/warehouse.py raw --lake .lake`.

The warehouse is named by WAREHOUSE_HOST, WAREHOUSE_PORT, WAREHOUSE_DATABASE, WAREHOUSE_USER, WAREHOUSE_PASSWORD
and WAREHOUSE_SCHEMA, as for dbt. Needs psycopg2.
"""

import argparse
import json
import os
import sys
from contextlib import closing
from pathlib import Path

import psycopg2

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "airflow" / "include"))

from payments.reconcile import TotalsDiffer, reconcile  # noqa: E402
from payments.warehouse import load_landing, load_settlements  # noqa: E402


def connect():
    return psycopg2.connect(
        host=os.environ["WAREHOUSE_HOST"],
        port=os.environ["WAREHOUSE_PORT"],
        dbname=os.environ["WAREHOUSE_DATABASE"],
        user=os.environ["WAREHOUSE_USER"],
        password=os.environ.get("WAREHOUSE_PASSWORD", ""),
    )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("step", choices=["raw", "settlements", "reconcile"])
    parser.add_argument("--lake", required=True)
    args = parser.parse_args()
    with closing(connect()) as connection:
        if args.step == "raw":
            print(json.dumps(load_landing(connection, args.lake)))
        elif args.step == "settlements":
            print(json.dumps({"settlements": load_settlements(connection, args.lake)}))
        else:
            return check(connection)
    return 0


def check(connection) -> int:
    try:
        print(json.dumps({"compared": reconcile(connection, os.environ.get("WAREHOUSE_SCHEMA", "analytics"))}))
    except TotalsDiffer as differ:
        print(differ, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
