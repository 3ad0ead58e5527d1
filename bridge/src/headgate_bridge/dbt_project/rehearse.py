"""`dbt.rehearse`: unit tests, or seeds, models and data tests, on a DuckDB file that is made for it and thrown away.

Nothing but the scratch folder, and the folder that is to keep the build, is written and nothing is asked over the
network. Relations keep their schema and name; their database becomes the file's. Where the project is for another
database, its SQL is tried as it is.
"""

import json
import os
from pathlib import Path
from typing import Any

import yaml

from .. import confine
from .messages import describe_message
from .missing_packages import leave_out_missing_packages
from .project import Attempt, Profile, is_plain, listener, versions
from .rehearsed_build import Build
from .stand_ins import add_missing, input_columns, make_stand_ins

DATABASE = "rehearsal"
MOST_ROUNDS = 8
# What Postgres does and DuckDB does otherwise unless it is told.
AS_POSTGRES = {"integer_division": True, "default_null_order": "nulls_last_on_asc_first_on_desc", "TimeZone": "UTC"}


def rehearse(params: dict[str, Any], scratch: Path) -> dict[str, Any]:
    """`what`: `unit` or `build`. `sourceData`: a folder of `<source>/<table>.csv`, or null. Of a build: `earlier` and
    `keep`, folders or null, as `Build` has them."""
    confine.cut_network()
    # dbt makes its semaphores in /dev/shm.
    confine.allow_writes_only_in([str(scratch), "/dev/shm", *([params["keep"]] if params.get("keep") else [])])
    os.environ["TMPDIR"] = str(scratch)
    profile = Profile.of(params)
    run = Rehearsal(params, scratch, profile)
    manifest, attempt = run.parse()
    answer = {"adapter": profile.adapter, "results": [], "withoutData": [], "errors": attempt.errors, **versions()}
    if manifest is None:
        return answer
    move_into_one_database(manifest)
    if params["what"] == "build":
        return {**answer, **Build(run, manifest).carry_out()}
    return {**answer, **run.unit_tests(manifest)}


def output_of(profile: Profile) -> dict[str, Any]:
    """What the profile of a rehearsal says of its database, without the place of its file."""
    schema = profile.output.get("schema") or profile.output.get("dataset")
    return {
        "type": "duckdb",
        "schema": schema if is_plain(schema) else "main",
        "threads": 2,
        "settings": AS_POSTGRES if profile.adapter in ("postgres", "redshift") else {"TimeZone": "UTC"},
    }


def move_into_one_database(manifest: Any) -> None:
    for node in [*manifest.nodes.values(), *manifest.sources.values(), *manifest.unit_tests.values()]:
        if getattr(node, "database", None) is None:
            continue
        node.database = DATABASE
        if getattr(node, "relation_name", None):
            name = getattr(node, "identifier", None) or getattr(node, "alias", None)
            node.relation_name = f'"{DATABASE}"."{node.schema}"."{name}"'


def named(manifest: Any, test: Any) -> Any:
    name = getattr(test, "model", None)
    models = (node for node in manifest.nodes.values() if node.resource_type == "model" and node.name == name)
    return next(models, None)


def place_of_test(node: Any) -> dict[str, Any]:
    """Of a generic test, whose name dbt makes: what it is called where it is written, and on what."""
    metadata = getattr(node, "test_metadata", None)
    if metadata is None:
        return {}
    model = (getattr(node, "file_key_name", None) or "").split(".")[-1]
    full = metadata.name if metadata.namespace is None else f"{metadata.namespace}.{metadata.name}"
    return {"test": {"name": full, "on": model, "column": getattr(node, "column_name", None)}}


