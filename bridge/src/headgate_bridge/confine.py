"""What the kernel can hold a child to: no network, no writes outside given folders, no more than its share.

Each measure is used where the kernel has it and left out where it has not; the audit hook of `dags/watch.py`
reports (and refuses) the same acts in Python code on every system.
"""

import contextlib
import ctypes
import os
import resource
import signal
import sys

PR_SET_PDEATHSIG = 1
PR_SET_CHILD_SUBREAPER = 36
PR_SET_NO_NEW_PRIVS = 38
CLONE_NEWUSER = 0x10000000
CLONE_NEWNET = 0x40000000

LANDLOCK_CREATE_RULESET, LANDLOCK_ADD_RULE, LANDLOCK_RESTRICT_SELF = 444, 445, 446
# Every way of changing a file system that the first version of Landlock knows:
# write, remove dir, remove file, make char, dir, regular, socket, fifo, block, symlink.
LANDLOCK_WRITES = 0b1_1111_1111_0010
LANDLOCK_WRITE_FILE = 0b10
# What later versions added: moving between folders (2), truncating (3).
LANDLOCK_REFER = 1 << 13
LANDLOCK_TRUNCATE = 1 << 14


def libc() -> ctypes.CDLL | None:
    return ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


def adopt_orphans() -> None:
    """Daemons that a DAG file starts become children of this process, which finds and ends them."""
    c = libc()
    if c is not None:
        c.prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def die_with_parent() -> None:
    c = libc()
    if c is not None:
        c.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)


def cut_network() -> bool:
    """Leaves this process and all its children without any network interface. True when it worked."""
    c = libc()
    if c is None:
        return False
    if c.unshare(CLONE_NEWNET) == 0:
        return True
    uid, gid = os.getuid(), os.getgid()
    if c.unshare(CLONE_NEWUSER | CLONE_NEWNET) != 0:
        return False
    for name, line in (("uid_map", f"{uid} {uid} 1"), ("setgroups", "deny"), ("gid_map", f"{gid} {gid} 1")):
        try:
            with open(f"/proc/self/{name}", "w") as file:
                file.write(line)
        except OSError:
            return True
    return True


def raise_loopback() -> bool:
    """Gives a process whose network was cut its own 127.0.0.1, for programs that talk to themselves, as Spark does."""
    import fcntl
    import socket
    import struct

    get_flags, set_flags, is_up = 0x8913, 0x8914, 0x1
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as handle:
            request = struct.pack("16sh14s", b"lo", 0, b"")
            flags = struct.unpack("16sh14s", fcntl.ioctl(handle, get_flags, request))[1]
            fcntl.ioctl(handle, set_flags, struct.pack("16sh14s", b"lo", flags | is_up, b""))
    except OSError:
        return False
    return True


class _RulesetAttr(ctypes.Structure):
    _fields_ = [("handled_access_fs", ctypes.c_uint64)]


class _PathBeneath(ctypes.Structure):
    _pack_ = 1
    _fields_ = [("allowed_access", ctypes.c_uint64), ("parent_fd", ctypes.c_int32)]


def allow_writes_only_in(folders: list[str]) -> bool:
    """From now on this process and its children change files in `folders` (and devices) only. True when it worked."""
    c = libc()
    if c is None:
        return False
    writes = landlock_writes(c)
    attr = _RulesetAttr(writes)
    ruleset = c.syscall(LANDLOCK_CREATE_RULESET, ctypes.byref(attr), ctypes.sizeof(attr), 0)
    if ruleset < 0:
        return False
    try:
        for folder in [*folders, "/dev"]:
            _allow(c, ruleset, folder, LANDLOCK_WRITE_FILE if folder == "/dev" else writes)
        c.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
        return c.syscall(LANDLOCK_RESTRICT_SELF, ruleset, 0) == 0
    finally:
        os.close(ruleset)


def landlock_writes(c: ctypes.CDLL) -> int:
    version = c.syscall(LANDLOCK_CREATE_RULESET, None, 0, 1)
    extra = (LANDLOCK_REFER if version >= 2 else 0) | (LANDLOCK_TRUNCATE if version >= 3 else 0)
    return LANDLOCK_WRITES | extra


def _allow(c: ctypes.CDLL, ruleset: int, folder: str, access: int) -> None:
    try:
        fd = os.open(folder, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return
    rule = _PathBeneath(access, fd)
    c.syscall(LANDLOCK_ADD_RULE, ruleset, 1, ctypes.byref(rule), 0)
    os.close(fd)


def limit_resources(memory_mb: int) -> None:
    """Backstops for what the watching parent enforces: address space, processor time, file size, no core dumps.

    Address space is given room above what is mapped now, because libraries reserve much that they never touch.
    """
    room = vm_bytes() + memory_mb * 4 * 1024 * 1024
    _limit(resource.RLIMIT_AS, room)
    _limit(resource.RLIMIT_FSIZE, 512 * 1024 * 1024)
    _limit(resource.RLIMIT_CORE, 0)


def allow_processor_seconds(seconds: float) -> None:
    """From now on; what this process has used before is not counted. Once more for each new piece of work."""
    used = sum(resource.getrusage(resource.RUSAGE_SELF)[:2])
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    wanted = int(used + seconds) + 1
    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_CPU, (wanted if hard == resource.RLIM_INFINITY else min(wanted, hard), hard))


def _limit(what: int, wanted: int) -> None:
    _, hard = resource.getrlimit(what)
    value = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    try:
        resource.setrlimit(what, (value, value))
    except (OSError, ValueError):
        return


def vm_bytes() -> int:
    try:
        with open("/proc/self/statm") as file:
            return int(file.read().split()[0]) * resource.getpagesize()
    except OSError:
        return 2 * 1024 * 1024 * 1024
