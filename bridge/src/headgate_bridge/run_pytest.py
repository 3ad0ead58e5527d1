"""Runs pytest on a copy of a project, without network and without leave to change files outside its scratch folder.

    python -m headgate_bridge.run_pytest ORDER.json REPORT.jsonl

Started with the Python of the runtime that the project's code is for. pytest itself comes from a runtime of its own
whose packages stand last on the path, so that every package of the project's runtime wins. Order: `root` (the copy,
becomes the working folder), `scratch`, `files`, `sysPath`, `toolPackages`, `options`. The report is one JSON object per
line, written as things happen: {"test"|"collect", "path", "line", "outcome", "message", "seconds"}, last {"exit": n}.
"""

import json
import os
import re
import sys
from pathlib import Path
from typing import Any

from . import confine

LONGEST = 2000


def main(order_file: str, report_file: str) -> int:
    order = json.loads(Path(order_file).read_text(encoding="utf-8"))
    confine.die_with_parent()
    if confine.cut_network():
        confine.raise_loopback()
    confine.allow_writes_only_in([order["scratch"], "/dev/shm"])
    os.chdir(order["root"])
    # Not this program's own folder: a project may have modules of any name.
    packages = [path for path in sys.path if path and not is_bridge(path)]
    sys.path[:] = [*order["sysPath"], *packages, order["toolPackages"]]
    os.environ["PYTHONPATH"] = os.pathsep.join(order["sysPath"])
    missing = MissingModules(os.path.realpath(order["root"]) + os.sep)
    sys.meta_path.append(missing)
    import pytest

    with open(report_file, "w", encoding="utf-8", buffering=1) as report:
        recorder = Recorder(order["root"], report, missing)
        # Tests are named from the root of the project, wherever their settings are.
        options = ["--rootdir", order["root"], "-p", "no:cacheprovider", "-q", "--continue-on-collection-errors"]
        status = int(pytest.main([*options, *order["options"], *order["files"]], plugins=[recorder]))
        recorder.say({"exit": status})
    return 0


def is_bridge(path: str) -> bool:
    return os.path.abspath(path) == str(Path(__file__).resolve().parents[1])


class MissingModules:
    """Asked last of all finders: notes what code of the project imports and nobody has, also where the code goes on.
    What is asked for while a test file is loaded is that file's; what is asked for in a test is everybody's from then
    on, because what a fixture made lives on."""

    def __init__(self, root: str) -> None:
        self.root = root
        self.loading: str | None = None
        self.of_file: dict[str, set[str]] = {}
        self.of_all: set[str] = set()

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> None:
        frame = sys._getframe(1)
        while frame is not None and ("importlib" in frame.f_code.co_filename or frame.f_code.co_filename == __file__):
            frame = frame.f_back
        if frame is not None and os.path.realpath(frame.f_code.co_filename).startswith(self.root):
            (self.of_all if self.loading is None else self.of_file.setdefault(self.loading, set())).add(name)

    def seen_by(self, test: str) -> list[str]:
        return sorted(self.of_all | self.of_file.get(test.split("::")[0], set()))[:50]


class Recorder:
    """A plugin of pytest that writes down what each test comes to, with the modules that were not there for it."""

    def __init__(self, root: str, report: Any, missing: MissingModules) -> None:
        self.missing = missing
        self.root = os.path.realpath(root) + os.sep
        self.report = report

    def say(self, line: dict[str, Any]) -> None:
        name = line.get("test") or line.get("collect")
        seen = {} if name is None else {"missing": self.missing.seen_by(name)}
        self.report.write(json.dumps({**line, **seen}, default=str) + "\n")

    def pytest_collectstart(self, collector: Any) -> None:
        self.missing.loading = collector.nodeid.split("::")[0]

    def pytest_collection_finish(self) -> None:
        self.missing.loading = None

    def pytest_runtest_logreport(self, report: Any) -> None:
        if report.when == "call" or report.outcome != "passed":
            expected = hasattr(report, "wasxfail")
            outcome = report.outcome if report.when == "call" or report.outcome != "failed" else "errored"
            path, line, _ = report.location
            seen = {"test": report.nodeid, "path": path, "line": (line or 0) + 1, "message": ""}
            if outcome in ("failed", "errored") and not expected:
                seen.update(place_of(report.longrepr, self.root, path))
            self.say({**seen, "outcome": "passed" if expected else outcome, "seconds": round(report.duration, 3)})

    def pytest_collectreport(self, report: Any) -> None:
        if report.outcome == "failed":
            path = report.nodeid.split("::")[0]
            place = {"path": path, "line": None, "message": str(report.longrepr)[-LONGEST:]}
            place.update(place_of(report.longrepr, self.root, path))
            self.say({"collect": report.nodeid, **place, "outcome": "errored", "seconds": 0})


def place_of(longrepr: Any, root: str, path: str) -> dict[str, Any]:
    """The innermost line of the test's own file, else of the project, with what was raised."""
    crash = getattr(longrepr, "reprcrash", None)
    entries = getattr(getattr(longrepr, "reprtraceback", None), "reprentries", None) or []
    places = [entry.reprfileloc for entry in entries if getattr(entry, "reprfileloc", None) is not None]
    own = [place for place in places if relative(place.path, root) == path]
    found = (own or [place for place in places if inside(place.path, root)] or [None])[-1]
    message = crash.message if crash is not None else last_error(str(longrepr))
    if found is None:
        lines = re.findall(rf"^{re.escape(path)}:(\d+): ", str(longrepr), re.MULTILINE)
        return {"message": message[:LONGEST], **({"line": int(lines[-1])} if lines else {})} if message else {}
    return {"path": relative(found.path, root), "line": found.lineno, "message": message[:LONGEST]}


def last_error(text: str) -> str:
    """What a collection error ends with: the lines that pytest marks with E."""
    marked = [line[1:].strip() for line in text.splitlines() if line.startswith("E ")]
    return "\n".join(marked) or (text.strip().splitlines() or [""])[-1]


def relative(path: str, root: str) -> str:
    full = os.path.realpath(path)
    return full[len(root) :] if full.startswith(root) else path


def inside(path: str, root: str) -> bool:
    full = os.path.realpath(path)
    return full.startswith(root) and os.sep + "site-packages" + os.sep not in full


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:3]))