class Rehearsal:
    def __init__(self, params: dict[str, Any], scratch: Path, profile: Profile) -> None:
        self.params = params
        self.scratch = scratch
        self.profile = profile
        self.given: set[tuple[str, str]] = set()
        self.begin_in(scratch)

    def begin_in(self, folder: Path) -> None:
        """From now on the database is the file in this folder. Its name must not differ: views hold it."""
        folder.mkdir(exist_ok=True)
        self.database = folder / f"{DATABASE}.duckdb"
        self.profiles = folder / "profiles"
        self.profiles.mkdir(exist_ok=True)
        name, target = self.profile.name, self.profile.target
        output = {**output_of(self.profile), "path": str(self.database)}
        content = {name: {"target": target, "outputs": {target: output}}}
        (self.profiles / "profiles.yml").write_text(yaml.safe_dump(content))

    def parse(self) -> tuple[Any, Attempt]:
        attempt = self.invoke(["parse", "--no-partial-parse"], None)
        return (attempt.result if attempt.success else None), attempt

    def unit_tests(self, manifest: Any) -> dict[str, Any]:
        if not manifest.unit_tests:
            return {}
        inputs = input_columns(manifest)
        seeds = [node.name for node, _ in inputs.values() if node.resource_type == "seed"]
        if seeds:
            self.invoke(["seed", "--select", *seeds], manifest)
        make_stand_ins(inputs, str(self.database))
        found = self.results(self.invoke(["test", "--select", "test_type:unit"], manifest), manifest)
        for _ in range(MOST_ROUNDS):
            again = self.completed(manifest, inputs, found["results"])
            if not again:
                break
            make_stand_ins(inputs, str(self.database))
            more = self.results(self.invoke(["test", "--select", *again], manifest), manifest)
            by_id = {result["uniqueId"]: result for result in more["results"]}
            found["results"] = [by_id.get(result["uniqueId"], result) for result in found["results"]]
        return found

    def completed(self, manifest: Any, inputs: dict[str, Any], results: list[dict[str, Any]]) -> list[str]:
        """Tests leave out columns that do not matter to them. Names of those whose inputs have got what they lacked."""
        names = []
        for result in results:
            test = manifest.unit_tests.get(result["uniqueId"])
            model = manifest.nodes.get(getattr(test, "tested_node_unique_id", None) or "") or named(manifest, test)
            if result["status"] == "error" and test is not None and model is not None:
                column = add_missing(inputs, test, model, result["message"])
                # A column that is still lacking after it was given is lacking in the model.
                if column is not None and (test.name, column) not in self.given:
                    self.given.add((test.name, column))
                    names.append(test.name)
        return names

    def results(self, attempt: Attempt, manifest: Any) -> dict[str, Any]:
        results = [self.describe(result) for result in getattr(attempt.result, "results", None) or []]
        return {"results": results, "errors": [] if results else attempt.errors}

    def describe(self, result: Any) -> dict[str, Any]:
        node = result.node
        return {
            "uniqueId": node.unique_id,
            "resourceType": str(getattr(node.resource_type, "value", node.resource_type)),
            "name": node.name,
            "path": node.original_file_path,
            "status": str(getattr(result.status, "value", result.status)),
            "message": (result.message or "")[:4000],
            "failures": result.failures if isinstance(getattr(result, "failures", None), int) else None,
            **place_of_test(node),
        }

    def invoke(self, command: list[str], manifest: Any) -> Attempt:
        from dbt.cli.main import dbtRunner

        attempt = Attempt()
        leave_out_missing_packages(attempt.warnings)
        root = self.params["projectDir"]
        outcome = dbtRunner(manifest=manifest, callbacks=[listener(attempt)]).invoke(
            [
                *("--no-use-colors", "--log-level", "error", "--log-level-file", "none"),
                *("--no-send-anonymous-usage-stats", "--no-write-json"),
                *command,
                *("--project-dir", root, "--profiles-dir", str(self.profiles)),
                *("--target-path", str(self.scratch / "target"), "--log-path", str(self.scratch / "logs")),
                *("--vars", json.dumps(self.params.get("vars") or {}, default=str)),
                *(("--target", self.params["target"]) if self.params.get("target") else ()),
            ]
        )
        attempt.success, attempt.result = bool(outcome.success), outcome.result
        if outcome.exception is not None:
            attempt.errors.append(describe_message(str(outcome.exception), root))
        return attempt
