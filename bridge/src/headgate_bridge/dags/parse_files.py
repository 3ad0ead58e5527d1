"""Reads many DAG files, as many at once as there are processors, and watches each from outside."""

import json
import os
import selectors
import shutil
import signal
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .child import LIBRARIES, Job, run_child
from .list_files import list_dag_files
from .processes import children_of, descendants_of, end_group, resident_mb
from .project_modules import ProjectModules
from .warm import first_modules, share_libraries, warm_airflow

OUTPUT_SHOWN = 2000
MAX_PROCESSES = 64
MAX_RESULT_BYTES = 64 * 1024 * 1024
LOOK_EVERY_SECONDS = 0.03
DEFAULT_LIMITS = {"seconds": 30.0, "memoryMb": 1024, "outputBytes": 1024 * 1024, "slowSeconds": 2.0}


def parse_files(params: dict[str, Any], emit: Callable[[str, dict[str, Any]], None]) -> dict[str, Any]:
    """An event `listed`, then one `file` per file, in the order they end. Whatever a file does, the next is read."""
    scratch = warm_airflow()
    request = Request(params, scratch)
    emit("listed", {"files": request.files})
    pending = list(enumerate(request.files))
    pending.reverse()
    running: dict[int, Running] = {}
    workers = max(1, min(os.cpu_count() or 1, int(params.get("workers") or 8)))
    with selectors.DefaultSelector() as selector:
        while pending or running:
            while pending and len(running) < workers:
                index, path = pending.pop()
                if not os.path.isfile(os.path.join(request.root, path)):
                    emit("file", request.not_a_file(path))
                    continue
                started = start(request, index, path, selector)
                running[started.pid] = started
            for key, _ in selector.select(LOOK_EVERY_SECONDS):
                key.data.read_output(selector)
            end_strangers(running)
            for one in list(running.values()):
                if one.look():
                    del running[one.pid]
                    outcome = one.outcome(selector)
                    share_libraries(outcome.pop(LIBRARIES, []))
                    emit("file", outcome)
    end_strangers(running)
    return {"files": len(request.files)}


class Request:
    """The parameters of one call, checked and made absolute."""

    def __init__(self, params: dict[str, Any], scratch: Path) -> None:
        self.params = params
        self.root = os.path.realpath(params["root"])
        self.dags_folder = os.path.realpath(os.path.join(self.root, params.get("dagsFolder") or "."))
        self.scratch = scratch
        self.limits = {
            **DEFAULT_LIMITS,
            **{name: value for name, value in (params.get("limits") or {}).items() if value},
        }
        files = params.get("files")
        self.files: list[str] = list_dag_files(self.root, self.dags_folder) if files is None else list(files)
        self.project = ProjectModules(self.root, self.dags_folder)
        self.project.names()
        beside = [os.path.join(os.path.dirname(self.dags_folder), name) for name in ("config", "plugins")]
        self.sys_path = [
            self.dags_folder,
            *(folder for folder in beside if os.path.isdir(folder)),
            *(os.path.realpath(folder) for folder in params.get("sysPath") or []),
        ]

    def job(self, index: int, path: str) -> Job:
        folder = self.scratch / f"file-{index}"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        return Job(
            path=os.path.join(self.root, path),
            root=self.root,
            sys_path=self.sys_path,
            scratch=str(folder),
            result=str(folder / "headgate-result.json"),
            stacks=str(folder / "headgate-stacks.txt"),
            seconds=float(self.limits["seconds"]),
            memory_mb=int(self.limits["memoryMb"]),
            slow_seconds=float(self.limits["slowSeconds"]),
            params=self.params,
            project=self.project,
            warm_modules=frozenset(sys.modules),
            first_modules=first_modules(),
        )

    def not_a_file(self, path: str) -> dict[str, Any]:
        error = {"type": "FileNotFoundError", "message": f"{path} is not a file", "line": None, "traceback": ""}
        return {**EMPTY, "path": path, "status": "import-error", "milliseconds": 0, "error": error, "output": ""}


EMPTY: dict[str, Any] = {
    "dags": [],
    "topLevel": [],
    "imports": [],
    "lists": [],
    "assumed": [],
    "variables": [],
    "connections": [],
}


def start(request: Request, index: int, path: str, selector: selectors.BaseSelector) -> "Running":
    job = request.job(index, path)
    reads, writes = os.pipe()
    sys.stdout.flush()
    sys.stderr.flush()
    pid = os.fork()
    if pid == 0:
        run_child(job, writes)
    os.close(writes)
    os.set_blocking(reads, False)
    running = Running(path, job, pid, reads, int(request.limits["outputBytes"]))
    selector.register(reads, selectors.EVENT_READ, running)
    return running


