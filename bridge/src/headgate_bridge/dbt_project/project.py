"""Starts dbt on a project, with its own profile when that can be used and a throw-away one when not."""

import json
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from .messages import describe_message
from .missing_packages import leave_out_missing_packages
from .tolerance import collect_missing_targets, hide

# dbt reads these as it parses; they are the only adapters of the runtime.
INSTALLED_ADAPTERS = ("postgres", "duckdb")
THROW_AWAY: dict[str, dict[str, Any]] = {
    "postgres": {
        "type": "postgres",
        "host": "localhost",
        "port": 5432,
        "user": "none",
        "password": "none",
        "threads": 2,
    },
    "duckdb": {"type": "duckdb", "path": ":memory:", "threads": 2},
}
PROFILE_TROUBLE = ("profile", "env var required", "credentials", "could not find adapter", "target name")


@dataclass
class Attempt:
    """What one start of dbt gave: its own result object, and what it said."""

    success: bool = False
    result: Any = None
    errors: list[dict[str, Any]] = field(default_factory=list)
    warnings: list[dict[str, Any]] = field(default_factory=list)
    profile: str = "project"
    adapter: str = ""


def versions() -> dict[str, str]:
    from importlib.metadata import version

    return {"dbtVersion": version("dbt-core")}


def invoke(command: list[str], params: dict[str, Any], scratch: Path, left_out: Sequence[str] = ()) -> Attempt:
    """Runs one dbt command. The project's own profile is tried first; what is wrong with it becomes a warning.
    `left_out` are files of the project that dbt is not to see."""
    profile = Profile.of(params)
    hide(left_out)
    if profile.adapter in INSTALLED_ADAPTERS:
        attempt = start(command, params, scratch, profile.folder)
        attempt.adapter = profile.adapter
        if attempt.success or not is_profile_trouble(attempt):
            return attempt
        reason = attempt.errors[0]["message"] if attempt.errors else "it could not be used"
    else:
        reason = profile.trouble
    attempt = start(command, params, scratch, profile.throw_away(scratch))
    attempt.profile, attempt.adapter = "throw-away", profile.stand_in
    attempt.warnings.insert(
        0, {"message": f"the profile was replaced for this: {reason}", "path": "profiles.yml", "line": None}
    )
    return attempt


def is_profile_trouble(attempt: Attempt) -> bool:
    said = " ".join(error["message"] for error in attempt.errors).lower()
    return any(word in said for word in PROFILE_TROUBLE) and all(
        error["path"] in (None, "profiles.yml") for error in attempt.errors
    )


class Profile:
    """What profiles.yml says of the project's profile, read without filling in its templates."""

    def __init__(self, name: str, folder: str, output: dict[str, Any], target: str, trouble: str) -> None:
        self.name = name
        self.folder = folder
        self.output = output
        self.target = target
        self.trouble = trouble
        self.adapter = str(output.get("type") or "")
        self.stand_in = "duckdb" if self.adapter == "duckdb" else "postgres"

    @classmethod
    def of(cls, params: dict[str, Any]) -> "Profile":
        project = read_yaml(Path(params["projectDir"]) / "dbt_project.yml")
        name = str(project.get("profile") or project.get("name") or "default")
        folder = params.get("profilesDir") or params["projectDir"]
        profiles = read_yaml(Path(folder) / "profiles.yml")
        profile = profiles.get(name)
        if not isinstance(profile, dict):
            return cls(
                name, folder, {}, params.get("target") or "default", f"there is no profile {name} in profiles.yml"
            )
        outputs = profile.get("outputs") if isinstance(profile.get("outputs"), dict) else {}
        target = str(params.get("target") or profile.get("target") or "default")
        chosen = outputs.get(target) or next((one for one in outputs.values() if isinstance(one, dict)), {})
        output = chosen if isinstance(chosen, dict) else {}
        target = target if "{" not in target else next(iter(outputs), "default")
        return cls(name, folder, output, target, f"its adapter ({output.get('type')}) is not installed here")

    def throw_away(self, scratch: Path) -> str:
        """A folder with a profile of the same name and target, which leads nowhere."""
        output = dict(THROW_AWAY[self.stand_in])
        for key in ("schema", "dataset"):
            if is_plain(self.output.get(key)):
                output["schema"] = self.output[key]
        for key in ("dbname", "database", "project", "catalog"):
            if self.stand_in == "postgres" and is_plain(self.output.get(key)):
                output["dbname"] = self.output[key]
        output.setdefault("schema", "public")
        if self.stand_in == "postgres":
            output.setdefault("dbname", "none")
        folder = scratch / "profiles"
        folder.mkdir(exist_ok=True)
        (folder / "profiles.yml").write_text(
            yaml.safe_dump({self.name: {"target": self.target, "outputs": {self.target: output}}})
        )
        return str(folder)


