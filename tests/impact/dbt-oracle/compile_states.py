"""Compiles dbt projects one after another and tells what dbt makes of each.

Each line in is `{"project": name, "files": {path: text}, "incremental": bool, "target": name, "keep": name | null, "against": name | null,
"modified": bool, "only": [path] | null}`; files of the project that an earlier line had and this one has not are taken away. Each line out is
`{nodes: {id: {sql, config, path, reads}}, relations: {id: relation}, modified: [id] | null}` or `{error}`. `keep` keeps the state under a name;
`against` names a kept one, `modified` asks what `state:modified` selects beside it, `only` says that nothing but the texts of these models differs.
"""

from __future__ import annotations

import contextlib
import csv
import io
import json
import shutil
import sys
from pathlib import Path
from typing import Any

import jinja2
from dbt.cli.main import dbtRunner

QUIET = {"tags", "meta", "docs", "description", "persist_docs", "group", "access", "packages", "quoting", "event_time", "lookback", "begin", "contract"}
INCREMENTAL = "{% macro is_incremental() %}{{ return(model.config.materialized == 'incremental') }}{% endmacro %}"


def remember_trees() -> None:
    """Most of dbt's own time goes into reading its own macros, which are the same each time; the trees are only looked at."""
    parse, trees = jinja2.Environment.parse, {}

    def remembered(self: Any, source: str, name: str | None = None, filename: str | None = None) -> Any:
        key = (type(self), source)
        if key not in trees:
            trees[key] = parse(self, source, name, filename)
        return trees[key]

    jinja2.Environment.parse = remembered


def main() -> None:
    remember_trees()
    root = Path(sys.argv[1])
    kept: dict[str, dict[str, Any]] = {}
    for line in sys.stdin:
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            answer = ask(json.loads(line), root, kept)
        print(json.dumps(answer), flush=True)


def ask(request: dict[str, Any], root: Path, kept: dict[str, dict[str, Any]]) -> dict[str, Any]:
    try:
        project, states = root / "projects" / request["project"], root / "states"
        place(request["files"], project)
        base = kept.get(request["against"] or "")
        only = request["only"] if base else None
        common = ["--quiet", "--no-version-check", "--no-send-anonymous-usage-stats", "--project-dir", str(project)]
        common += ["--profiles-dir", str(project), "--target", request["target"], "--target-path", str(states / "target")]
        manifest = run(None, ["parse", *common, *parsing(request, states, only)])
        if request["keep"]:
            (states / request["keep"]).mkdir(parents=True, exist_ok=True)
            for name in ("manifest.json", "partial_parse.msgpack"):
                shutil.copyfile(states / "target" / name, states / request["keep"] / name)
        modified = modified_nodes(manifest, states / request["against"], common) if request["modified"] else None
        if request["incremental"]:
            manifest.macros["macro.dbt.is_incremental"].macro_sql = INCREMENTAL
        answer = compiled(manifest, common, base, only)
        if request["keep"]:
            kept[request["keep"]] = answer
        return {**answer, "modified": modified}
    except Exception as failure:  # noqa: BLE001 - what dbt refuses is told, not raised
        return {"error": f"{type(failure).__name__}: {failure}"[:600]}


def parsing(request: dict[str, Any], states: Path, only: list[str] | None) -> list[str]:
    """Where only texts of models differ, dbt reads only these again."""
    if only:
        kept = states / request["against"] / "partial_parse.msgpack"
        return ["--partial-parse", "--partial-parse-file-path", str(kept), "--no-write-json"]
    return ["--no-partial-parse", *([] if request["keep"] else ["--no-write-json"])]


def modified_nodes(manifest: Any, state: Path, common: list[str]) -> list[str]:
    asked = ["--select", "state:modified", "--state", str(state), "--output", "json", "--output-keys", "unique_id"]
    return sorted(json.loads(found)["unique_id"] for found in run(manifest, ["ls", *asked, *common]))


def compiled(manifest: Any, common: list[str], base: dict[str, Any] | None, only: list[str] | None) -> dict[str, Any]:
    """All nodes; where those of some files alone can have become others, these are compiled and the rest is as in the base."""
    relations = {one.unique_id: one.relation_name for one in [*manifest.nodes.values(), *manifest.sources.values()] if one.relation_name}
    configs = {unique_id: told(node)["config"] for unique_id, node in manifest.nodes.items()}
    alone = base is not None and only is not None and stays(base, relations, configs)
    chosen = [part for path in only or [] for part in ("--select", f"path:{path}")] if alone else []
    options = ["--threads", "1", "--no-populate-cache", "--no-write-json"]
    results = run(manifest, ["compile", *options, *chosen, *common]).results
    made = {one.node.unique_id: one.node for one in results}
    if alone:
        return {"nodes": {**base["nodes"], **{unique_id: told(node) for unique_id, node in made.items()}}, "relations": relations}
    return {"nodes": {unique_id: told(made.get(unique_id, node)) for unique_id, node in manifest.nodes.items()}, "relations": relations}


def stays(base: dict[str, Any], relations: dict[str, str], configs: dict[str, str]) -> bool:
    return base["relations"] == relations and {unique_id: node["config"] for unique_id, node in base["nodes"].items()} == configs


def place(files: dict[str, str], project: Path) -> None:
    project.mkdir(parents=True, exist_ok=True)
    for path in [path for path in project.rglob("*") if path.is_file()]:
        if str(path.relative_to(project)) not in files:
            path.unlink()
    for folder in sorted((path for path in project.rglob("*") if path.is_dir()), reverse=True):
        if not any(folder.iterdir()):
            folder.rmdir()
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
    seed = rows_of(Path(node.root_path) / node.original_file_path) if node.resource_type == "seed" else None
    told = {"sql": own, "config": json.dumps([config, place, made, seed], sort_keys=True, default=str), "path": node.original_file_path}
    return {**told, "reads": list(getattr(node.depends_on, "nodes", []))}


def rows_of(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


def run(manifest: Any, arguments: list[str]) -> Any:
    ended = dbtRunner(manifest=manifest).invoke(arguments)
    if not ended.success:
        raise ended.exception or RuntimeError(failures(ended.result))
    return ended.result


def failures(result: Any) -> str:
    return "; ".join(str(one.message) for one in getattr(result, "results", []) if one.message) or "dbt said no"


if __name__ == "__main__":
    main()
