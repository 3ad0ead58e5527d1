"""A build of seeds, models, snapshots and data tests on DuckDB, over an earlier build where there is one."""

import json
import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .build_choice import Choice, choose, extended, held_up, is_built, is_good
from .build_state import BuildState
from .stand_ins import load_sources, quoted

if TYPE_CHECKING:
    from .rehearse import Rehearsal

STATE, DATABASE_FILE = "state.json", "build.duckdb"
MOST_TURNS = 4
BUILT = ("model", "seed", "snapshot", "test", "operation")


class Build:
    """`earlier`: a folder with a kept build, whose tables are taken for all that nothing has changed for. `keep`: the
    folder that this build is put into, in the same form: its state with the result of every node, and its database."""

    def __init__(self, run: "Rehearsal", manifest: Any) -> None:
        from .rehearse import output_of

        self.run = run
        self.manifest = manifest
        self.folder: str | None = run.params.get("sourceData")
        self.state = BuildState(manifest, run.params, output_of(run.profile), self.folder)
        given = self.state.content["sources"]
        self.missing = [source for key, source in manifest.sources.items() if not given[key]["given"]]

    def carry_out(self) -> dict[str, Any]:
        """`taken`: how many nodes are as they were in the earlier build; `because`: why none are."""
        earlier = self.earlier()
        choice = None if earlier is None else choose(self.state, earlier)
        if earlier is None or not isinstance(choice, Choice):
            return {**self.whole(), "taken": 0, "because": choice}
        found = self.over(choice)
        for turn in range(MOST_TURNS):
            if found is None:
                return {**self.anew("the earlier build cannot be read"), "taken": 0}
            broken = [one for one in found["results"] if one["resourceType"] == "operation" and not is_good(one)]
            if broken or found["errors"]:
                # What runs before or after every build may not bear to run again over what it has made.
                return {**self.anew("it does not go over an earlier build"), "taken": 0}
            tests = [one for one in found["results"] if one["resourceType"] == "test"]
            failing = {one["uniqueId"] for one in tests if not is_good(one)}
            more = held_up(self.state, failing) - choice.build
            if not more:
                break
            choice = extended(choice, more, self.state, earlier)
            self.run.begin_in(self.run.scratch / f"turn-{turn}")
            found = self.over(choice)
        else:
            return {**self.anew("its failing tests hold up one another"), "taken": 0}
        known = earlier["results"]
        nodes = [key for key, node in self.manifest.nodes.items() if is_built(node) and key not in choice.build]
        taken = {key: known[key] for key in nodes if key in known}
        found["results"] = [*({**one, "taken": True} for one in taken.values()), *found["results"]]
        self.keep(found)
        return {**self.told(found), "taken": len(taken), "because": None}

    def over(self, choice: Choice) -> dict[str, Any] | None:
        """Builds the chosen nodes in a copy of the earlier build; None when that is none."""
        import duckdb

        try:
            shutil.copyfile(Path(self.run.params["earlier"], DATABASE_FILE), self.run.database)
            make_room(str(self.run.database), choice.drop)
        except (OSError, duckdb.Error):
            return None
        return self.build(choice.load, choice.build)

    def anew(self, because: str) -> dict[str, Any]:
        self.run.begin_in(self.run.scratch / "whole")
        return {**self.whole(), "because": because}

    def earlier(self) -> dict[str, Any] | None:
        folder = self.run.params.get("earlier")
        try:
            return None if folder is None else json.loads(Path(folder, STATE).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None

    def whole(self) -> dict[str, Any]:
        given = self.state.content["sources"]
        found = self.build({key for key, one in given.items() if one["given"]}, None)
        self.keep(found)
        return self.told(found)

    def build(self, load: set[str], chosen: set[str] | None) -> dict[str, Any]:
        """`chosen` null: everything that has data."""
        sources = [self.manifest.sources[key] for key in sorted(load)]
        trouble = load_sources(sources, str(self.run.database), self.folder or "")
        without = [*self.missing, *(self.manifest.sources[key] for key in trouble)]
        downstream = [f"source:{one.package_name}.{one.source_name}.{one.name}+" for one in without]
        found: dict[str, Any] = {"results": [], "errors": []}
        if chosen is None or chosen:
            with only(chosen):
                attempt = self.run.invoke(["build", "--exclude", "test_type:unit", *downstream], self.manifest)
            found = self.run.results(attempt, self.manifest)
            found["results"] = [one for one in found["results"] if one["resourceType"] in BUILT]
        return {**found, "trouble": trouble}

    def told(self, found: dict[str, Any]) -> dict[str, Any]:
        root = self.run.params["projectDir"]
        trouble = [{**one, "path": os.path.relpath(one["path"], root)} for one in found["trouble"].values()]
        without = [*self.missing, *(self.manifest.sources[key] for key in found["trouble"])]
        names = sorted(f"{source.source_name}.{source.name}" for source in without)
        return {"results": found["results"], "errors": [*trouble, *found["errors"]], "withoutData": names}

    def keep(self, found: dict[str, Any]) -> None:
        folder = self.run.params.get("keep")
        if folder is None or found["errors"]:
            return
        checkpoint(str(self.run.database))
        shutil.copyfile(self.run.database, Path(folder, DATABASE_FILE))
        results = {one["uniqueId"]: {**one, "taken": False} for one in found["results"]}
        content = {"state": self.state.content, "results": results, "unloaded": sorted(found["trouble"])}
        Path(folder, STATE).write_text(json.dumps(content), encoding="utf-8")


def make_room(path: str, drop: list[tuple[str, str]]) -> None:
    """Removes these tables and views, so that all that is built is built as for the first time."""
    import duckdb

    with duckdb.connect(path) as connection:
        said = "select table_schema, table_name, table_type from information_schema.tables"
        listed = connection.execute(said).fetchall()
        found = {(schema.lower(), name.lower()): (schema, name, kind) for schema, name, kind in listed}
        for one in drop:
            if one in found:
                schema, name, kind = found[one]
                connection.execute(f"drop {'view' if kind == 'VIEW' else 'table'} {quoted(schema)}.{quoted(name)}")


def checkpoint(path: str) -> None:
    """Everything that was written goes into the file itself."""
    import duckdb

    with duckdb.connect(path) as connection:
        connection.execute("checkpoint")


class only:
    """Within it dbt selects none but these nodes. Names would not do: two nodes can share one, a pattern takes more."""

    def __init__(self, chosen: set[str] | None) -> None:
        self.chosen = chosen

    def __enter__(self) -> None:
        from dbt.graph.selector import NodeSelector

        self.selector, self.original = NodeSelector, NodeSelector.get_selected
        chosen, original = self.chosen, self.original

        def get_selected(selector: Any, *args: Any, **more: Any) -> Any:
            found = original(selector, *args, **more)
            return found if chosen is None else found & chosen

        NodeSelector.get_selected = get_selected

    def __exit__(self, *_: object) -> None:
        self.selector.get_selected = self.original
