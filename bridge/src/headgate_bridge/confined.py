"""Runs a Python tool on a project that may bring code of its own (plugins, settings), without network and with leave to
change given folders only.

    python -m headgate_bridge.confined FOLDER[:FOLDER...] MODULE [arguments of the tool]
"""

import os
import runpy
import sys
from pathlib import Path

from . import confine


def main() -> None:
    folders, module, *arguments = sys.argv[1:]
    confine.die_with_parent()
    confine.cut_network()
    confine.allow_writes_only_in([*folders.split(os.pathsep), "/dev/shm"])
    bridge = str(Path(__file__).resolve().parents[1])
    sys.path[:] = [path for path in sys.path if path and path != bridge]
    sys.argv = [module, *arguments]
    runpy.run_module(module, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
