"""Puts the process back as it was between two DAG files that it reads one after the other, and tells when it cannot.

Airflow reads each file in a process of its own. Here one process reads several, which is many times quicker, as long as
each leaves nothing behind that another could notice. Whatever might be more than that ends the process after the file.
"""

import ast
import os
import re
import sys
import threading
from pathlib import Path
from types import ModuleType

from .processes import children_of, resident_mb
from .watch import LIBRARY_FOLDERS

# Words with which code reaches into modules, classes or the interpreter that other files use as well.
REACHES_OUT = re.compile(
    r"\b(?:setattr|delattr|__setattr__|__dict__|__class__|__bases__|__builtins__|builtins|globals|vars|monkeypatch"
    r"|importlib|__import__|reload|threading|multiprocessing|concurrent|asyncio|signal|atexit|ctypes|setlocale|tzset"
    r"|set_option|getcontext|setcontext|setdefaulttimeout|meta_path|path_hooks|settrace|setprofile|setrecursionlimit"
    r"|addaudithook|filterwarnings|simplefilter|gc|headgate_bridge)\b"
    r"|(?<![.\w])(?:exec|eval|compile)\(|\bsys\.(?:modules|std|exit|dont|hexversion\s*=)|\bconf\.set\b"
    r"|\bpatch\w*\(|\bregister\w*\(|\blisten\w*\("
)
# A line that may give an attribute or an item of something a new value.
SETS_PART = re.compile(r"^[ \t]*(?!from\s|import\s)(?:del\s+)?[A-Za-z_][\w.\[\]'\", ]*[.\[][\w.\[\]'\", ]*(?:=(?!=)|[-+*/%&|^@]=|$)", re.M)
# What may be set of names that were imported without another file noticing.
NOTES_ON_MODULES = frozenset({"__doc__", "doc_md"})


class Leftovers:
    """Made once in a fork, after everything is installed that stays for all of its files."""

    def __init__(self, scratch: str, memory_mb: int) -> None:
        self.scratch = scratch
        self.sys_path = list(sys.path)
        self.meta_path = list(sys.meta_path)
        self.environ = raw_environ()
        self.memory_mb = memory_mb
        self.modules = set(sys.modules)
        self.threads = threading.active_count()
        self.seen: dict[str, bool] = {}

    def may_read_next(self, files: list[str]) -> bool:
        """`files`: what the last one loaded of the project, itself included. False: nothing more is to be read here."""
        return (
            not any(map(self.reaches_out, files))
            and threading.active_count() == self.threads
            and not children_of(os.getpid())
            and not open_contexts()
            and is_empty(self.scratch)
            and resident_mb(os.getpid()) < self.memory_mb / 2
        )

    def clear(self) -> None:
        sys.path[:] = self.sys_path
        sys.meta_path[:] = self.meta_path
        self.restore_environ()
        for name in sys.modules.keys() - self.modules:
            if is_of_library(sys.modules[name]):
                self.modules.add(name)
            else:
                del sys.modules[name]

    def restore_environ(self) -> None:
        now = raw_environ()
        if now == self.environ:
            return
        for name in now.keys() - self.environ.keys():
            del os.environb[name]
        for name, value in self.environ.items():
            if now.get(name) != value:
                os.environb[name] = value

    def reaches_out(self, path: str) -> bool:
        if path not in self.seen:
            try:
                text = Path(path).read_text(encoding="utf-8")
            except (OSError, ValueError):
                return True
            self.seen[path] = REACHES_OUT.search(text) is not None or sets_part_of_import(text)
        return self.seen[path]


def raw_environ() -> dict[bytes, bytes]:
    return dict(os.environb)


def sets_part_of_import(text: str) -> bool:
    """Whether the code gives a new value to a part of something that it imports: `BashOperator.ui_color = ...`."""
    if SETS_PART.search(text) is None:
        return False
    try:
        nodes = list(ast.walk(ast.parse(text)))
    except (SyntaxError, ValueError, RecursionError):
        return True
    imported = {
        (alias.asname or alias.name).split(".")[0]
        for node in nodes
        if isinstance(node, (ast.Import, ast.ImportFrom))
        for alias in node.names
    }
    parts = [node for node in nodes if isinstance(node, (ast.Attribute, ast.Subscript))]
    return any(
        not isinstance(node.ctx, ast.Load) and root_of(node) in imported and last_of(node) not in NOTES_ON_MODULES
        for node in parts
    )


def root_of(node: ast.expr) -> str | None:
    at = node
    while isinstance(at, (ast.Attribute, ast.Subscript, ast.Call)):
        at = at.func if isinstance(at, ast.Call) else at.value
    return at.id if isinstance(at, ast.Name) else None


def last_of(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else ""


def is_of_library(module: ModuleType) -> bool:
    """Of the runtime, or built into Python; anything else is the project's and is loaded anew for each file."""
    members = getattr(module, "__dict__", {})
    file, spec = members.get("__file__"), members.get("__spec__")
    if isinstance(file, str):
        return file.startswith(LIBRARY_FOLDERS)
    if getattr(spec, "origin", None) in ("built-in", "frozen"):
        return True
    places = list(members.get("__path__") or [])
    return bool(places) and all(str(place).startswith(LIBRARY_FOLDERS) for place in places)


def is_empty(folder: str) -> bool:
    try:
        return not os.listdir(folder)
    except OSError:
        return False


def open_contexts() -> bool:
    """A `with DAG(...)` or a task group that was entered and never left would take in what the next file makes."""
    from airflow.models.dag import DagContext
    from airflow.utils.task_group import TaskGroupContext

    return bool(
        getattr(DagContext, "_context_managed_dags", None)
        or getattr(TaskGroupContext, "_context_managed_task_group", None)
        or getattr(TaskGroupContext, "_previous_context_managed_task_groups", None)
    )
