"""Runs one request in a fork: a project that hangs, crashes or changes global state does not reach the next one."""

import contextlib
import json
import os
import shutil
import signal
import sys
import tempfile
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

from .. import confine

Work = Callable[[dict[str, Any], Path], dict[str, Any]]

DEFAULT_LIMITS = {"seconds": 600.0, "memoryMb": 4096}


def in_fork(work: Work, params: dict[str, Any]) -> dict[str, Any]:
    """The result of `work`, or a result whose `errors` say why there is none. `work` gets a scratch folder."""
    import dbt.cli.main  # noqa: F401  Loaded here, before the fork: once for all requests.

    params = {**params, "projectDir": os.path.abspath(params["projectDir"])}
    limits = {**DEFAULT_LIMITS, **{name: value for name, value in (params.get("limits") or {}).items() if value}}
    scratch = Path(tempfile.mkdtemp(prefix="headgate-dbt-", dir=os.environ.get("HEADGATE_BRIDGE_SCRATCH")))
    try:
        sys.stderr.flush()
        pid = os.fork()
        if pid == 0:
            run_child(work, params, scratch, limits)
        ended = wait(pid, limits["seconds"])
        return written(scratch) or nothing(ended, output_of(scratch))
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def run_child(work: Work, params: dict[str, Any], scratch: Path, limits: dict[str, Any]) -> NoReturn:
    status = 1
    try:
        os.setsid()
        confine.die_with_parent()
        confine.limit_resources(int(limits["memoryMb"]))
        confine.allow_processor_seconds(limits["seconds"] * 4 + 5)
        output = os.open(scratch / "output.txt", os.O_WRONLY | os.O_CREAT, 0o600)
        os.dup2(output, 1)
        os.dup2(output, 2)
        os.environ.update({name: str(value) for name, value in (params.get("env") or {}).items()})
        os.chdir(params["projectDir"])
        result = work(params, scratch)
        beside = scratch / "result.part"
        beside.write_text(json.dumps(result, default=str), encoding="utf-8", errors="replace")
        os.replace(beside, scratch / "result.json")
        status = 0
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(status)


def wait(pid: int, seconds: float) -> str | None:
    """None when it ended by itself, else why it was stopped. Whatever it started ends with it."""
    deadline = time.monotonic() + seconds
    reason = None
    while os.waitpid(pid, os.WNOHANG)[0] == 0:
        if reason is None and time.monotonic() > deadline:
            reason = f"dbt did not finish within {seconds:g} s"
            os.killpg(pid, signal.SIGKILL)
        time.sleep(0.01)
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)
    return reason


def written(scratch: Path) -> dict[str, Any] | None:
    try:
        result = json.loads((scratch / "result.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return result if isinstance(result, dict) else None


def output_of(scratch: Path) -> str:
    try:
        return (scratch / "output.txt").read_text(errors="replace")[-4000:]
    except OSError:
        return ""


def nothing(reason: str | None, output: str) -> dict[str, Any]:
    from .project import versions

    message = reason or f"dbt ended without a result\n{output}".strip()
    error = {"message": message, "path": None, "line": None}
    empty: dict[str, Any] = {"nodes": [], "sources": [], "exposures": [], "warnings": [], "compiled": {}}
    return {**empty, "errors": [error], "adapter": "", "profile": "project", **versions()}
