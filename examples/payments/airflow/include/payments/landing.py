"""Finds the landing files of the lake, or makes them where the environment asks for synthetic ones."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path


def locate_landing(lake_root: str, rows: int, as_of: str) -> dict:
    """The manifest of the landing. With `rows` above 0 the files are synthetic and made when they are not there
    yet for the same `rows` and `as_of`; with 0 the acquirers deliver them and it is an error when they are missing."""
    root = Path(lake_root)
    manifest = read_manifest(root)
    if rows == 0:
        if manifest is None:
            raise FileNotFoundError(f"No landing under {root}: no acquirer has delivered yet.")
        return manifest
    if manifest is not None and manifest["rows"] == rows and manifest["as_of"] == as_of:
        return manifest

    from payments.seed import generate

    return generate(root, rows, date.fromisoformat(as_of))


def read_manifest(root: Path) -> dict | None:
    path = root / "landing" / "_MANIFEST.json"
    return json.loads(path.read_text()) if path.exists() else None


def files_of(lake_root: str, folder: str) -> list[Path]:
    """All CSV files of `folder` (for example `landing/payments`), in a stable order."""
    return sorted((Path(lake_root) / folder).rglob("*.csv"))


def read_rows(lake_root: str, folder: str) -> Iterator[dict[str, str]]:
    for path in files_of(lake_root, folder):
        with path.open(newline="") as file:
            yield from csv.DictReader(file)
