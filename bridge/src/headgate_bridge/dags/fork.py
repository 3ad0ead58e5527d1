"""A process that reads DAG files, and what comes of each, as they are seen from outside."""

import json
import os
import selectors
import shutil
import signal
import sys
import time
from pathlib import Path
from typing import Any, NamedTuple

from .child import TELL_STACKS, File, Job, run_child
from .processes import descendants_of, end_group, resident_mb
from .request import EMPTY, Request
from .telling import BEGUN, ENDED, LAST_WORDS, LENGTH_DIGITS
from .warm import first_modules

OUTPUT_SHOWN = 2000
MAX_PROCESSES = 64
MAX_RESULT_BYTES = 64 * 1024 * 1024

# A file of a call: where it stands in the list, and its path.
Numbered = tuple[int, str]


class Fork:
    """A process that reads files one after the other, seen from outside. `at`: its file, -1 before the first."""

    def __init__(self, request: Request, files: list[Numbered], selector: selectors.BaseSelector) -> None:
        self.selector = selector
        self.folder = request.new_folder()
        self.readings = [Reading(request, number, path, selector) for number, path in files]
        self.stacks, writes_stacks = stacks_pipe()
        self.job = job_for(request, self.readings, (self.folder, writes_stacks))
        self.at = -1
        self.reading = False
        self.since = time.monotonic()
        self.stopped_for: str | None = None
        self.told_stacks = False
        self.seconds = 0.0
        self.outcomes: list[dict[str, Any]] = []
        self.distrusted: list[Numbered] = []
        self.said = bytearray()
        self.result: bytes | None = None
        self.progress, writes = os.pipe()
        os.set_blocking(self.progress, False)
        sys.stdout.flush()
        sys.stderr.flush()
        self.pid = os.fork()
        if self.pid == 0:
            run_child(self.job, writes)
        os.close(writes)
        os.close(writes_stacks)
        for one in self.readings:
            os.close(one.file.output)
        selector.register(self.progress, selectors.EVENT_READ, self.read_progress)

    def read_progress(self) -> bool:
        """True where something was said."""
        if self.progress < 0:
            return False
        try:
            said = os.read(self.progress, 1 << 18)
        except BlockingIOError:
            return False
        self.said += said
        while self.hear():
            pass
        if not said:
            self.close_progress()
        return bool(said)

    def hear(self) -> bool:
        """Only in the order in which a fork says it; a file that writes here itself is not believed. False where what comes
        next has not come as a whole."""
        if not self.said:
            return False
        if self.reading and self.said[:1] == ENDED:
            return self.hear_result()
        if self.said[:1] == BEGUN and not self.reading and self.at + 1 < len(self.readings):
            self.at += 1
            self.reading = True
            self.since = time.monotonic()
            self.forget_stacks()
        del self.said[:1]
        return True

    def hear_result(self) -> bool:
        head = len(ENDED) + LENGTH_DIGITS
        if len(self.said) < head:
            return False
        size = size_in(self.said[len(ENDED) : head])
        if size > MAX_RESULT_BYTES:
            del self.said[: len(ENDED)]
            return True
        if len(self.said) < head + size:
            return False
        self.result = bytes(self.said[head : head + size])
        del self.said[: head + size]
        self.end_reading(0)
        return True

    def forget_stacks(self) -> None:
        """Those of a file that came to its end after all."""
        if self.told_stacks:
            self.told_stacks = False
            self.stacks_told()

    def stacks_told(self) -> str:
        try:
            return os.read(self.stacks, 1 << 16).decode("utf-8", "replace")
        except OSError:
            return ""

    def close_progress(self) -> None:
        if self.progress >= 0:
            self.selector.unregister(self.progress)
            os.close(self.progress)
            self.progress = -1

    def end_reading(self, status: int) -> None:
        """Keeps the outcome of its file. One that went wrong after others is read again, alone, before it is believed."""
        self.reading = False
        one = self.readings[self.at]
        self.seconds += time.monotonic() - self.since
        result = self.last_words() if self.result is None else self.result
        ended = Ended(self.stopped_for, status, result, self.stacks_told() if self.told_stacks else "")
        outcome = one.outcome(self.job, (time.monotonic() - self.since) * 1000, ended)
        self.since = time.monotonic()
        self.result = None
        if self.at > 0 and outcome["status"] not in ("ok", "no-dags"):
            self.distrusted.append((one.number, one.path))
        else:
            self.outcomes.append(outcome)

    def last_words(self) -> bytes | None:
        words = self.folder / LAST_WORDS
        try:
            return words.read_bytes() if words.stat().st_size <= MAX_RESULT_BYTES else None
        except OSError:
            return None

    def take_outcomes(self) -> list[dict[str, Any]]:
        outcomes, self.outcomes = self.outcomes, []
        return outcomes

    def unread(self) -> list[Numbered]:
        return [(one.number, one.path) for one in self.readings[self.at + 1 :]]

    def look(self) -> bool:
        """True once the fork has ended; stops it when it is past a limit."""
        pid, status = os.waitpid(self.pid, os.WNOHANG)
        if pid == self.pid:
            self.end(status)
            return True
        if self.stopped_for is None:
            self.stopped_for = self.past_limit()
            if self.stopped_for is not None:
                end_group(self.pid)
        return False

    def end(self, status: int) -> None:
        end_group(self.pid)
        while self.read_progress():
            pass
        self.close_progress()
        if self.at < 0:
            self.at, self.reading = 0, True
        if self.reading:
            self.end_reading(status)
        for one in self.readings[self.at + 1 :]:
            one.close_output()
        os.close(self.stacks)
        shutil.rmtree(self.folder, ignore_errors=True)

    def past_limit(self) -> str | None:
        spent = time.monotonic() - self.since
        if spent > self.job.seconds:
            return "timeout"
        if self.reading and not self.told_stacks and spent > self.job.seconds * 0.95:
            self.told_stacks = True
            os.kill(self.pid, TELL_STACKS)
        family = descendants_of(self.pid)
        if len(family) > MAX_PROCESSES:
            return "processes"
        return "memory" if sum(map(resident_mb, family)) > self.job.memory_mb else None


