"""A process that reads DAG files, and what comes of each, as they are seen from outside."""

import json
import os
import selectors
import shutil
import signal
import sys
import time
from pathlib import Path
from typing import Any

from .child import BEGUN, ENDED, File, Job, run_child
from .processes import descendants_of, end_group, resident_mb
from .request import EMPTY, Request
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
        self.readings = [
            Reading(request, number, path, self.folder / f"file-{number}", selector) for number, path in files
        ]
        self.job = job_for(request, self.readings, self.folder)
        self.at = -1
        self.reading = False
        self.since = time.monotonic()
        self.stopped_for: str | None = None
        self.outcomes: list[dict[str, Any]] = []
        self.distrusted: list[Numbered] = []
        self.progress, writes = os.pipe()
        os.set_blocking(self.progress, False)
        sys.stdout.flush()
        sys.stderr.flush()
        self.pid = os.fork()
        if self.pid == 0:
            run_child(self.job, writes)
        os.close(writes)
        for one in self.readings:
            os.close(one.file.output)
        selector.register(self.progress, selectors.EVENT_READ, self.read_progress)

    def read_progress(self) -> None:
        if self.progress < 0:
            return
        try:
            said = os.read(self.progress, 1 << 16)
        except BlockingIOError:
            return
        for at in range(len(said)):
            self.hear(said[at : at + 1])
        if not said:
            self.close_progress()

    def hear(self, said: bytes) -> None:
        """Only in the order in which a fork says it; a file that writes here itself is not believed."""
        if said == BEGUN and not self.reading and self.at + 1 < len(self.readings):
            self.at += 1
            self.reading = True
            self.since = time.monotonic()
        elif said == ENDED and self.reading:
            self.end_reading(0)

    def close_progress(self) -> None:
        if self.progress >= 0:
            self.selector.unregister(self.progress)
            os.close(self.progress)
            self.progress = -1

    def end_reading(self, status: int) -> None:
        """Keeps the outcome of its file. One that went wrong after others is read again, alone, before it is believed."""
        self.reading = False
        one = self.readings[self.at]
        outcome = one.outcome(self.job, (time.monotonic() - self.since) * 1000, (self.stopped_for, status))
        self.since = time.monotonic()
        if self.at > 0 and outcome["status"] not in ("ok", "no-dags"):
            self.distrusted.append((one.number, one.path))
        else:
            self.outcomes.append(outcome)

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
        while self.progress >= 0:
            before = self.at, self.reading
            self.read_progress()
            if before == (self.at, self.reading):
                self.close_progress()
        if self.at < 0:
            self.at, self.reading = 0, True
        if self.reading:
            self.end_reading(status)
        for one in self.readings[self.at + 1 :]:
            one.close_output()
        shutil.rmtree(self.folder, ignore_errors=True)

    def past_limit(self) -> str | None:
        if time.monotonic() - self.since > self.job.seconds:
            return "timeout"
        family = descendants_of(self.pid)
        if len(family) > MAX_PROCESSES:
            return "processes"
        return "memory" if sum(map(resident_mb, family)) > self.job.memory_mb else None


def job_for(request: Request, readings: list["Reading"], folder: Path) -> Job:
    return Job(
        files=[one.file for one in readings],
        root=request.root,
        sys_path=request.sys_path,
        scratch=str(folder),
        seconds=float(request.limits["seconds"]),
        memory_mb=int(request.limits["memoryMb"]),
        slow_seconds=float(request.limits["slowSeconds"]),
        params=request.params,
        project=request.project,
        first_modules=first_modules(),
    )


class Reading:
    """One file that a fork is to read: its folder, its output, and in the end its outcome."""

    def __init__(
        self, request: Request, number: int, path: str, folder: Path, selector: selectors.BaseSelector
    ) -> None:
        self.number = number
        self.path = path
        self.limit = int(request.limits["outputBytes"])
        self.output = b""
        self.output_bytes = 0
        self.selector = selector
        folder.mkdir()
        self.reads, writes = os.pipe()
        os.set_blocking(self.reads, False)
        selector.register(self.reads, selectors.EVENT_READ, self.read_output)
        self.file = File(
            path=os.path.join(request.root, path),
            scratch=str(folder),
            result=str(folder / "headgate-result.json"),
            stacks=str(folder / "headgate-stacks.txt"),
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

    def outcome(self, job: Job, milliseconds: float, ended: tuple[str | None, int]) -> dict[str, Any]:
        """`ended`: why it was stopped, and the status of the process, where that has ended with this file."""
        while self.reads >= 0:
            before = self.output_bytes
            self.read_output()
            if self.output_bytes == before:
                self.close_output()
        stopped_for, status = ended
        result = {**EMPTY, **(self.written_result(stopped_for) or self.stopped_result(job, stopped_for, status))}
        if self.output_bytes > self.limit:
            note = {"kind": "output", "detail": f"{self.output_bytes} bytes", "line": None}
            result["topLevel"] = [*result["topLevel"], note]
        return {
            "path": self.path,
            "milliseconds": round(milliseconds),
            **result,
            "output": self.output.decode("utf-8", "replace")[:OUTPUT_SHOWN],
        }

    def written_result(self, stopped_for: str | None) -> dict[str, Any] | None:
        """What the fork wrote last, unless it was stopped before or it is not what a fork writes."""
        try:
            if stopped_for is not None or os.path.getsize(self.file.result) > MAX_RESULT_BYTES:
                return None
            with open(self.file.result, encoding="utf-8") as file:
                result = json.load(file)
        except (OSError, ValueError):
            return None
        return result if isinstance(result, dict) and "status" in result else None

    def stopped_result(self, job: Job, stopped_for: str | None, status: int) -> dict[str, Any]:
        reason = stopped_for or ("timeout" if os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGXCPU else "")
        kind, message = STOPPED.get(reason, ("crashed", how_it_ended(status)))
        stacks, line = self.stacks(job.root)
        text = message.format(seconds=job.seconds, memory=job.memory_mb, processes=MAX_PROCESSES)
        error = {"type": kind, "message": text, "line": line, "traceback": stacks}
        return {"status": kind, "error": error, "imports": [self.path]}

    def stacks(self, root: str) -> tuple[str, int | None]:
        """Where it was when its time was nearly up, and the line of the file."""
        try:
            text = Path(self.file.stacks).read_text(errors="replace")
        except OSError:
            return "", None
        needle = f'File "{self.file.path}", line '
        at = text.find(needle)
        digits = "".join(c for c in text[at + len(needle) : at + len(needle) + 9].split(" ")[0] if c.isdigit())
        return text.replace(root + os.sep, "")[:8000], int(digits) if at >= 0 and digits else None


def how_it_ended(status: int) -> str:
    if os.WIFSIGNALED(status):
        return f"the process that read the file was ended by signal {os.WTERMSIG(status)}"
    return f"the process that read the file ended with status {os.waitstatus_to_exitcode(status)}"


STOPPED = {
    "timeout": ("timeout", "not read within {seconds:g} s"),
    "memory": ("memory", "needed more than {memory} MB"),
    "processes": ("crashed", "started more than {processes} processes"),
}
