"""`dbt.parse`: the nodes of a project, in the shape of the protocol."""

import os
import re
import time
from pathlib import Path
from typing import Any

from .project import invoke, versions

# Files that are left out, one after the other, until the rest can be parsed; and for how long this is tried.
MAX_BROKEN_FILES = 20
MAX_SECONDS = 60

UNSET = re.compile(r"Env var required but not provided: '([^']+)'")
UNRESOLVED = re.compile(r"depends on a (?:node|source) named '(?:[^'.]+\.)*([^'.]+)' which was not found")


def parse(params: dict[str, Any], scratch: Path) -> dict[str, Any]:
    """dbt stops at the first broken file: that one is reported and left out, and the rest is parsed again."""
    broken: list[str] = []
    errors: list[dict[str, Any]] = []
    consequences: list[dict[str, Any]] = []
    started = time.monotonic()
    while True:
        attempt = invoke(["parse", "--no-partial-parse"], params, scratch, broken)
        for error in attempt.errors:
            (consequences if follows_from(error, broken) else errors).append(error)
        unset = None if attempt.success else unset_variable(attempt.errors)
        if unset is not None and unset not in os.environ:
            os.environ[unset] = unset.lower()
            continue
        culprits = [error["path"] for error in attempt.errors if may_be_left_out(error["path"], broken)]
        late = time.monotonic() - started > MAX_SECONDS or len(broken) >= MAX_BROKEN_FILES
        if attempt.success or not culprits or late:
            break
        broken.append(culprits[0])
    manifest = attempt.result if attempt.success else None
    nodes, sources, exposures = describe_manifest(manifest) if manifest is not None else ([], [], [])
    return {
        "nodes": nodes,
        "sources": sources,
        "exposures": exposures,
        "errors": errors,
        "warnings": [*attempt.warnings, *consequences],
        "adapter": attempt.adapter,
        "profile": attempt.profile,
        **versions(),
    }


def unset_variable(errors: list[dict[str, Any]]) -> str | None:
    """An environment variable that the project cannot do without. It stays an error; any text does for reading on."""
    found = [match.group(1) for error in errors if (match := UNSET.search(error["message"]))]
    return found[0] if found else None


def may_be_left_out(path: str | None, broken: list[str]) -> bool:
    return (
        path is not None
        and path not in broken
        and path.split("/")[-1] not in ("dbt_project.yml", "profiles.yml", "packages.yml")
    )


def follows_from(error: dict[str, Any], broken: list[str]) -> bool:
    """A reference to what a broken file would have made is not a second mistake."""
    missing = UNRESOLVED.search(error["message"])
    if missing is None:
        return False
    return any(
        Path(path).stem == missing.group(1) or ("source named" in error["message"] and path.endswith((".yml", ".yaml")))
        for path in broken
    )


def describe_manifest(manifest: Any) -> tuple[list[Any], list[Any], list[Any]]:
    macros = MacroFiles(manifest)
    nodes = [describe_node(node, macros) for _, node in sorted(manifest.nodes.items())]
    sources = [describe_node(node, macros) for _, node in sorted(manifest.sources.items())]
    exposures = [describe_node(node, macros) for _, node in sorted(manifest.exposures.items())]
    return nodes, sources, exposures


def describe_node(node: Any, macros: "MacroFiles") -> dict[str, Any]:
    config = getattr(node, "config", None)
    return {
        "uniqueId": node.unique_id,
        "resourceType": str(getattr(node.resource_type, "value", node.resource_type)),
        "package": node.package_name,
        "name": node.name,
        "path": node.original_file_path,
        "dependsOn": sorted(getattr(getattr(node, "depends_on", None), "nodes", None) or []),
        "materialized": text_or_none(getattr(config, "materialized", None)),
        "schema": text_or_none(getattr(node, "schema", None)),
        "alias": text_or_none(getattr(node, "alias", None) or getattr(node, "identifier", None)),
        "relation": text_or_none(getattr(node, "relation_name", None)),
        "tags": sorted(map(str, getattr(node, "tags", None) or [])),
        "owner": owner_of(node, config, macros.manifest),
        "columns": {
            name: text_or_none(column.data_type) for name, column in (getattr(node, "columns", None) or {}).items()
        },
        "contract": bool(getattr(getattr(config, "contract", None), "enforced", False)),
        "checksum": text_or_none(getattr(getattr(node, "checksum", None), "checksum", None)),
        "identifier": text_or_none(getattr(node, "identifier", None)),
        "files": files_of(node, macros),
    }


def files_of(node: Any, macros: "MacroFiles") -> list[str]:
    """What in its own package decides the node: its file, the yaml that describes it, the macros that it uses."""
    patch = getattr(node, "patch_path", None) or ""
    described = patch.split("://", 1)[1] if "://" in patch else None
    used = macros.used_by(getattr(getattr(node, "depends_on", None), "macros", None) or [], node.package_name)
    return sorted({path for path in (node.original_file_path, described, *used) if path})


class MacroFiles:
    """Files of macros, those that macros use included."""

    def __init__(self, manifest: Any) -> None:
        self.manifest = manifest

    def used_by(self, unique_ids: list[str], package: str) -> set[str]:
        pending = list(unique_ids)
        seen: set[str] = set()
        files: set[str] = set()
        while pending:
            unique_id = pending.pop()
            macro = self.manifest.macros.get(unique_id)
            if unique_id in seen or macro is None:
                continue
            seen.add(unique_id)
            pending += macro.depends_on.macros
            if macro.package_name == package:
                files.add(macro.original_file_path)
        return files


def owner_of(node: Any, config: Any, manifest: Any) -> str | None:
    """From `meta: {owner: ...}`, else the owner of an exposure, else the owner of the node's group."""
    for holder in (config, node):
        meta = getattr(holder, "meta", None)
        if isinstance(meta, dict) and meta.get("owner"):
            return str(meta["owner"])
    owner = getattr(node, "owner", None) or group_owner(config, manifest)
    return text_or_none(getattr(owner, "name", None) or getattr(owner, "email", None)) if owner else None


def group_owner(config: Any, manifest: Any) -> Any:
    name = getattr(config, "group", None)
    return next((group.owner for group in manifest.groups.values() if group.name == name), None) if name else None


def text_or_none(value: Any) -> str | None:
    return None if value is None else str(getattr(value, "value", value))
