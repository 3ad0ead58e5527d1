"""Pins requirements to exact versions with hashes, by the same uv that makes the runtimes.

    python -I lock_requirements.py --cache DIR --uv-lock uv.txt --folder DIR --known lock.txt --python 3.11 FILE...

Stdlib only. Reads the requirement files as seen from `--folder`; versions in `--known` are kept where they fit, so
that a lock changes only where it must. Prints one JSON object per line on stdout: progress like make_runtime.py, and
last {"locked": "<requirements text>"} or {"refused": "<what uv said>", "conflict": true|false}. `conflict` tells that
the requirements cannot be met together; otherwise uv could not find out. Nothing is written but uv's cache.
"""

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

# -I keeps this folder off sys.path; the module beside this file is the only one wanted from it.
sys.path.insert(0, str(Path(__file__).parent))

from make_runtime import ensure_uv, progress, say, uv_environment

# Words by which uv says that it looked everywhere and the requirements contradict each other.
CONFLICT = ("No solution found", "are incompatible", "unsatisfiable")
# Words that tell it could not look everywhere after all.
UNSEEN = ("network was disabled", "not found in the cache", "Failed to fetch", "error sending request", "client error")


def main() -> int:
    arguments = parse_arguments()
    cache = Path(arguments.cache)
    uv = ensure_uv(cache, Path(arguments.uv_lock))
    progress("lock", "resolving requirements")
    with tempfile.TemporaryDirectory(prefix="headgate-lock-") as scratch:
        output = Path(scratch) / "locked.txt"
        output.write_text(Path(arguments.known).read_text())
        done = compile_requirements(uv, cache, arguments, output)
        if done.returncode == 0:
            say({"locked": output.read_text()})
            return 0
    said = (done.stderr or done.stdout).strip()[-4000:]
    conflict = any(words in said for words in CONFLICT) and not any(words in said for words in UNSEEN)
    say({"refused": said, "conflict": conflict})
    return 1


def compile_requirements(
    uv: Path, cache: Path, arguments: argparse.Namespace, output: Path
) -> "subprocess.CompletedProcess[str]":
    options = ["--universal", "--generate-hashes", "--no-header", "--no-annotate", "--no-emit-index-url", "--quiet"]
    settings = ["--python-version", arguments.python, "--output-file", str(output), "--no-config"]
    return subprocess.run(
        [str(uv), "pip", "compile", *options, *settings, *arguments.files],
        cwd=arguments.folder,
        env={**uv_environment(cache, uv.parent / "python"), "NO_COLOR": "1"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    for name in ("cache", "uv-lock", "folder", "known", "python"):
        parser.add_argument(f"--{name}", required=True)
    parser.add_argument("files", nargs="+")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
