"""Writes synthetic landing files: `python seed/generate.py --lake .lake --rows 2000 --as-of 2025-06-30`."""

import argparse
import json
import sys
from datetime import date
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "airflow" / "include"))

from payments.seed import generate  # noqa: E402


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lake", required=True, type=Path)
    parser.add_argument("--rows", type=int, default=2000, help="number of payments")
    parser.add_argument("--as-of", type=date.fromisoformat, default=date(2025, 6, 30), help="the last day")
    parser.add_argument("--seed", type=int, default=7)
    args = parser.parse_args()
    print(json.dumps(generate(args.lake, args.rows, args.as_of, args.seed)))


if __name__ == "__main__":
    main()
