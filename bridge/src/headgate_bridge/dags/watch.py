"""Notes, and where it must refuses, what a DAG file does at its top level.

Installed in the fork that runs one file, as a Python audit hook: it cannot be removed by the file.
"""

import os
import socket
import sys
import sysconfig
from dataclasses import dataclass, field
from typing import Any

MAX_NOTES = 50

# Modules name their files as the runtime was started, which may be through a link.
LIBRARY_FOLDERS = tuple(
    {
        name
        for path in (sysconfig.get_path("stdlib"), sysconfig.get_path("purelib"))
        for name in (path, os.path.realpath(path))
    }
)

NETWORK_LOOKUPS = ("socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr")
NETWORK_ACTS = ("socket.connect", "socket.sendto", "socket.sendmsg", "socket.bind")
SPAWNS = (
    "subprocess.Popen",
    "os.system",
    "os.fork",
    "os.forkpty",
    "os.posix_spawn",
    "os.exec",
    "os.spawn",
    "pty.spawn",
)

# Which arguments of an event are paths that it changes.
CHANGED_PATHS: dict[str, tuple[int, ...]] = {
    "os.remove": (0,),
    "os.rename": (0, 1),
    "os.rmdir": (0,),
    "os.mkdir": (0,),
    "os.truncate": (0,),
    "os.link": (1,),
    "os.symlink": (1,),
    "os.chmod": (0,),
    "os.chown": (0,),
    "os.utime": (0,),
    "os.setxattr": (0,),
    "shutil.rmtree": (0,),
    "shutil.move": (0, 1),
}
WRITE_FLAGS = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


@dataclass
class Watch:
    """What one file did. `root` and `writable` are real paths."""

    path: str
    root: str
    writable: tuple[str, ...]
    notes: list[dict[str, Any]] = field(default_factory=list)
    read: set[str] = field(default_factory=set)
    listed: set[str] = field(default_factory=set)
    on: bool = True

    def note(self, kind: str, detail: str) -> None:
        """Remembers one act with the line of the DAG file that led to it; the same act twice is one note."""
        entry = {"kind": kind, "detail": detail.replace(self.root + os.sep, "")[:300], "line": self.line()}
        if len(self.notes) < MAX_NOTES and entry not in self.notes:
            self.notes.append(entry)

    def line(self) -> int | None:
        """The innermost line of the DAG file that is being executed."""
        frame = sys._getframe(1)
        while frame is not None:
            if frame.f_code.co_filename == self.path:
                return frame.f_lineno
            frame = frame.f_back
        return None

    def hook(self, event: str, args: tuple[Any, ...]) -> None:
        if not self.on:
            return
        if event == "open":
            self.on_open(args)
        elif event in CHANGED_PATHS:
            self.on_change(event, [args[index] for index in CHANGED_PATHS[event] if index < len(args)])
        elif event in SPAWNS:
            self.on_spawn(event, args)
        elif event in NETWORK_ACTS or event in NETWORK_LOOKUPS:
            self.on_network(event, args)
        elif event in ("os.listdir", "os.scandir"):
            self.on_list(args)
        elif event in ("os.kill", "os.killpg"):
            self.on_kill(event, args)

    def on_open(self, args: tuple[Any, ...]) -> None:
        path, mode, flags = (*args, None, None, None)[:3]
        if not isinstance(path, (str, bytes, os.PathLike)):
            return
        wants_write = bool(flags & WRITE_FLAGS) if isinstance(flags, int) else any(c in (mode or "") for c in "wax+")
        if wants_write:
            self.on_change("open", [path])
        elif not called_by_import():
            self.read.add(os.path.abspath(os.fsdecode(path)))

    def on_list(self, args: tuple[Any, ...]) -> None:
        path = args[0] if args and args[0] is not None else "."
        if isinstance(path, (str, bytes, os.PathLike)) and not called_by_import():
            self.listed.add(os.path.abspath(os.fsdecode(path)))

    def on_change(self, event: str, paths: list[Any]) -> None:
        for path in paths:
            if not isinstance(path, (str, bytes, os.PathLike)):
                continue
            text = os.fsdecode(path)
            if not self.may_change(text):
                self.note("file-write", f"{event.rsplit('.', maxsplit=1)[-1]} {text}")
                raise PermissionError(
                    f"{text}: files outside the temporary folder cannot be changed while a DAG file is read"
                )

    def may_change(self, path: str) -> bool:
        real = os.path.realpath(path)
        if real.startswith("/dev/"):
            return True
        return any(is_inside(real, folder) for folder in self.writable)

    def on_spawn(self, event: str, args: tuple[Any, ...]) -> None:
        if is_library_import():
            return
        self.note("subprocess", f"{event}: {describe_command(args)}" if args else event)
        if event == "os.exec" and os.getpid() == self.pid:
            raise PermissionError("a DAG file may not replace the process that reads it")

    def on_network(self, event: str, args: tuple[Any, ...]) -> None:
        lookup = event in NETWORK_LOOKUPS
        place = describe_lookup(args) if lookup else describe_address(args[-1] if args else "")
        if lookup and is_this_machine(args):
            return
        self.note("network", f"{event.rsplit('.', maxsplit=1)[-1]} {place}")
        if lookup:
            raise socket.gaierror(socket.EAI_FAIL, f"no network while a DAG file is read ({place})")
        raise ConnectionRefusedError(f"no network while a DAG file is read ({place})")

    def on_kill(self, event: str, args: tuple[Any, ...]) -> None:
        target = args[0] if args else None
        if event == "os.kill" and isinstance(target, int) and target > 1 and target != os.getppid():
            return
        if target in (os.getpid(), os.getpgrp()) or (target == 0 and event == "os.kill"):
            return
        self.note("subprocess", f"{event} {target}")
        raise PermissionError("a DAG file may not signal other processes")

    def install(self) -> None:
        self.on = False
        self.pid = os.getpid()
        sys.addaudithook(self.hook)

    def begin(self, path: str) -> None:
        self.path = path
        self.notes, self.read, self.listed = [], set(), set()
        self.on = True


