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
import shutil
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import yaml
from dbt.adapters.factory import get_adapter
from dbt.cli import main as cli
from dbt.clients import jinja
from dbt.task import compile as compiling

TARGET = {"type": "duckdb", "path": ":memory:", "schema": "main", "threads": 1}
# Settings that change neither rows nor columns, nor where they are.
QUIET = {"tags", "meta", "docs", "description", "persist_docs", "group", "access", "packages", "event_time", "lookback", "begin", "contract"}
MOST_TESTS = 1500


def main() -> None:
    project, kept = Path(sys.argv[1]), Path(sys.argv[2])
    kept.mkdir(parents=True, exist_ok=True)
    compiling.CompileTask = Compiled  # type: ignore[misc]
    before: dict[str, Any] | None = None
    for _ in sys.stdin:
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            answer, before = ask(project, kept, before)
        print(json.dumps(answer), flush=True)


def ask(project: Path, kept: Path, before: dict[str, Any] | None) -> tuple[dict[str, Any], dict[str, Any] | None]:
    try:
        said = yaml.safe_load((project / "dbt_project.yml").read_text(encoding="utf-8"))
        profile = str(said.get("profile") or "stand_in")
        (kept / "profiles.yml").write_text(yaml.safe_dump({profile: {"target": "dev", "outputs": {"dev": TARGET}}}))
        common = ["--quiet", "--no-version-check", "--no-partial-parse", "--project-dir", str(project), "--profile", profile]
        common += ["--profiles-dir", str(kept), "--target-path", str(kept / "target")]
        manifest = run(["parse", *common], None)
        old, new = kept / "before", kept / "target" / "manifest.json"
        answer: dict[str, Any] = {"first": True}
        if old.exists():
            ls = ["ls", "--state", str(old), "--output", "json", "--output-keys", "unique_id", *common]
            # Else the tests of what is modified would be modified as well.
            listed = [
                run([*ls, "--select", "state:modified", "--indirect-selection", "empty"], manifest),
                run([*ls, "--select", "state:modified+"], manifest),
            ]
            modified, selected = (sorted(json.loads(line)["unique_id"] for line in lines) for lines in listed)
            children = json.loads(new.read_text(encoding="utf-8"))["child_map"] if modified else {}
            answer = {"modified": modified, "selected": selected, "children": children}
        old.mkdir(exist_ok=True)
        shutil.copyfile(new, old / "manifest.json")
        state = run(["compile", "--threads", "1", *common], manifest)
        answer["compiled"] = sum(one.get("sql") is not None for one in state["nodes"].values())
        answer["failed"] = dict(state["failed"].most_common(8))
        answer["differs"] = [] if before is None else differences(before, state)
        return answer, state
    except Exception as failure:  # noqa: BLE001 - whatever dbt cannot read is told, not raised
        shutil.rmtree(kept / "before", ignore_errors=True)
        return {"error": f"{type(failure).__name__}: {failure}"[:400]}, None


class Compiled(compiling.CompileTask):
    """Renders each resource by itself, so that one which needs a warehouse keeps no other from being compiled."""

    def run(self) -> dict[str, Any]:
        assert self.manifest is not None
        self.compile_manifest()
        nodes: dict[str, Any] = {}
        failed: Counter[str] = Counter()
        tests = sum(node.resource_type == "test" for node in self.manifest.nodes.values())
        adapter = get_adapter(self.config)
        adapter.set_macro_resolver(self.manifest)
        with adapter.connection_named("headgate"):
            for unique_id, node in list(self.manifest.nodes.items()):
                nodes[unique_id] = {"made": made_of(node), "relation": node.relation_name, "sql": None}
                isGeneric = node.resource_type == "test" and hasattr(node, "test_metadata")
                if node.resource_type == "seed" or (isGeneric and tests > MOST_TESTS):
                    continue
                try:
                    nodes[unique_id]["sql"] = self.rendered(node)
                except Exception as failure:  # noqa: BLE001 - it is counted
                    failed[re.sub(r"\s+", " ", re.sub(r"(?s)(model|test|snapshot|macro) '?[\w.]+'? \(.*?\)|\"[^\"]*\"|'[^']*'", "..", str(failure)))[:110]] += 1
        for unique_id, source in self.manifest.sources.items():
            nodes[unique_id] = {"made": None, "relation": source.relation_name, "sql": None}
        return {"nodes": nodes, "failed": failed}

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


def made_of(node: Any) -> str:
    config = {key: value for key, value in node.config.to_dict(omit_none=True).items() if key not in QUIET}
    contract = getattr(node, "contract", None)
    checked = [contract.enforced, contract.checksum if contract.enforced else None] if contract is not None else None
    seed = node.checksum.checksum if node.resource_type == "seed" else None
    return json.dumps([config, node.database, node.schema, node.alias, checked, seed], sort_keys=True, default=str)


def differences(before: dict[str, Any], after: dict[str, Any]) -> list[dict[str, Any]]:
    was, now = before["nodes"], after["nodes"]
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


def run(arguments: list[str], manifest: object) -> Any:
    """What dbt gives, on a manifest that was read before where there is one.

    Environment variables that the project asks for and nobody gives get a value, the same each time.
    """
    ended = cli.dbtRunner(manifest=manifest).invoke(arguments)
    while not ended.success and (missing := re.search(r"Env var required but not provided: '(\w+)'", str(ended.exception))):
        if missing[1] in os.environ:
            break
        os.environ[missing[1]] = "stand_in"
        ended = cli.dbtRunner(manifest=manifest).invoke(arguments)
    if not ended.success:
        raise ended.exception or RuntimeError("dbt said no")
    return ended.result


if __name__ == "__main__":
    main()
