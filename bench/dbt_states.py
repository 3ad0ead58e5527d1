"""Tells what a dbt project became between two questions: what dbt's own `state:modified` selects, and what dbt compiles otherwise.

Started with the folder of the project and a folder for what is kept. Each line in asks for the project as it is now against how it was at the line
before; each line out is `{modified, selected, children, differs, compiled, failed}` with dbt's ids, `{first: true, ...}`, or `{error}`.

`differs` are resources of both states whose compiled SQL (comments and layout left out), place or settings that reach data differ. `failed` counts
those that dbt cannot compile without a warehouse, by the reason. What hangs on the clock or the run is held still.
"""

from __future__ import annotations

import contextlib
import datetime
import io
import json
import os
import re
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import yaml
from dbt.adapters.factory import get_adapter
from dbt.cli.main import dbtRunner
from dbt.clients import jinja
from dbt.graph.selector_methods import StateSelectorMethod
from dbt.task import compile as compiling

TARGET = {"type": "duckdb", "path": ":memory:", "schema": "main", "threads": 1}
# Settings that change neither rows nor columns, nor where they are.
QUIET = {"tags", "meta", "docs", "description", "persist_docs", "group", "access", "packages", "event_time", "lookback", "begin", "contract"}
MOST_TESTS = 1500


def main() -> None:
    project, kept = Path(sys.argv[1]), Path(sys.argv[2])
    kept.mkdir(parents=True, exist_ok=True)
    compiling.CompileTask = Compiled  # type: ignore[misc]
    for _ in sys.stdin:
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            answer = ask(project, kept)
        print(json.dumps(answer), flush=True)


def ask(project: Path, kept: Path) -> dict[str, Any]:
    try:
        said = yaml.safe_load((project / "dbt_project.yml").read_text(encoding="utf-8"))
        profile = str(said.get("profile") or "stand_in")
        (kept / "profiles.yml").write_text(yaml.safe_dump({profile: {"target": "dev", "outputs": {"dev": TARGET}}}))
        arguments = ["compile", "--quiet", "--no-version-check", "--no-partial-parse", "--no-write-json", "--threads", "1"]
        arguments += ["--project-dir", str(project), "--profile", profile, "--profiles-dir", str(kept), "--target-path", str(kept / "target")]
        return dict(run(arguments))
    except Exception as failure:  # noqa: BLE001 - whatever dbt cannot read is told, not raised
        Compiled.before = None
        return {"error": f"{type(failure).__name__}: {failure}"[:400]}


class Kept:
    """What `state:modified` compares with."""

    def __init__(self, manifest: Any, nodes: dict[str, Any], project_root: Path) -> None:
        self.manifest, self.nodes, self.project_root = manifest, nodes, project_root


class Compiled(compiling.CompileTask):
    """Renders each resource by itself, so that one which needs a warehouse keeps no other from being compiled."""

    before: Kept | None = None

    def run(self) -> dict[str, Any]:
        assert self.manifest is not None
        self.compile_manifest()
        before = Compiled.before
        answer: dict[str, Any] = {"first": True} if before is None else self.selected(before)
        nodes, failed = self.compiled()
        answer["compiled"] = sum(one["sql"] is not None for one in nodes.values())
        answer["failed"] = dict(failed.most_common(8))
        answer["differs"] = [] if before is None else differences(before.nodes, nodes)
        Compiled.before = Kept(self.manifest, nodes, Path(self.config.project_root))
        return answer

    def selected(self, before: Kept) -> dict[str, Any]:
        graph = self.graph.graph
        modified = set(StateSelectorMethod(self.manifest, before, []).search(set(graph.nodes()), "modified"))
        reached = modified | self.graph.select_children(modified)
        return {"modified": sorted(modified), "selected": sorted(reached), "children": {one: sorted(graph.successors(one)) for one in reached}}

    def compiled(self) -> tuple[dict[str, Any], Counter[str]]:
        nodes: dict[str, Any] = {}
        failed: Counter[str] = Counter()
        tests = sum(node.resource_type == "test" for node in self.manifest.nodes.values())
        adapter = get_adapter(self.config)
        adapter.set_macro_resolver(self.manifest)
        with adapter.connection_named("headgate"):
            for unique_id, node in list(self.manifest.nodes.items()):
                nodes[unique_id] = {"made": made_of(node), "relation": node.relation_name, "sql": None}
                is_generic = node.resource_type == "test" and hasattr(node, "test_metadata")
                if node.resource_type == "seed" or (is_generic and tests > MOST_TESTS):
                    continue
                try:
                    nodes[unique_id]["sql"] = self.rendered(node)
                except Exception as failure:  # noqa: BLE001 - it is counted
                    failed[reason(failure)] += 1
        for unique_id, source in self.manifest.sources.items():
            nodes[unique_id] = {"made": None, "relation": source.relation_name, "sql": None}
        return nodes, failed

    def rendered(self, node: Any) -> str:
        if node.language == "python":
            return str(node.raw_code)
        context = self.compiler._create_node_context(node, self.manifest, {})
        context["run_started_at"] = datetime.datetime(2024, 5, 6, 7, 8, 9, tzinfo=datetime.timezone.utc)
        context["invocation_id"] = "stand_in"
        ways = [False, True] if node.config.materialized == "incremental" else [False]
        texts = []
        for way in ways:
            context["is_incremental"] = lambda way=way: way
            texts.append(jinja.get_rendered(node.raw_code, context, node))
        return "\n;\n".join(texts)

    def interpret_results(self, results: Any) -> bool:
        return True