def is_inside(path: str, folder: str) -> bool:
    return path == folder or path.startswith(folder.rstrip("/") + "/")


def called_by_import() -> bool:
    """The import system reads folders and modules itself; those are known from sys.modules."""
    return sys._getframe(3).f_code.co_filename.startswith(("<frozen importlib", "<frozen zipimport"))


def is_library_import() -> bool:
    """A library that looks at its machine while it is imported is not the DAG file's doing."""
    frame = sys._getframe(3)
    while frame is not None:
        name = frame.f_code.co_filename
        if name.startswith("<frozen importlib"):
            return True
        if not name.startswith("<") and not os.path.realpath(name).startswith(LIBRARY_FOLDERS):
            return False
        frame = frame.f_back
    return False


def is_this_machine(args: tuple[Any, ...]) -> bool:
    return bool(args) and args[0] in ("", None, socket.gethostname())


def describe_lookup(args: tuple[Any, ...]) -> str:
    host = args[0] if args else ""
    return host.decode("utf-8", "replace") if isinstance(host, bytes) else str(host)


def describe_address(address: Any) -> str:
    if isinstance(address, tuple) and len(address) >= 2:
        return f"{address[0]}:{address[1]}"
    return os.fsdecode(address) if isinstance(address, (str, bytes)) else str(address)


def describe_command(args: tuple[Any, ...]) -> str:
    """The program only: arguments may hold secrets."""
    command = args[0]
    if isinstance(command, (list, tuple)) and command:
        command = command[0]
    text = os.fsdecode(command) if isinstance(command, (bytes, os.PathLike)) else str(command)
    return text.split()[0] if text.split() else text