def unnamed_profile(params: dict[str, Any]) -> list[str]:
    """A package is read like a project: whoever uses it has the profile, so that it need not name one."""
    project = read_yaml(Path(params["projectDir"]) / "dbt_project.yml")
    return [] if project.get("profile") or not project.get("name") else ["--profile", Profile.of(params).name]


def is_plain(value: Any) -> bool:
    return isinstance(value, str) and "{" not in value and value != ""


def read_yaml(path: Path) -> dict[str, Any]:
    """An empty map for what is missing or broken: dbt itself says what is wrong with it."""
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8", errors="replace"))
    except (OSError, yaml.YAMLError):
        return {}
    return content if isinstance(content, dict) else {}


def start(command: list[str], params: dict[str, Any], scratch: Path, profiles_dir: str) -> Attempt:
    """One start of dbt in this process."""
    from dbt.cli.main import dbtRunner

    attempt = Attempt()
    leave_out_missing_packages(attempt.warnings)
    if command[0] == "parse":
        collect_missing_targets(attempt.errors, params["projectDir"])
    outcome = dbtRunner(callbacks=[listener(attempt)]).invoke(
        [
            *("--no-use-colors", "--log-level", "info", "--log-level-file", "none", "--no-send-anonymous-usage-stats"),
            *command,
            *("--project-dir", params["projectDir"], "--profiles-dir", profiles_dir),
            *("--target-path", str(scratch / "target"), "--log-path", str(scratch / "logs")),
            *("--vars", json.dumps(params.get("vars") or {}, default=str)),
            *(("--target", params["target"]) if params.get("target") else ()),
            *unnamed_profile(params),
        ]
    )
    attempt.success = bool(outcome.success)
    attempt.result = outcome.result
    if outcome.exception is not None:
        attempt.errors.append(describe_message(str(outcome.exception), params["projectDir"]))
    attempt.errors = unique([with_project_file(error, params["projectDir"]) for error in attempt.errors])
    return attempt


def with_project_file(error: dict[str, Any], project_dir: str) -> dict[str, Any]:
    """dbt does not name the file when it is dbt_project.yml that is no YAML."""
    if error["path"] is not None or "Syntax error" not in error["message"]:
        return error
    try:
        yaml.safe_load((Path(project_dir) / "dbt_project.yml").read_text(encoding="utf-8"))
    except (OSError, ValueError, yaml.YAMLError):
        return {**error, "path": "dbt_project.yml"}
    return error


def listener(attempt: Attempt) -> Callable[[Any], None]:
    """Keeps warnings; errors come with the outcome, those of single nodes with their results."""
    root = os.getcwd()

    def listen(event: Any) -> None:
        if event.info.level == "warn" and len(attempt.warnings) < 200:
            attempt.warnings.append(describe_message(event.info.msg, root))

    return listen


def unique(entries: list[dict[str, Any]]) -> list[dict[str, Any]]:
    seen: list[dict[str, Any]] = []
    for entry in entries:
        if entry not in seen:
            seen.append(entry)
    return seen
