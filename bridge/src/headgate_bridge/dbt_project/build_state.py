"""What a build on DuckDB rests on, node by node: what tells which nodes another build of the project may take from it.

A digest holds all that dbt says of a node but its documentation, and the text of every macro that it could call; so
equal digests over equal inputs are equal tables. What dbt itself calls `state:modified` always has another digest.
"""

import datetime
import hashlib
import json
import os
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .project import read_yaml

FORM = 1
INTERNAL = ("dbt", "dbt_duckdb")
ENGINES = ("dbt-core", "dbt-adapters", "dbt-common", "dbt-duckdb", "duckdb")
# Names that Jinja resolves without a macro of that name being called by anything that dbt sees.
BUILT_IN = ("ref", "source", "config", "var", "env_var", "is_incremental", "this")
VOLATILE = (
    *("created_at", "root_path", "build_path", "compiled_path", "compiled", "compiled_code", "deferred"),
    *("relation_name", "patch_path", "docs", "doc_blocks", "extra_ctes", "extra_ctes_injected", "_event_status"),
)
# Settings of dbt_project.yml that dbt turns into settings of single nodes, where they are compared.
BY_NODE = (
    *("models", "seeds", "snapshots", "tests", "data_tests", "unit_tests", "sources", "exposures", "metrics", "vars"),
    *("semantic-models", "saved-queries", "version", "config-version", "docs-paths", "asset-paths", "model-paths"),
    *("seed-paths", "snapshot-paths", "test-paths", "analysis-paths", "macro-paths", "clean-targets", "target-path"),
)
# A name of a variable that is put together while the code is carried out.
PUT_TOGETHER_VAR = re.compile(r"\bvar\s*(?:\.\s*has_var\s*)?\(\s*(?!(['\"])[\w.:-]+\1\s*[,)])")
PUT_TOGETHER_MACRO = re.compile(r"\bcontext\s*[\[.]|\bdispatch\s*\(\s*(?!['\"])|\bbuiltins\s*\[")
# Comes out otherwise another day.
OF_THE_DAY = re.compile(
    r"\b(?:current_(?:date|time|timestamp)|localtime(?:stamp)?|run_started_at|invocation_id|modules\s*\.\s*datetime"
    r"|dbt_utils\.date_spine|(?:now|today|getdate|sysdate|get_current_timestamp)\s*\()",
    re.I,
)
# Looks at what is there, not at what it refers to.
LOOKS_AROUND = re.compile(
    r"\bgraph\s*[.\[|%]|\bin\s+graph\b|\bselected_resources\b|\binformation_schema\b|\bpg_catalog\b|\bsqlite_master\b"
    r"|\bduckdb_(?:tables|views|columns|schemas|databases)\b|\bget_(?:relations?_by|tables_by)\w*"
    r"|\blist_(?:relations|schemas)\w*"
    r"|\bshow\s+(?:all\s+)?tables\b|\bget_filtered_columns",
    re.I,
)
# Reads files that are not dbt's.
READS_FILES = re.compile(
    r"\b(?:read_(?:csv|parquet|json|ndjson|text|blob)\w*|\w+_scan|glob)\s*\("
    r"|\.(?:csv|tsv|parquet|json|jsonl)\b[^'\"\s]{0,4}['\"]"
    r"|\bexternal_location\b|\battach\b",
    re.I,
)


