"""Which nodes of a project are built when the rest is taken from an earlier build of it."""

from dataclasses import dataclass
from typing import Any

from .build_state import BuildState, Since

GOOD = ("success", "pass", "warn", "no-op")


@dataclass
class Choice:
    """`build`: the nodes that are built. `load`: the sources whose data is loaded anew. `drop`: relations of the earlier
    build, as schema and name, that are not to be found when it begins."""

    build: set[str]
    load: set[str]
    drop: list[tuple[str, str]]


def choose(now: BuildState, earlier: dict[str, Any]) -> Choice | str:
    """What to build over the earlier build (a kept state with its `results`), or why none of it can be taken."""
    kept, content = earlier["state"], now.content
    if kept.get("form") != content["form"]:
        return "the earlier build was kept by another Headgate"
    if kept["whole"] != content["whole"]:
        return "settings of the whole project, or macros that dbt itself calls, differ"
    good = {key for key, result in earlier["results"].items() if result["status"] in GOOD}
    differing = {key for key, node in content["nodes"].items() if digest(kept["nodes"], key) != node["digest"]}
    sources = {key for key, source in content["sources"].items() if digest(kept["sources"], key) != source["digest"]}
    sources |= set(earlier["unloaded"]) & content["sources"].keys()
    gone = [key for kind in ("nodes", "sources") for key in kept[kind] if key not in content[kind]]
    variables = {
        name for name in {*kept["vars"], *content["vars"]} if kept["vars"].get(name) != content["vars"].get(name)
    }
    since = Since(kept["day"] != content["day"], bool(differing or sources or gone or variables), variables)
    nodes = now.manifest.nodes
    begin = differing | {key for key in nodes if key not in good and is_built(nodes[key])}
    begin |= {key for key in nodes if key not in begin and now.rests_on_more(nodes[key], since)}
    build = downstream(now, begin, sources)
    load = {key for key in sources if content["sources"][key]["given"]}
    over = [kept["nodes"].get(key) for key in build] + [kept["sources"].get(key) for key in sources]
    over += [kept["nodes"].get(key) or kept["sources"].get(key) for key in gone]
    taken = {place(node) for key, node in content["nodes"].items() if key not in build}
    drop = {place(entry) for entry in over if entry is not None} - taken - {None}
    return Choice(build & {key for key in nodes if is_built(nodes[key])}, load, sorted(one for one in drop if one))


def digest(known: dict[str, Any], key: str) -> str | None:
    entry = known.get(key)
    return None if entry is None else entry["digest"]


def place(entry: dict[str, Any]) -> tuple[str, str] | None:
    """DuckDB does not tell letters apart."""
    relation = entry["relation"]
    return None if relation is None else (relation[0].lower(), relation[1].lower())


def is_built(node: Any) -> bool:
    kind = str(getattr(node.resource_type, "value", node.resource_type))
    if kind == "model" and node.config.materialized == "ephemeral":
        return False
    return kind in ("model", "seed", "snapshot", "test")


def downstream(now: BuildState, nodes: set[str], sources: set[str]) -> set[str]:
    """These and all that reads them: by reference, and through a source that is the table of a model."""
    now.manifest.build_parent_and_child_maps()
    children = now.manifest.child_map
    at: dict[tuple[str, str], list[str]] = {}
    for key, entry in [*now.content["nodes"].items(), *now.content["sources"].items()]:
        where = place(entry)
        if where is not None:
            at.setdefault(where, []).append(key)
    entries = {**now.content["nodes"], **now.content["sources"]}
    seen: set[str] = set()
    pending = [*nodes, *sources]
    while pending:
        key = pending.pop()
        if key in seen:
            continue
        seen.add(key)
        pending.extend(children.get(key, []))
        where = place(entries[key]) if key in entries else None
        pending.extend(at.get(where, []) if where is not None else [])
    return {key for key in seen if key in now.content["nodes"]}
