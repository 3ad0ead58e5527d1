"""Finds in what dbt says the file and the line that it means."""

import os
import re
from typing import Any

# "... model x (models/x.sql)", "Error reading shop: schema.yml", "file models/x.sql"
PATHS = re.compile(r"\(([^()\s]+\.(?:sql|yml|yaml|py|md|csv))\)|(?<![\w./-])([\w./-]+\.(?:sql|yml|yaml|py|csv))\b")
LINES = re.compile(r"\bline (\d+)\b")
COLOURS = re.compile(r"\x1b\[[0-9;]*m")


def describe_message(text: str, root: str) -> dict[str, Any]:
    """`path` is relative to the project and names a file that is there; else null."""
    message = COLOURS.sub("", text).strip()[:4000]
    line = LINES.search(message)
    return {"message": message, "path": path_in(message, root), "line": int(line.group(1)) if line else None}


def path_in(message: str, root: str) -> str | None:
    for match in PATHS.finditer(message):
        path = match.group(1) or match.group(2)
        if os.path.isabs(path) and not path.startswith(root.rstrip("/") + "/"):
            continue
        relative = os.path.relpath(path, root) if os.path.isabs(path) else path
        for candidate in (
            relative,
            *(os.path.join(top, relative) for top in ("models", "seeds", "snapshots", "tests")),
        ):
            if os.path.isfile(os.path.join(root, candidate)):
                return candidate
    return None
