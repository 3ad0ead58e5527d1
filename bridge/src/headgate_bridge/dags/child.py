"""What the fork for one DAG file does: confine itself, run the file, describe the DAGs, write one JSON file, end."""

import faulthandler
import json
import os
import signal
import sys
import tempfile
import time
import traceback
from dataclasses import dataclass
from typing import Any, NoReturn

from .. import confine
from .answers import Answers
from .changing import mark_changing
from .describe import describe_dags
from .load import load_dags, remember_where_dags_are_made
from .project_modules import ProjectModules
from .stand_in import MissingModules
from .trace import Trace
from .watch import LIBRARY_FOLDERS, Watch, is_inside

# The member of a result that is for the parent alone.
LIBRARIES = "libraries"

really_exit = os._exit


@dataclass(frozen=True)
class Job:
    """One file to read. `path` and `root` are absolute real paths; `scratch` is this file's own folder."""

    path: str
    root: str
    sys_path: list[str]
    scratch: str
    result: str
    stacks: str
    seconds: float
    memory_mb: int
    slow_seconds: float
    params: dict[str, Any]
    project: ProjectModules
    warm_modules: frozenset[str]
    first_modules: frozenset[str]


def run_child(job: Job, output_fd: int) -> NoReturn:
    """Never returns: the process ends here, whatever the file did."""
    own_pid = os.getpid()
    status = 1
    try:
        isolate(job, output_fd)
        outcome = Reader(job).read()
        if os.getpid() == own_pid:
            write_result(job, outcome)
            status = 0
    except BaseException:
        if os.getpid() == own_pid:
            traceback.print_exc()
    finally:
        really_exit(status)


def isolate(job: Job, output_fd: int) -> None:
    """A session of its own, its output in the given pipe, no other descriptor, its share of the machine."""
    os.setsid()
    confine.die_with_parent()
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    quiet = os.open(os.devnull, os.O_RDONLY)
    os.dup2(quiet, 0)
    os.dup2(output_fd, 1)
    os.dup2(output_fd, 2)
    os.closerange(3, 1024)
    stacks = os.open(job.stacks, os.O_WRONLY | os.O_CREAT, 0o600)
    faulthandler.dump_traceback_later(job.seconds * 0.95, file=stacks)
    os.environ.update(TMPDIR=job.scratch, HOME=job.scratch, **(job.params.get("environ") or {}))
    tempfile.tempdir = None
    os.chdir(job.root)
    # First, where Airflow puts them last: the project's own image is not what is installed here, and a name of its
    # own must not be taken for a package that only this runtime has.
    sys.path[:0] = job.sys_path
    sys.dont_write_bytecode = True
    confine.limit_resources(job.seconds, job.memory_mb)
    confine.allow_writes_only_in(writable_folders(job))


def writable_folders(job: Job) -> list[str]:
    """Its own folder; the system's temporary folder too, unless the project itself lies in there."""
    shared = os.path.realpath("/tmp")
    return [job.scratch] if is_inside(job.root, shared) else [job.scratch, shared]