class BuildState:
    """`content` is what is kept of it: JSON, equal for equal projects wherever they lie."""

    def __init__(self, manifest: Any, params: dict[str, Any], output: dict[str, Any], source_data: str | None) -> None:
        """`output` is what the profile of the build says."""
        self.manifest = manifest
        self.macros = Macros(manifest)
        self.reached = {key: self.macros.reached_by(node) for key, node in manifest.nodes.items()}
        given = [output, params.get("env"), params.get("target"), versions_of(ENGINES), environment_of(manifest)]
        whole = [*given, self.macros.implicit(), project_settings(params)]
        self.content: dict[str, Any] = {
            "form": FORM,
            "day": datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%d"),
            "whole": digest_of(whole),
            "vars": variables(params),
            "nodes": {key: self.node_state(node, params) for key, node in manifest.nodes.items()},
            "sources": {key: source_state(source, source_data) for key, source in manifest.sources.items()},
        }

    def node_state(self, node: Any, params: dict[str, Any]) -> dict[str, Any]:
        content = node.to_dict(omit_none=True)
        if not any(((content.get("config") or {}).get("persist_docs") or {}).values()):
            without_descriptions(content)
        content = {name: value for name, value in content.items() if name not in VOLATILE}
        macros = sorted(f"{key} {self.macros.digests[key]}" for key in self.reached[node.unique_id])
        file = seed_file(node, params) if node.resource_type == "seed" else None
        return {"digest": digest_of([content, macros, file]), "relation": relation_of(node)}

    def rests_on_more(self, node: Any, since: "Since") -> bool:
        """Whether it could come out otherwise than in the earlier build although what is written of it is the same."""
        said = said_of(node)
        own = self.macros.text_of(self.reached[node.unique_id], own=True)
        text = f"{said}\n{self.macros.text_of(self.reached[node.unique_id], own=False)}"
        if since.day and OF_THE_DAY.search(text):
            return True
        if since.anything and LOOKS_AROUND.search(f"{said}\n{own}"):
            return True
        if since.variables and (PUT_TOGETHER_VAR.search(text) or since.variables & set(re.findall(r"[\w.-]+", text))):
            return True
        return READS_FILES.search(f"{said}\n{own}") is not None


@dataclass
class Since:
    """What differs from an earlier build beside the nodes themselves."""

    day: bool
    anything: bool
    variables: set[str]


def said_of(node: Any) -> str:
    content = [getattr(node, "raw_code", None), node.config.to_dict(), to_dict(getattr(node, "test_metadata", None))]
    return json.dumps(content, default=str)


def environment_of(manifest: Any) -> dict[str, str | None]:
    """The variables of the environment that the code asks for while it is built, with their values."""
    texts = [getattr(node, "raw_code", None) or "" for node in manifest.nodes.values()]
    texts += [macro.macro_sql for macro in manifest.macros.values() if macro.package_name not in INTERNAL]
    calls = [call for text in texts for call in re.findall(r"\benv_var\s*\(\s*(?:['\"](\w+)['\"]\s*[,)])?", text)]
    names = set(calls) if all(calls) else {*os.environ}
    return {name: os.environ.get(name) for name in sorted(names - {"TMPDIR", "HEADGATE_BRIDGE_SCRATCH", "PWD"})}


def versions_of(packages: Iterable[str]) -> list[str]:
    from importlib.metadata import version

    return [version(name) for name in packages]


def digest_of(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value, sort_keys=True, default=str)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def project_settings(params: dict[str, Any]) -> Any:
    """What dbt_project.yml says of everything, and all that the settings of installed packages say."""
    root = Path(params["projectDir"])
    own = {name: value for name, value in read_yaml(root / "dbt_project.yml").items() if name not in BY_NODE}
    folders = [folder for name in ("dbt_packages", "dbt_modules") for folder in sorted((root / name).glob("*"))]
    return [own, [[folder.name, read_yaml(folder / "dbt_project.yml")] for folder in folders]]


def variables(params: dict[str, Any]) -> dict[str, str]:
    """The digest of every value that a variable of this name has, in whatever scope."""
    found: dict[str, list[Any]] = {}

    def gather(scope: str, values: Any) -> None:
        for name, value in (values if isinstance(values, dict) else {}).items():
            found.setdefault(str(name), []).append([scope, value])
            if isinstance(value, dict):
                gather(f"{scope}.{name}", value)

    gather("project", read_yaml(Path(params["projectDir"]) / "dbt_project.yml").get("vars"))
    gather("given", params.get("vars"))
    return {name: digest_of(values) for name, values in found.items()}