@dataclass
class Running:
    """A fork that reads one file, seen from outside."""

    path: str
    job: Job
    pid: int
    output_fd: int
    output_limit: int
    output: bytes = b""
    output_bytes: int = 0
    reading: bool = True
    stopped_for: str | None = None
    status: int = 0
    ended: float = 0.0

    def __post_init__(self) -> None:
        self.started = time.monotonic()

    def read_output(self, selector: selectors.BaseSelector) -> None:
        """Takes what is there: the first part is kept, the rest only counted, so that the file is never blocked."""
        try:
            part = os.read(self.output_fd, 1 << 20)
        except BlockingIOError:
            return
        if not part:
            self.close_output(selector)
            return
        self.output_bytes += len(part)
        self.output = (self.output + part)[: OUTPUT_SHOWN * 4]

    def close_output(self, selector: selectors.BaseSelector) -> None:
        if self.reading:
            selector.unregister(self.output_fd)
            os.close(self.output_fd)
            self.reading = False

    def look(self) -> bool:
        """True once the fork has ended; stops it when it is past a limit."""
        pid, status = os.waitpid(self.pid, os.WNOHANG)
        if pid == self.pid:
            self.status = status
            self.ended = time.monotonic()
            end_group(self.pid)
            return True
        if self.stopped_for is None:
            self.stopped_for = self.past_limit()
            if self.stopped_for is not None:
                end_group(self.pid)
        return False

    def past_limit(self) -> str | None:
        if time.monotonic() - self.started > self.job.seconds:
            return "timeout"
        family = descendants_of(self.pid)
        if len(family) > MAX_PROCESSES:
            return "processes"
        return "memory" if sum(map(resident_mb, family)) > self.job.memory_mb else None

    def outcome(self, selector: selectors.BaseSelector) -> dict[str, Any]:
        while self.reading:
            before = self.output_bytes
            self.read_output(selector)
            if self.output_bytes == before:
                self.close_output(selector)
        result = {**EMPTY, **(self.written_result() or self.stopped_result())}
        if self.output_bytes > self.output_limit:
            note = {"kind": "output", "detail": f"{self.output_bytes} bytes", "line": None}
            result["topLevel"] = [*result["topLevel"], note]
        shutil.rmtree(self.job.scratch, ignore_errors=True)
        return {
            "path": self.path,
            "milliseconds": round((self.ended - self.started) * 1000),
            **result,
            "output": self.output.decode("utf-8", "replace")[:OUTPUT_SHOWN],
        }

    def written_result(self) -> dict[str, Any] | None:
        """What the fork wrote last, unless it was stopped before or it is not what a fork writes."""
        try:
            if self.stopped_for is not None or os.path.getsize(self.job.result) > MAX_RESULT_BYTES:
                return None
            with open(self.job.result, encoding="utf-8") as file:
                result = json.load(file)
        except (OSError, ValueError):
            return None
        return result if isinstance(result, dict) and "status" in result else None

    def stopped_result(self) -> dict[str, Any]:
        reason = self.stopped_for or (
            "timeout" if os.WIFSIGNALED(self.status) and os.WTERMSIG(self.status) == signal.SIGXCPU else None
        )
        status, message = STOPPED.get(reason or "", ("crashed", self.how_it_ended()))
        stacks, line = self.stacks()
        text = message.format(seconds=self.job.seconds, memory=self.job.memory_mb, processes=MAX_PROCESSES)
        error = {"type": status, "message": text, "line": line, "traceback": stacks}
        return {"status": status, "error": error, "imports": [self.path]}

    def how_it_ended(self) -> str:
        if os.WIFSIGNALED(self.status):
            return f"the process that read the file was ended by signal {os.WTERMSIG(self.status)}"
        return f"the process that read the file ended with status {os.waitstatus_to_exitcode(self.status)}"

    def stacks(self) -> tuple[str, int | None]:
        """Where it was when its time was nearly up, and the line of the file."""
        try:
            text = Path(self.job.stacks).read_text(errors="replace")
        except OSError:
            return "", None
        needle = f'File "{self.job.path}", line '
        at = text.find(needle)
        digits = "".join(c for c in text[at + len(needle) : at + len(needle) + 9].split(" ")[0] if c.isdigit())
        return text.replace(self.job.root + os.sep, "")[:8000], int(digits) if at >= 0 and digits else None


STOPPED = {
    "timeout": ("timeout", "not read within {seconds:g} s"),
    "memory": ("memory", "needed more than {memory} MB"),
    "processes": ("crashed", "started more than {processes} processes"),
}


def end_strangers(running: dict[int, "Running"]) -> None:
    """Processes that a file started and that left its session end up as children of this process."""
    for pid in children_of(os.getpid()):
        if pid not in running:
            end_group(pid)
            try:
                os.kill(pid, signal.SIGKILL)
                os.waitpid(pid, 0)
            except (ProcessLookupError, ChildProcessError):
                continue
