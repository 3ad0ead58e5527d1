"""What the reading of one DAG file rests on besides its own text: enough to tell later, without reading it again,
whether it would be read the same. Asked for with `trace`."""

import os
import sys
from collections.abc import Callable
from importlib.abc import MetaPathFinder
from typing import Any

from .watch import LIBRARY_FOLDERS, is_inside

# Machines that differ in these differ in the runtime as well, which is known by its own digest.
SYSTEM_FOLDERS = ("/usr/share/zoneinfo", "/dev", "/etc/localtime", "/usr/lib/locale")
# Always told apart from what the file asked for: the looks of this process itself.
LOOKS = ("stat", "lstat", "access", "readlink")


class Trace:
    """`root` is a real path, `own` are folders of this process: scratch and runtime."""

    def __init__(self, root: str, own: tuple[str, ...], warm: frozenset[str]) -> None:
        self.root = root
        self.own = own
        self.warm = warm
        self.sought: set[str] = set()
        self.looked: set[str] = set()
        self.changing: set[str] = set()
        self.on = False

    def begin(self) -> None:
        for told in (self.sought, self.looked, self.changing):
            told.clear()
        self.on = True

    def install(self) -> None:
        sys.meta_path.insert(0, Sought(self.sought))
        for name in LOOKS:
            self.note_looks(name)
        sys.addaudithook(self.hook)

    def note_looks(self, name: str) -> None:
        """`os.path.exists` and the like end here; the import system has functions of its own."""
        original: Callable[..., Any] = getattr(os, name)

        def look(path: Any, *args: Any, **kwargs: Any) -> Any:
            if self.on and isinstance(path, (str, bytes, os.PathLike)):
                self.looked.add(os.path.abspath(os.fsdecode(path)))
            return original(path, *args, **kwargs)

        look.__name__ = name
        for group in (os.supports_dir_fd, os.supports_fd, os.supports_follow_symlinks, os.supports_effective_ids):
            if original in group:
                group.add(look)
        setattr(os, name, look)

    def hook(self, event: str, args: tuple[Any, ...]) -> None:
        """Databases are opened by C code, which no `open` tells of; what a process says is not in any file."""
        if not self.on:
            return
        if event == "sqlite3.connect":
            self.changing.add("a database was opened")
        elif event in ("subprocess.Popen", "os.system", "os.fork", "os.posix_spawn", "os.exec", "os.spawn"):
            self.changing.add("a process was started")

    def told(self, read: set[str], listed: set[str], loaded: list[str]) -> dict[str, Any]:
        """Paths in the project are relative to it, others absolute."""
        searched = {os.path.abspath(entry) for entry in sys.path if entry != ""}
        folders = sorted(self.relative(path) for path in searched if is_inside(path, self.root))
        names = {*self.sought, *(name for name in sys.modules if name not in self.warm)}
        files = {path for path in {*read, *loaded} if self.matters(path)}
        if any(path.startswith(("/proc/", "/sys/")) for path in files):
            self.changing.add("the state of the machine was read")
        return {
            "files": sorted(map(self.relative, files)),
            "listed": sorted(self.relative(path) for path in listed if self.matters(path)),
            "looked": sorted(self.relative(path) for path in self.looked if self.matters(path)),
            "sought": sorted(self.names_to_seek(names, folders)),
            "searched": folders,
            "changing": sorted(self.changing),
        }

    def names_to_seek(self, names: set[str], folders: list[str]) -> set[str]:
        """The first parts of all names, and all of those whose first part the project has: those alone can be
        found elsewhere one day."""
        tops = {name.split(".", 1)[0] for name in names if not name.startswith("unusual_prefix_")}
        here = {entry.split(".", 1)[0] for folder in folders for entry in entries_of(os.path.join(self.root, folder))}
        return tops | {name for name in names if name.split(".", 1)[0] in here}

    def matters(self, path: str) -> bool:
        if is_inside(path, self.root):
            inside = os.path.relpath(path, self.root)
            return "site-packages" not in inside and "__pycache__" not in inside
        skipped = (*self.own, *LIBRARY_FOLDERS, *SYSTEM_FOLDERS)
        return not any(is_inside(path, folder) for folder in skipped)

    def relative(self, path: str) -> str:
        return os.path.relpath(path, self.root) if is_inside(path, self.root) else path


class Sought(MetaPathFinder):
    """Hears of every module that is looked for and not loaded yet. Finds none."""

    def __init__(self, names: set[str]) -> None:
        self.names = names

    def find_spec(self, fullname: str, _path: Any = None, _target: Any = None) -> None:
        self.names.add(fullname)


def entries_of(folder: str) -> list[str]:
    try:
        return os.listdir(folder)
    except OSError:
        return []
