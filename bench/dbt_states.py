"""Tells what dbt's own `state:modified` and `state:modified+` select in a dbt project whose files are changed between two questions.

Started with the folder of the project and a folder for what is kept. Each line in asks for the project as it is now against how it was at the line
before; each line out is `{modified, selected, children}` with dbt's ids, `{first: true}`, or `{error}`.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import re
import shutil
import sys
from pathlib import Path
from typing import Any

import yaml
from dbt.cli.main import dbtRunner

TARGET = {"type": "duckdb", "path": ":memory:", "schema": "main", "threads": 1}


def main() -> None:
    project, kept = Path(sys.argv[1]), Path(sys.argv[2])
    kept.mkdir(parents=True, exist_ok=True)
    for _ in sys.stdin:
        with contextlib.redirect_stdout(io.StringIO()):
            answer = ask(project, kept)
        print(json.dumps(answer), flush=True)


def ask(project: Path, kept: Path) -> dict[str, object]:
    try:
        said = yaml.safe_load((project / "dbt_project.yml").read_text(encoding="utf-8"))
        (kept / "profiles.yml").write_text(yaml.safe_dump({said.get("profile"): {"target": "dev", "outputs": {"dev": TARGET}}}))
        common = ["--quiet", "--no-version-check", "--no-partial-parse", "--project-dir", str(project)]
        common += ["--profiles-dir", str(kept), "--target-path", str(kept / "target")]
        manifest = run(["parse", *common], None)
        before, after = kept / "before", kept / "target" / "manifest.json"
        answer: dict[str, object] = {"first": True}
        if before.exists():
            ls = ["ls", "--state", str(before), "--output", "json", "--output-keys", "unique_id", *common]
            # Else the tests of what is modified would be modified as well.
            listed = [
                run([*ls, "--select", "state:modified", "--indirect-selection", "empty"], manifest),
                run([*ls, "--select", "state:modified+"], manifest),
            ]
            modified, selected = (sorted(json.loads(line)["unique_id"] for line in lines) for lines in listed)
            children = json.loads(after.read_text(encoding="utf-8"))["child_map"] if modified else {}
            answer = {"modified": modified, "selected": selected, "children": children}
        before.mkdir(exist_ok=True)
        shutil.copyfile(after, before / "manifest.json")
        return answer
    except Exception as failure:  # noqa: BLE001 - whatever dbt cannot read is told, not raised
        shutil.rmtree(kept / "before", ignore_errors=True)
        return {"error": f"{type(failure).__name__}: {failure}"[:400]}


def run(arguments: list[str], manifest: object) -> Any:
    """What dbt gives, on a manifest that was read before where there is one.

    Environment variables that the project asks for and nobody gives get a value, the same each time.
    """
    ended = dbtRunner(manifest=manifest).invoke(arguments)
    while not ended.success and (missing := re.search(r"Env var required but not provided: '(\w+)'", str(ended.exception))):
        if missing[1] in os.environ:
            break
        os.environ[missing[1]] = "stand_in"
        ended = dbtRunner(manifest=manifest).invoke(arguments)
    if not ended.success:
        raise ended.exception or RuntimeError("dbt said no")
    return ended.result


if __name__ == "__main__":
    main()