def reason(failure: Exception) -> str:
    return " ".join(re.sub(r"(?s)(model|test|snapshot|macro) '?[\w.]+'? \(.*?\)|\"[^\"]*\"|'[^']*'", "..", str(failure)).split())[:110]


def made_of(node: Any) -> str:
    config = {key: value for key, value in node.config.to_dict(omit_none=True).items() if key not in QUIET}
    contract = getattr(node, "contract", None)
    checked = [contract.enforced, contract.checksum if contract.enforced else None] if contract is not None else None
    seed = node.checksum.checksum if node.resource_type == "seed" else None
    place = [node.database, node.schema, node.alias]
    if node.resource_type == "test" and not config.get("store_failures"):
        config.pop("schema", None)
        place = []
    return json.dumps([config, place, checked, seed], sort_keys=True, default=str)


def differences(was: dict[str, Any], now: dict[str, Any]) -> list[dict[str, Any]]:
    moved = {one["relation"]: f"<{unique_id}>" for unique_id in was.keys() & now.keys() for one in (was[unique_id], now[unique_id])
             if one["relation"] and was[unique_id]["relation"] != now[unique_id]["relation"]}
    found = []
    for unique_id in sorted(was.keys() & now.keys()):
        old, new = was[unique_id], now[unique_id]
        if unique_id.startswith("source."):
            if old["relation"] != new["relation"]:
                found.append({"id": unique_id, "what": "place", "before": str(old["relation"]), "after": str(new["relation"])})
            continue
        if old["made"] != new["made"]:
            found.append({"id": unique_id, "what": "settings", "before": old["made"], "after": new["made"]})
        if old["sql"] is None or new["sql"] is None or old["sql"] == new["sql"]:
            continue
        texts = [tokens(named(text, moved)) for text in (old["sql"], new["sql"])]
        if texts[0] != texts[1]:
            found.append({"id": unique_id, "what": "sql", "before": old["sql"], "after": new["sql"]})
    return found


def named(sql: str, moved: dict[str, str]) -> str:
    """That a relation lies elsewhere is told of what makes it."""
    for relation in sorted(moved, key=len, reverse=True):
        sql = sql.replace(relation, moved[relation])
    return sql


PIECES = re.compile(r"""(--[^\n]*|/\*.*?\*/)|('(?:[^'\\]|\\.|'')*'|"[^"]*"|`[^`]*`)|(\w+)|(\s+)|(.)""", re.S)


def tokens(sql: str) -> list[str]:
    found = [(found[2] or (found[3] or "").lower() or found[5] or "") for found in PIECES.finditer(sql)]
    return [text for text in found if text != ""]


def run(arguments: list[str]) -> Any:
    """What dbt gives.

    Environment variables that the project asks for and nobody gives get a value, the same each time.
    """
    ended = dbtRunner().invoke(arguments)
    while not ended.success and (missing := re.search(r"Env var required but not provided: '(\w+)'", str(ended.exception))):
        if missing[1] in os.environ:
            break
        os.environ[missing[1]] = "stand_in"
        ended = dbtRunner().invoke(arguments)
    if not ended.success:
        raise ended.exception or RuntimeError("dbt said no")
    return ended.result


if __name__ == "__main__":
    main()