def size_in(digits: bytearray) -> int:
    """More than any result may have where these are no digits."""
    try:
        return int(digits, 16)
    except ValueError:
        return MAX_RESULT_BYTES + 1


def stacks_pipe() -> tuple[int, int]:
    """Neither end is ever waited for: what is too much is lost."""
    reads, writes = os.pipe()
    os.set_blocking(reads, False)
    os.set_blocking(writes, False)
    return reads, writes


def job_for(request: Request, readings: list["Reading"], own: tuple[Path, int]) -> Job:
    return Job(
        files=[one.file for one in readings],
        root=request.root,
        sys_path=request.sys_path,
        scratch=str(own[0]),
        stacks=own[1],
        seconds=float(request.limits["seconds"]),
        memory_mb=int(request.limits["memoryMb"]),
        slow_seconds=float(request.limits["slowSeconds"]),
        params=request.params,
        project=request.project,
        first_modules=first_modules(),
    )


class Ended(NamedTuple):
    """How a reading came to its end. `status`: of the process, where that has ended with the file."""

    stopped_for: str | None
    status: int
    result: bytes | None
    stacks: str


class Reading:
    """One file that a fork is to read: its output, and in the end its outcome."""

    def __init__(self, request: Request, number: int, path: str, selector: selectors.BaseSelector) -> None:
        self.number = number
        self.path = path
        self.limit = int(request.limits["outputBytes"])
        self.output = b""
        self.output_bytes = 0
        self.selector = selector
        self.reads, writes = os.pipe()
        os.set_blocking(self.reads, False)
        selector.register(self.reads, selectors.EVENT_READ, self.read_output)
        self.file = File(
            path=os.path.join(request.root, path),
            output=writes,
        )

    def read_output(self) -> None:
        """Takes what is there: the first part is kept, the rest only counted, so that the file is never blocked."""
        if self.reads < 0:
            return
        try:
            part = os.read(self.reads, 1 << 20)
        except BlockingIOError:
            return
        if not part:
            self.close_output()
            return
        self.output_bytes += len(part)
        self.output = (self.output + part)[: OUTPUT_SHOWN * 4]

    def close_output(self) -> None:
        if self.reads >= 0:
            self.selector.unregister(self.reads)
            os.close(self.reads)
            self.reads = -1

    def outcome(self, job: Job, milliseconds: float, ended: Ended) -> dict[str, Any]:
        while self.reads >= 0:
            before = self.output_bytes
            self.read_output()
            if self.output_bytes == before:
                self.close_output()
        result = {**EMPTY, **(told_result(ended) or self.stopped_result(job, ended))}
        if self.output_bytes > self.limit:
            note = {"kind": "output", "detail": f"{self.output_bytes} bytes", "line": None}
            result["topLevel"] = [*result["topLevel"], note]
        return {
            "path": self.path,
            "milliseconds": round(milliseconds),
            **result,
            "output": self.output.decode("utf-8", "replace")[:OUTPUT_SHOWN],
        }

    def stopped_result(self, job: Job, ended: Ended) -> dict[str, Any]:
        status = ended.status
        is_spent = os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGXCPU
        reason = ended.stopped_for or ("timeout" if is_spent else "")
        kind, message = STOPPED.get(reason, ("crashed", how_it_ended(status)))
        text = message.format(seconds=job.seconds, memory=job.memory_mb, processes=MAX_PROCESSES)
        stacks = ended.stacks.replace(job.root + os.sep, "")[:8000]
        error = {"type": kind, "message": text, "line": self.line_in(ended.stacks), "traceback": stacks}
        return {"status": kind, "error": error, "imports": [self.path]}

    def line_in(self, stacks: str) -> int | None:
        """The line of the file where it was when its time was nearly up."""
        needle = f'File "{self.file.path}", line '
        at = stacks.find(needle)
        digits = "".join(c for c in stacks[at + len(needle) : at + len(needle) + 9].split(" ")[0] if c.isdigit())
        return int(digits) if at >= 0 and digits else None


def told_result(ended: Ended) -> dict[str, Any] | None:
    """What the fork said last, unless it was stopped before or it is not what a fork says."""
    if ended.stopped_for is not None or ended.result is None:
        return None
    try:
        result = json.loads(ended.result)
    except ValueError:
        return None
    return result if isinstance(result, dict) and "status" in result else None


def how_it_ended(status: int) -> str:
    if os.WIFSIGNALED(status):
        return f"the process that read the file was ended by signal {os.WTERMSIG(status)}"
    return f"the process that read the file ended with status {os.waitstatus_to_exitcode(status)}"


STOPPED = {
    "timeout": ("timeout", "not read within {seconds:g} s"),
    "memory": ("memory", "needed more than {memory} MB"),
    "processes": ("crashed", "started more than {processes} processes"),
}
