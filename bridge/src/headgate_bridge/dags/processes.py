"""Looks at and ends processes through /proc; where there is no /proc it sees nothing, and time limits remain."""

import contextlib
import os
import signal

PAGE_MB = os.sysconf("SC_PAGE_SIZE") / (1024 * 1024)


def children_of(pid: int) -> list[int]:
    try:
        with open(f"/proc/{pid}/task/{pid}/children") as file:
            return [int(word) for word in file.read().split()]
    except (OSError, ValueError):
        return []


def descendants_of(pid: int) -> list[int]:
    """`pid` and all below it; stops counting at a thousand."""
    found = [pid]
    for one in found:
        if len(found) < 1000:
            found += children_of(one)
    return found


def resident_mb(pid: int) -> float:
    """Memory that is the process's own: what it shares with the warm parent is not counted."""
    try:
        with open(f"/proc/{pid}/statm") as file:
            fields = file.read().split()
        return (int(fields[1]) - int(fields[2])) * PAGE_MB
    except (OSError, ValueError, IndexError):
        return 0.0


def end_group(pid: int) -> None:
    """Ends the process, its group and everything below it."""
    family = descendants_of(pid)
    for kill, target in [(os.killpg, pid), *((os.kill, one) for one in family)]:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            kill(target, signal.SIGKILL)
