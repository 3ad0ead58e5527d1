"""Lints SQL files with sqlfluff, without network and with leave to change its scratch folder only.

    python -m headgate_bridge.run_sqlfluff SCRATCH     order: JSON on stdin, started in the root of the project

Order: {"files", "settings", "processes", "seconds"}. What `settings` (a file) says wins over the project's settings.
The answer is one JSON object a line, as the files come to their end: {"path", "violations"}, {"path", "ignored": true}
where the settings leave a file out, {"path", "failed"} where sqlfluff broke down on it or took longer than `seconds`.
"""

import contextlib
import json
import multiprocessing
import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from . import confine


def main(scratch: str) -> int:
    order = json.load(sys.stdin)
    confine.die_with_parent()
    confine.cut_network()
    confine.allow_writes_only_in([scratch, "/dev/shm"])
    bridge = str(Path(__file__).resolve().parents[1])
    sys.path[:] = [path for path in sys.path if path and path != bridge]
    linter = linter_of(order["settings"])
    # The largest first, so that the last ones to end are small.
    files = sorted(order["files"], key=size_of, reverse=True)
    with contextlib.closing(answers(linter, files, order)) as lines:
        for line in lines:
            print(json.dumps(line), flush=True)
    return 0


def answers(linter: Any, files: list[str], order: dict[str, Any]) -> Iterator[dict[str, Any]]:
    work = Work(linter, float(order["seconds"]))
    if order["processes"] < 2 or len(files) < 8:
        yield from map(work, files)
        return
    lent.append(work)
    context = multiprocessing.get_context("fork")
    with context.Pool(order["processes"], confine.die_with_parent) as pool:
        yield from pool.imap_unordered(carry_out, files)


# What is lent to the workers as it is: they are forks, and nothing of a linter need be packed.
lent: "list[Work]" = []


def carry_out(path: str) -> dict[str, Any]:
    return lent[0](path)


class Work:
    def __init__(self, linter: Any, seconds: float) -> None:
        self.linter = linter
        self.seconds = seconds

    def __call__(self, path: str) -> dict[str, Any]:
        signal.signal(signal.SIGALRM, too_long)
        signal.setitimer(signal.ITIMER_REAL, self.seconds)
        try:
            records = self.linter.lint_paths((path,), processes=1).as_records()
        except TimeoutError:
            return {"path": path, "failed": f"it took longer than {self.seconds:g} s"}
        except Exception as error:
            return {"path": path, "failed": f"{type(error).__name__}: {error}"[:300]}
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
        found = [record for record in records if os.path.normpath(record["filepath"]) == os.path.normpath(path)]
        return {"path": path, "violations": found[0]["violations"]} if found else {"path": path, "ignored": True}


def too_long(*_: object) -> None:
    raise TimeoutError


def linter_of(settings: str) -> Any:
    from sqlfluff.core import FluffConfig, Linter

    keep_macros()
    config = FluffConfig.from_root(extra_config_path=settings, overrides={"templater": "jinja"}, require_dialect=False)
    return Linter(config=config)


def keep_macros() -> None:
    """Each macro file is read once for files of equal settings, not twice for each file. One that is no Jinja has no
    macros, as if it were not there: other files have nothing to do with it."""
    from jinja2 import TemplateError
    from sqlfluff.core.templaters.jinja import JinjaTemplater

    known: dict[tuple[str, str], Any] = {}
    original = JinjaTemplater._extract_macros_from_template

    def extract(template: str, env: Any, ctx: dict[str, Any]) -> Any:
        plain = {name: value for name, value in ctx.items() if isinstance(value, (str, int, float, list, dict, bool))}
        # A macro finds another one only where that was there before it.
        key = (template, repr([sorted(plain.items(), key=str), sorted(ctx)]))
        if key not in known:
            try:
                known[key] = original(template, env=env, ctx=ctx)
            except TemplateError:
                known[key] = {}
        return known[key]

    JinjaTemplater._extract_macros_from_template = staticmethod(extract)


def size_of(path: str) -> int:
    try:
        return os.path.getsize(path)
    except OSError:
        return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
