"""Reads many DAG files, as many at once as there are processors, and watches each from outside."""

import os
import selectors
import signal
from collections.abc import Callable
from typing import Any

from .child import LIBRARIES
from .fork import Fork, Numbered
from .processes import children_of, end_group
from .request import Request
from .warm import share_libraries, warm_airflow, warm_for

LOOK_EVERY_SECONDS = 0.03
# How many files a fork is given: at first, and at most.
FIRST_BATCH, LONGEST_BATCH = 12, 80
# A fork takes about as long as this to make, and should have at least as much to do.
FORK_SECONDS = 0.03


def parse_files(params: dict[str, Any], emit: Callable[[str, dict[str, Any]], None]) -> dict[str, Any]:
    """An event `listed`, then one `file` per file, in the order they end. Whatever a file does, the next is read."""
    scratch = warm_airflow()
    request = Request(params, scratch)
    emit("listed", {"files": request.files})
    warm_for([os.path.join(request.root, path) for path in request.files])
    queue = Queue(request, max(1, min(os.cpu_count() or 1, int(params.get("workers") or 8))))
    running: dict[int, Fork] = {}
    with selectors.DefaultSelector() as selector:
        while queue.waiting() or running:
            while queue.waiting() and len(running) < queue.workers:
                fork = Fork(request, queue.take(), selector)
                running[fork.pid] = fork
            for key, _ in selector.select(LOOK_EVERY_SECONDS):
                key.data()
            end_strangers(running)
            for fork in list(running.values()):
                ended = fork.look()
                for outcome in fork.take_outcomes():
                    share_libraries(outcome.pop(LIBRARIES, []))
                    emit("file", outcome)
                if ended:
                    del running[fork.pid]
                    queue.give_back(fork)
    end_strangers(running)
    for path in queue.not_files:
        emit("file", request.not_a_file(path))
    return {"files": len(request.files)}


class Queue:
    """Which files the next fork is to read: many while that goes well, one alone where a file must not be trusted to
    have found everything as it should be."""

    def __init__(self, request: "Request", workers: int) -> None:
        self.workers = workers
        there = [os.path.isfile(os.path.join(request.root, path)) for path in request.files]
        self.not_files = [path for path, is_there in zip(request.files, there, strict=True) if not is_there]
        self.together = [(at, path) for at, path in enumerate(request.files) if there[at]]
        self.together.reverse()
        self.alone: list[Numbered] = []
        self.size = FIRST_BATCH
        self.seconds, self.read = 0.0, 0

    def waiting(self) -> bool:
        return bool(self.alone or self.together)

    def take(self) -> list[Numbered]:
        if self.alone:
            return [self.alone.pop()]
        fair = -(-len(self.together) // (self.workers * 2))
        wanted = max(1, self.worth_a_fork(), min(self.size, fair))
        return [self.together.pop() for _ in range(min(wanted, len(self.together)))]

    def worth_a_fork(self) -> int:
        return 0 if self.read == 0 else min(FIRST_BATCH, int(FORK_SECONDS * self.read / max(self.seconds, 0.001)))

    def give_back(self, fork: "Fork") -> None:
        """What was not read, and what must be read again; a fork that came far may be followed by a longer one."""
        self.alone += fork.distrusted
        self.together += reversed(fork.unread())
        self.seconds += fork.seconds
        self.read += fork.at + 1
        if len(fork.readings) > 1:
            self.size = max(2, min(LONGEST_BATCH, 2 * (fork.at + 1)))


def end_strangers(running: dict[int, "Fork"]) -> None:
    """Processes that a file started and that left its session end up as children of this process."""
    for pid in children_of(os.getpid()):
        if pid not in running:
            end_group(pid)
            try:
                os.kill(pid, signal.SIGKILL)
                os.waitpid(pid, 0)
            except (ProcessLookupError, ChildProcessError):
                continue
