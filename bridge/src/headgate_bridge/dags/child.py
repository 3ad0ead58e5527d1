"""What a fork for DAG files does: confine itself, then for each run the file, describe its DAGs and say so; end."""

import faulthandler
import gc
import itertools
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
from .leftovers import Leftovers
from .load import WhereMade, load_dags
from .project_modules import ProjectModules
from .stand_in import MissingModules
from .telling import Telling, flush
from .trace import Trace
from .watch import LIBRARY_FOLDERS, Watch, is_inside

# The member of a result that is for the parent alone.
LIBRARIES = "libraries"

really_exit = os._exit

# What a file may ask Airflow for without leaving anything behind.
ASKS = ("variable", "connection", "metadata-db", "slow")


@dataclass(frozen=True)
class File:
    """One file to read. `path` is an absolute real path; `output` a descriptor."""

    path: str
    output: int


@dataclass(frozen=True)
class Job:
    """What one fork reads, one file after the other. `root` is an absolute real path, `scratch` the fork's own folder, `stacks`
    a descriptor."""

    files: list[File]
    root: str
    sys_path: list[str]
    scratch: str
    stacks: int
    seconds: float
    memory_mb: int
    slow_seconds: float
    params: dict[str, Any]
    project: ProjectModules
    first_modules: frozenset[str]


# At this signal a fork writes down where it is.
TELL_STACKS = signal.SIGUSR2


def run_child(job: Job, progress: int) -> NoReturn:
    """Never returns: the process ends here, whatever the files did."""
    own_pid = os.getpid()
    status = 1
    try:
        isolate(job, progress)
        telling = Telling(progress, job.scratch)
        reader = Reader(job, telling)
        for file in job.files:
            telling.begin()
            begin(job, file)
            outcome, may_read_next = reader.read(file)
            if os.getpid() != own_pid:
                break
            if not telling.end(outcome) or not may_read_next:
                break
        status = 0
    except BaseException:
        if os.getpid() == own_pid:
            traceback.print_exc()
            flush()
    finally:
        really_exit(status)


def isolate(job: Job, progress: int) -> None:
    """A session of its own, no descriptor but those of its files, its share of the machine."""
    os.setsid()
    confine.die_with_parent()
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    quiet = os.open(os.devnull, os.O_RDONLY)
    os.dup2(quiet, 0)
    kept = sorted({2, progress, job.stacks, *(file.output for file in job.files), 1024})
    for low, high in itertools.pairwise(kept):
        os.closerange(low + 1, high)
    os.environ.update(job.params.get("environ") or {})
    os.environ.update(TMPDIR=job.scratch, HOME=job.scratch)
    # First, where Airflow puts them last: the project's own image is not what is installed here, and a name of its
    # own must not be taken for a package that only this runtime has.
    sys.path[:0] = job.sys_path
    sys.dont_write_bytecode = True
    faulthandler.register(TELL_STACKS, file=job.stacks)
    # What a file leaves is little, and goes with the fork.
    gc.set_threshold(50_000, 10, 10)
    confine.limit_resources(job.memory_mb)
    confine.allow_writes_only_in(writable_folders(job))


def begin(job: Job, file: File) -> None:
    """The file's own output and time."""
    os.dup2(file.output, 1)
    os.dup2(file.output, 2)
    os.close(file.output)
    tempfile.tempdir = None
    os.chdir(job.root)
    confine.allow_processor_seconds(job.seconds + 5)


def writable_folders(job: Job) -> list[str]:
    """The folder that is its own; the system's temporary folder too, unless the project itself lies in there."""
    shared = os.path.realpath("/tmp")
    return [job.scratch] if is_inside(job.root, shared) else [job.scratch, shared]


