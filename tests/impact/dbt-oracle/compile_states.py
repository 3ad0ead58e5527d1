"""Compiles dbt projects one after another and tells what dbt makes of each.

Each line in is `{"files": {path: text}, "incremental": bool, "target": name, "keep": name | null, "against": name | null}`; files that an earlier line had
and this one has not are taken away. Each line out is `{nodes: {id: {sql, config}}, relations: {id: relation}, modified: [id] | null}` or `{error}`.
`keep` keeps the state under a name; `against` asks what `state:modified` selects beside a kept one.
"""

from __future__ import annotations

import contextlib
import io
import json
import shutil
import sys
from pathlib import Path
from typing import Any

from dbt.cli.main import dbtRunner

QUIET = {"tags", "meta", "docs", "description", "persist_docs", "group", "access", "packages", "quoting", "event_time", "lookback", "begin", "contract"}
INCREMENTAL = "{% macro is_incremental() %}{{ return(model.config.materialized == 'incremental') }}{% endmacro %}"


def main() -> None:
    project, kept = Path(sys.argv[1]) / "project", Path(sys.argv[1]) / "kept"
    project.mkdir()
    for line in sys.stdin:
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            answer = ask(json.loads(line), project, kept)
        print(json.dumps(answer), flush=True)


def ask(request: dict[str, Any], project: Path, kept: Path) -> dict[str, Any]:
    try:
        place(request["files"], project)
        common = ["--quiet", "--no-version-check", "--no-partial-parse", "--no-send-anonymous-usage-stats", "--project-dir", str(project)]
        common += ["--profiles-dir", str(project), "--target", request["target"], "--target-path", str(kept / "target")]
        manifest = run(None, ["parse", *common])
        if request["keep"]:
            (kept / request["keep"]).mkdir(parents=True, exist_ok=True)
            shutil.copyfile(kept / "target" / "manifest.json", kept / request["keep"] / "manifest.json")
        modified = None
        if request["against"]:
            state = ["--select", "state:modified", "--state", str(kept / request["against"]), "--output", "json", "--output-keys", "unique_id"]
            modified = sorted(json.loads(found)["unique_id"] for found in run(manifest, ["ls", *state, *common]))
        if request["incremental"]:
            manifest.macros["macro.dbt.is_incremental"].macro_sql = INCREMENTAL
        compiled = {one.node.unique_id: one.node for one in run(manifest, ["compile", "--threads", "1", *common]).results}
        nodes = {unique_id: told(compiled.get(unique_id, node)) for unique_id, node in manifest.nodes.items()}
        relations = {one.unique_id: one.relation_name for one in [*manifest.nodes.values(), *manifest.sources.values()] if one.relation_name}
        return {"nodes": nodes, "relations": relations, "modified": modified}
    except Exception as failure:  # noqa: BLE001 - what dbt refuses is told, not raised
        return {"error": f"{type(failure).__name__}: {failure}"[:600]}


def place(files: dict[str, str], project: Path) -> None:
    for path in [path for path in project.rglob("*") if path.is_file()]:
        if str(path.relative_to(project)) not in files:
            path.unlink()
    for name, text in files.items():
        path = project / name
        if path.exists() and path.read_text(encoding="utf-8") == text:
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="")


def told(node: Any) -> dict[str, Any]:
    """The SQL is what dbt makes of the node's own text, before the ephemeral models that it reads are put in front."""
    own = getattr(node, "_pre_injected_sql", None) or getattr(node, "compiled_code", None)
    config = {key: value for key, value in node.config.to_dict(omit_none=True).items() if key not in QUIET}
    contract = getattr(node, "contract", None)
    place = [node.database, node.schema, node.alias]
    made = [contract.enforced, contract.checksum if contract.enforced else None] if contract is not None else None
    seed = node.checksum.checksum if node.resource_type == "seed" else None
    return {"sql": own, "config": json.dumps([config, place, made, seed], sort_keys=True, default=str)}


def run(manifest: Any, arguments: list[str]) -> Any:
    ended = dbtRunner(manifest=manifest).invoke(arguments)
    if not ended.success:
        raise ended.exception or RuntimeError(failures(ended.result))
    return ended.result


def failures(result: Any) -> str:
    return "; ".join(str(one.message) for one in getattr(result, "results", []) if one.message) or "dbt said no"


if __name__ == "__main__":
    main()