class Reader:
    """Runs one file under watch and puts the outcome into the shape of the protocol."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self.assumed: set[str] = set()
        self.watch = Watch(job.path, job.root, tuple(writable_folders(job)))
        self.answers = Answers(job.params, self.watch, self.assumed)
        own = (job.scratch, os.path.dirname(job.scratch), sys.prefix, sys.base_prefix)
        self.trace = Trace(job.root, own, job.first_modules) if job.params.get("trace") else None

    def read(self) -> dict[str, Any]:
        self.answers.install()
        missing = MissingModules(self.job.project, self.assumed)
        sys.meta_path.append(missing)
        made = remember_where_dags_are_made(self.job.path)
        os._exit = self.on_exit
        self.watch.start()
        if self.trace is not None:
            mark_changing(self.job.root, self.note_changing, self.watch.read.add)
            self.trace.start()
        started = time.monotonic()
        try:
            dags = load_dags(self.job.path)
        except BaseException as error:
            outcome = self.failed(error)
        else:
            missing.withdraw()
            outcome = {
                "status": "ok" if dags else "no-dags",
                "dags": describe_dags(dags, made, self.job.root),
                "error": None,
            }
        return self.finished(outcome, started)

    def on_exit(self, status: int = 0) -> NoReturn:
        """Takes the place of os._exit for the file, so that its call is reported with its line."""
        line = self.watch.line()
        self.watch.on = False
        error = {"type": "os._exit", "message": f"the file called os._exit({status})", "line": line, "traceback": ""}
        write_result(self.job, self.finished({"status": "crashed", "dags": [], "error": error}, time.monotonic()))
        really_exit(0)

    def finished(self, outcome: dict[str, Any], started: float) -> dict[str, Any]:
        seconds = time.monotonic() - started
        self.watch.on = False
        rests_on = self.rests_on()
        if seconds > self.job.slow_seconds:
            self.watch.notes.append({"kind": "slow", "detail": f"{seconds:.1f} s", "line": None})
        return {
            **outcome,
            "topLevel": self.watch.notes,
            "imports": self.imports(),
            "lists": sorted(self.in_project(self.watch.listed)),
            "assumed": sorted(self.assumed),
            "variables": sorted(map(str, self.answers.variables)),
            "connections": sorted(map(str, self.answers.connections)),
            **({} if rests_on is None else {"restsOn": rests_on}),
            LIBRARIES: self.libraries(),
        }

    def note_changing(self, path: str) -> None:
        if self.trace is not None and self.trace.on:
            self.trace.changing.add(f"{path} asks for the time, chance or a name of this machine")

    def rests_on(self) -> dict[str, Any] | None:
        if self.trace is None:
            return None
        self.trace.on = False
        return self.trace.told(self.watch.read, self.watch.listed, [self.job.path, *self.loaded().values()])

    def failed(self, error: BaseException) -> dict[str, Any]:
        status = "import-error" if isinstance(error, Exception) else "crashed"
        if isinstance(error, MemoryError):
            status = "memory"
        return {"status": status, "dags": [], "error": self.describe_error(error)}

    def describe_error(self, error: BaseException) -> dict[str, Any]:
        message = str(error) or type(error).__name__
        if isinstance(error, SystemExit):
            message = f"the file called sys.exit({error.code!r})"
        if isinstance(error, ModuleNotFoundError):
            message += self.where_it_is(error)
        return {
            "type": type(error).__name__,
            "message": message.replace(self.job.root + os.sep, "")[:4000],
            "line": self.line_of(error),
            "traceback": self.traceback_of(error),
        }

    def where_it_is(self, error: ModuleNotFoundError) -> str:
        name = (error.name or "").split(".")[0]
        folder = self.job.project.folder_of(name)
        if folder is None or any(os.path.abspath(entry) == os.path.join(self.job.root, folder) for entry in sys.path):
            return ""
        return f" ({name} is in the project, in {folder}, which is not among the folders that Airflow imports from)"

    def line_of(self, error: BaseException) -> int | None:
        if isinstance(error, SyntaxError) and error.filename == self.job.path:
            return error.lineno
        lines = [
            line for frame, line in traceback.walk_tb(error.__traceback__) if frame.f_code.co_filename == self.job.path
        ]
        return lines[-1] if lines else None

    def traceback_of(self, error: BaseException) -> str:
        """The frames in the project, paths relative to it: the same on every machine."""
        frames = [one for one in traceback.extract_tb(error.__traceback__) if is_inside(one.filename, self.job.root)]
        lines = traceback.format_list(frames) + traceback.format_exception_only(type(error), error)
        return "".join(lines).replace(self.job.root + os.sep, "")[-8000:]

    def imports(self) -> list[str]:
        """Project files that the file loaded or read, itself included."""
        return sorted(self.in_project({self.job.path, *self.watch.read, *self.loaded().values()}))

    def libraries(self) -> list[str]:
        """Installed modules that the file loaded."""
        return [name for name, file in self.loaded().items() if file.startswith(LIBRARY_FOLDERS)]

    def loaded(self) -> dict[str, str]:
        """Modules that were not there before the file was read, with their files."""
        files = {
            name: getattr(module, "__dict__", {}).get("__file__")
            for name, module in list(sys.modules.items())
            if name not in self.job.warm_modules
        }
        return {name: file for name, file in files.items() if isinstance(file, str)}

    def in_project(self, paths: set[str]) -> set[str]:
        """Root-relative, and only what lies in the project, virtual environments inside it left out."""
        inside = {os.path.relpath(path, self.job.root) for path in paths if is_inside(path, self.job.root)}
        return {path for path in inside if "site-packages" not in path and "__pycache__" not in path}


def write_result(job: Job, outcome: dict[str, Any]) -> None:
    beside = f"{job.result}.part"
    with open(beside, "w", encoding="utf-8", errors="replace") as file:
        json.dump(outcome, file, default=str)
    os.replace(beside, job.result)