class Macros:
    """The macros of a manifest, and which of them a text could come to call."""

    def __init__(self, manifest: Any) -> None:
        self.by_id = manifest.macros
        self.own: dict[str, list[str]] = {}
        for key, macro in manifest.macros.items():
            if macro.package_name not in INTERNAL:
                self.own.setdefault(macro.name, []).append(key)
        self.digests = {key: digest_of(macro.macro_sql) for key, macro in manifest.macros.items()}
        self.following: dict[str, list[str]] = {}

    def reached_by(self, node: Any) -> frozenset[str]:
        called = getattr(getattr(node, "depends_on", None), "macros", [])
        said = said_of(node)
        reached = self.closure([*called, *self.named_in(said)])
        if PUT_TOGETHER_MACRO.search(f"{said}\n{self.text_of(reached, own=True)}"):
            reached |= self.closure([key for keys in self.own.values() for key in keys])
        return frozenset(reached)

    def named_in(self, text: str) -> list[str]:
        words = set(re.findall(r"\w+", text)) & self.own.keys()
        return [key for word in words for key in self.own[word]]

    def closure(self, start: list[str]) -> set[str]:
        seen: set[str] = set()
        pending = list(start)
        while pending:
            key = pending.pop()
            if key not in seen and key in self.by_id:
                seen.add(key)
                pending.extend(self.next_of(key))
        return seen

    def next_of(self, key: str) -> list[str]:
        known = self.following.get(key)
        if known is None:
            macro = self.by_id[key]
            named = self.named_in(macro.macro_sql) if macro.package_name not in INTERNAL else []
            known = self.following[key] = [*macro.depends_on.macros, *named]
        return known

    def text_of(self, keys: Iterable[str], own: bool) -> str:
        """`own`: without those of dbt itself."""
        wanted = (self.by_id[key] for key in sorted(keys))
        return "\n".join(macro.macro_sql for macro in wanted if not own or macro.package_name not in INTERNAL)

    def implicit(self) -> list[str]:
        """Of macros that dbt calls by itself: materializations, and those that take the place of dbt's own."""
        internal = {bare(macro.name) for macro in self.by_id.values() if macro.package_name in INTERNAL}
        names = [
            name
            for name in self.own
            if name.startswith("materialization_") or name in BUILT_IN or bare(name) in internal
        ]
        found = self.closure([key for name in names for key in self.own[name]])
        return sorted(f"{key} {self.digests[key]}" for key in found)


def bare(name: str) -> str:
    """Without the adapter that a macro is for: `duckdb__type_string` is `type_string`."""
    return name.split("__", 1)[-1] if "__" in name else name


def without_descriptions(content: dict[str, Any]) -> None:
    for entry in (content, *(content.get("columns") or {}).values()):
        for name in ("description", "doc_blocks"):
            entry.pop(name, None)


def seed_file(node: Any, params: dict[str, Any]) -> str:
    """dbt knows a large seed by its path alone."""
    root = Path(getattr(node, "root_path", None) or params["projectDir"])
    return bytes_of(root / node.original_file_path)


def relation_of(node: Any) -> list[str] | None:
    name = getattr(node, "identifier", None) or getattr(node, "alias", None)
    is_made = node.resource_type in ("model", "seed", "snapshot", "source") and not is_ephemeral(node)
    return [node.schema, name] if is_made and name else None


def is_ephemeral(node: Any) -> bool:
    return node.resource_type == "model" and node.config.materialized == "ephemeral"


def source_state(source: Any, folder: str | None) -> dict[str, Any]:
    types = {name: column.data_type for name, column in (source.columns or {}).items()}
    content = [source.source_name, source.name, source.schema, source.identifier, types, source.config.to_dict()]
    meta = [source.meta, source.source_meta, to_dict(source.quoting), to_dict(source.freshness)]
    file = source_file(source, folder)
    given = None if file is None else bytes_of(file)
    return {"digest": digest_of([content, meta, given]), "relation": relation_of(source), "given": given is not None}


def source_file(source: Any, folder: str | None) -> Path | None:
    file = Path(folder or "/nowhere") / source.source_name / f"{source.name}.csv"
    return file if file.is_file() else None


def to_dict(value: Any) -> Any:
    return value.to_dict() if hasattr(value, "to_dict") else value


def bytes_of(path: Path) -> str:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return "absent"