class Reader:
    """Runs files under watch, one after the other, and puts each outcome into the shape of the protocol."""

    def __init__(self, job: Job, telling: Telling) -> None:
        self.job = job
        self.telling = telling
        self.pid = os.getpid()
        self.file = job.files[0]
        self.assumed: set[str] = set()
        self.watch = Watch(self.file.path, job.root, tuple(writable_folders(job)))
        self.answers = Answers(job.params, self.watch, self.assumed)
        own = (job.scratch, os.path.dirname(job.scratch), sys.prefix, sys.base_prefix)
        self.trace = Trace(job.root, own, job.first_modules) if job.params.get("trace") else None
        self.made = WhereMade()
        self.before: frozenset[str] = frozenset()
        self.loaded: dict[str, str] = {}
        self.install()
        self.leftovers = Leftovers(job.scratch, job.memory_mb)

    def install(self) -> None:
        self.answers.install()
        self.made.install()
        os._exit = self.on_exit
        self.watch.install()
        if self.trace is not None:
            mark_changing(self.job.root, self.note_changing, self.note_compiled)
            self.trace.install()

    def read(self, file: File) -> tuple[dict[str, Any], bool]:
        """The outcome, and whether this process may read another file."""
        self.file = file
        self.before = frozenset(sys.modules)
        self.assumed.clear()
        self.answers.begin()
        self.made.begin(file.path)
        self.watch.begin(file.path)
        if self.trace is not None:
            self.trace.begin()
        missing = MissingModules(self.job.project, self.assumed)
        sys.meta_path.append(missing)
        started = time.monotonic()
        try:
            dags = load_dags(file.path)
        except BaseException as error:
            outcome = self.failed(error)
        else:
            missing.withdraw()
            outcome = {
                "status": "ok" if dags else "no-dags",
                "dags": describe_dags(dags, self.made.places, self.job.root),
                "error": None,
            }
        outcome = self.finished(outcome, started)
        return outcome, self.may_read_next(outcome)

    def may_read_next(self, outcome: dict[str, Any]) -> bool:
        """Only after a file that was read whole, did nothing but ask for values, and leaves nothing behind."""
        if (
            outcome["error"] is not None
            or self.assumed
            or any(note["kind"] not in ASKS for note in outcome["topLevel"])
        ):
            return False
        if not self.leftovers.may_read_next([os.path.join(self.job.root, path) for path in self.code_files()]):
            return False
        self.leftovers.clear()
        return True

    def code_files(self) -> list[str]:
        return sorted(self.in_project({self.file.path, *self.loaded.values()}))

    def on_exit(self, status: int = 0) -> NoReturn:
        """Takes the place of os._exit for the file, so that its call is reported with its line."""
        if os.getpid() != self.pid:
            really_exit(status)
        line = self.watch.line()
        self.watch.on = False
        error = {"type": "os._exit", "message": f"the file called os._exit({status})", "line": line, "traceback": ""}
        self.telling.end(self.finished({"status": "crashed", "dags": [], "error": error}, time.monotonic()))
        really_exit(0)

    def finished(self, outcome: dict[str, Any], started: float) -> dict[str, Any]:
        seconds = time.monotonic() - started
        self.watch.on = False
        self.loaded = self.modules_loaded()
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

    def note_compiled(self, path: str) -> None:
        self.watch.read.add(path)

    def note_changing(self, path: str) -> None:
        if self.trace is not None and self.trace.on:
            self.trace.changing.add(f"{path} asks for the time, chance or a name of this machine")

    def rests_on(self) -> dict[str, Any] | None:
        if self.trace is None:
            return None
        self.trace.on = False
        return self.trace.told(self.watch.read, self.watch.listed, [self.file.path, *self.loaded.values()])

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
        if isinstance(error, SyntaxError) and error.filename == self.file.path:
            return error.lineno
        lines = [
            line for frame, line in traceback.walk_tb(error.__traceback__) if frame.f_code.co_filename == self.file.path
        ]
        return lines[-1] if lines else None

    def traceback_of(self, error: BaseException) -> str:
        """The frames in the project, paths relative to it: the same on every machine."""
        frames = [one for one in traceback.extract_tb(error.__traceback__) if is_inside(one.filename, self.job.root)]
        lines = traceback.format_list(frames) + traceback.format_exception_only(type(error), error)
        return "".join(lines).replace(self.job.root + os.sep, "")[-8000:]

    def imports(self) -> list[str]:
        """Project files that the file loaded or read, itself included."""
        return sorted(self.in_project({self.file.path, *self.watch.read, *self.loaded.values()}))

    def libraries(self) -> list[str]:
        """Installed modules that the file loaded."""
        return [name for name, file in self.loaded.items() if file.startswith(LIBRARY_FOLDERS)]

    def modules_loaded(self) -> dict[str, str]:
        """Modules that were not there before the file was read, with their files."""
        modules = [(name, sys.modules.get(name)) for name in sys.modules.keys() - self.before]
        files = {name: getattr(module, "__dict__", {}).get("__file__") for name, module in modules}
        return {name: file for name, file in files.items() if isinstance(file, str)}

    def in_project(self, paths: set[str]) -> set[str]:
        """Root-relative, and only what lies in the project, virtual environments inside it left out."""
        inside = {os.path.relpath(path, self.job.root) for path in paths if is_inside(path, self.job.root)}
        return {path for path in inside if "site-packages" not in path and "__pycache__" not in path}
