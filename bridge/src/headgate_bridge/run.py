"""headgate-run: runs the released version of a dbt project or a Spark job.

    headgate-run dbt <project> <dbt arguments>
    headgate-run spark <job> [arguments of the job]

`--headgate-check` instead of arguments resolves everything, prints it as JSON on stdout and starts nothing.
HEADGATE_HOME is where releases are kept. HEADGATE_RELEASE (sha256:...) pins the run to one release; without it the
live one is run. HEADGATE_DBT_PYTHON and HEADGATE_SPARK_PYTHON name interpreters. Exit status: that of dbt or
spark-submit; 2 wrong use, 3 nothing was run because the release could not be told or is not complete, 75 disabled.
The last line on stderr is JSON: what was run, from which release, how it ended.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from .running.command import Command, dbt_command, spark_command
from .running.refusal import COULD_NOT_TELL, USAGE, Refusal
from .running.release import Release, find_release

CHECK_ONLY = "--headgate-check"
FORWARDED = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)


def main(argv: list[str]) -> int:
    if len(argv) < 2 or argv[0] not in ("dbt", "spark") or (argv[0] == "dbt" and len(argv) < 3):
        print(__doc__.strip() if argv[:1] in (["-h"], ["--help"]) else usage(), file=sys.stderr)
        return 0 if argv[:1] in (["-h"], ["--help"]) else USAGE
    kind, name, args = argv[0], argv[1], argv[2:]
    scratch = Path(tempfile.mkdtemp(prefix="headgate-run-"))
    started = time.monotonic()
    release: Release | None = None
    try:
        release = find_release(home_folder(), kind, name, os.environ.get("HEADGATE_RELEASE") or None)
        command = make_command(kind, release, [arg for arg in args if arg != CHECK_ONLY], scratch)
        status = show(command, release) if CHECK_ONLY in args else run(command, release, scratch)
    except Refusal as refusal:
        print(f"headgate-run: {refusal}", file=sys.stderr)
        status = refusal.status
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    report(
        {"kind": kind, "name": name, **named(release), "exit": status, "seconds": round(time.monotonic() - started, 2)}
    )
    return status


def show(command: Command, release: Release) -> int:
    """What would be started. Of the environment only the names: values may be secrets."""
    print(
        json.dumps({"bundle": release.bundle, "part": release.part, "argv": command.argv, "env": sorted(command.env)})
    )
    return 0


def usage() -> str:
    return "usage: headgate-run dbt <project> <dbt arguments> | headgate-run spark <job> [arguments]"


def named(release: Release | None) -> dict[str, Any]:
    return {"bundle": None, "part": None} if release is None else {"bundle": release.bundle, "part": release.part}


def report(result: dict[str, Any]) -> None:
    print(json.dumps({"headgate-run": result}), file=sys.stderr, flush=True)


def home_folder() -> Path:
    home = os.environ.get("HEADGATE_HOME")
    if not home:
        raise Refusal(COULD_NOT_TELL, "HEADGATE_HOME is not set: it names the folder that releases are kept in")
    if not os.path.isdir(home):
        raise Refusal(COULD_NOT_TELL, f"HEADGATE_HOME is no folder: {home}")
    return Path(home)


def make_command(kind: str, release: Release, args: list[str], scratch: Path) -> Command:
    env = dict(os.environ)
    return dbt_command(release, args, scratch, env) if kind == "dbt" else spark_command(release, args, env)


def run(command: Command, release: Release, scratch: Path) -> int:
    """Runs it in the scratch folder, so that what tools leave behind never lands in the release."""
    env = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1", "HEADGATE_RELEASE": release.bundle, **command.env}
    sys.stdout.flush()
    child = subprocess.Popen(command.argv, env=env, cwd=scratch)
    before = {number: signal.signal(number, lambda got, _frame: child.send_signal(got)) for number in FORWARDED}
    try:
        status = child.wait()
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    return status if status >= 0 else 128 - status
