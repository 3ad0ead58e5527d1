"""How a fork says to the process that watches it how far it is, and what came of each file."""

import contextlib
import json
import os
import sys
from typing import Any

# A file is begun; a file is ended, then its result's length in hexadecimal digits, and as many bytes of JSON.
BEGUN, ENDED = b"<", b">"
LENGTH_DIGITS = 8
# A file in the fork's folder that holds the result where the DAG file has closed the pipe, as daemons do.
LAST_WORDS = "headgate-result.json"


class Telling:
    """`progress` is the end of a pipe."""

    def __init__(self, progress: int, scratch: str) -> None:
        self.progress = progress
        self.pipe = identity_of(progress)
        self.beside = os.path.join(scratch, LAST_WORDS)

    def begin(self) -> None:
        os.write(self.progress, BEGUN)

    def end(self, outcome: dict[str, Any]) -> bool:
        """After all that the file has printed. False where nothing more can be said."""
        flush()
        body = json.dumps(outcome, default=str).encode()
        if identity_of(self.progress) != self.pipe:
            with open(self.beside, "wb") as file:
                file.write(body)
            return False
        rest = memoryview(ENDED + b"%0*x" % (LENGTH_DIGITS, len(body)) + body)
        while rest:
            rest = rest[os.write(self.progress, rest) :]
        return True


def identity_of(descriptor: int) -> tuple[int, int] | None:
    """The number may be another file's by now."""
    try:
        state = os.fstat(descriptor)
    except OSError:
        return None
    return state.st_dev, state.st_ino


def flush() -> None:
    """What was printed and not sent yet; the file may have put anything in the place of the streams."""
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(Exception):
            stream.flush()
