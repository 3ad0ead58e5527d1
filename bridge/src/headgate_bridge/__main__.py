"""`python -m headgate_bridge`: frames on stdin and stdout, whatever else is printed goes to stderr."""

import os
import sys

from .host import serve


def main() -> int:
    requests = os.fdopen(os.dup(0), "rb", buffering=0)
    answers = os.fdopen(os.dup(1), "wb", buffering=0)
    quiet = os.open(os.devnull, os.O_RDONLY)
    os.dup2(quiet, 0)
    os.dup2(2, 1)
    try:
        serve(requests, _Whole(answers))
    except (BrokenPipeError, KeyboardInterrupt):
        return 1
    return 0


class _Whole:
    """Writes all bytes: a raw pipe may take only some."""

    def __init__(self, stream) -> None:
        self.stream = stream

    def write(self, content: bytes) -> None:
        rest = memoryview(content)
        while rest:
            rest = rest[self.stream.write(rest) :]

    def flush(self) -> None:
        self.stream.flush()


if __name__ == "__main__":
    sys.exit(main())
