"""Which nodes of a project are built when the rest is taken from an earlier build of it."""

from dataclasses import dataclass
from typing import Any

from .build_state import BuildState, Since, is_ephemeral

GOOD = ("success", "pass", "warn", "no-op")


@dataclass
class Choice:
    """`build`: the nodes that are built. `load`: the sources whose data is loaded anew. `drop`: relations of the
    earlier build, as schema and name, that are not to be found when it begins."""

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
    good = {key for key, result in earlier["results"].items() if is_good(result)}
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
    over = [kept["sources"].get(key) for key in sources]
    over += [kept["nodes"].get(key) or kept["sources"].get(key) for key in gone]
    load = {key for key in sources if content["sources"][key]["given"]}
    return extended(Choice(set(), load, places(over)), build, now, earlier)


def extended(choice: Choice, more: set[str], now: BuildState, earlier: dict[str, Any]) -> Choice:
    """The choice with these nodes built as well."""
    nodes, kept = now.content["nodes"], earlier["state"]["nodes"]
    build = choice.build | {key for key in more if is_built(now.manifest.nodes[key])}
    taken = set(places([node for key, node in nodes.items() if key not in build]))
    # What has become ephemeral is not built, and is no table any more.
    drop = {*choice.drop, *places([kept.get(key) for key in more])} - taken
    return Choice(build, choice.load, sorted(drop))


def held_up(now: BuildState, tests: set[str]) -> set[str]:
    """What dbt leaves out when these tests fail: each node that comes after all that one of them is about, and what
    follows."""
    now.manifest.build_parent_and_child_maps()
    found: set[str] = set()
    for test in tests:
        about = now.manifest.nodes[test].depends_on.nodes
        after = [downstream(now, set(now.manifest.child_map.get(one, [])), set()) for one in about]
        for key in set.intersection(*after) if after else set():
            if now.manifest.nodes[key].resource_type != "test":
                found.add(key)
    return downstream(now, found, set())


def is_good(result: dict[str, Any]) -> bool:
    return result["status"] in GOOD


def places(entries: list[dict[str, Any] | None]) -> list[tuple[str, str]]:
    return [one for one in (place(entry) for entry in entries if entry is not None) if one is not None]


def digest(known: dict[str, Any], key: str) -> str | None:
    entry = known.get(key)
    return None if entry is None else entry["digest"]


def place(entry: dict[str, Any]) -> tuple[str, str] | None:
    """DuckDB does not tell letters apart."""
    relation = entry["relation"]
    return None if relation is None else (relation[0].lower(), relation[1].lower())


def is_built(node: Any) -> bool:
    kind = str(getattr(node.resource_type, "value", node.resource_type))
    return kind in ("model", "seed", "snapshot", "test") and not is_ephemeral(node)


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
