"""What one call asks for: its parameters, checked and made absolute, and the folders of its forks."""

import os
import shutil
from pathlib import Path
from typing import Any

from .list_files import list_dag_files
from .project_modules import ProjectModules

DEFAULT_LIMITS = {"seconds": 30.0, "memoryMb": 1024, "outputBytes": 1024 * 1024, "slowSeconds": 2.0}


class Request:
    """The parameters of one call, checked and made absolute."""

    def __init__(self, params: dict[str, Any], scratch: Path) -> None:
        self.params = params
        self.root = os.path.realpath(params["root"])
        self.dags_folder = os.path.realpath(os.path.join(self.root, params.get("dagsFolder") or "."))
        self.scratch = scratch
        self.folders = 0
        self.limits = {
            **DEFAULT_LIMITS,
            **{name: value for name, value in (params.get("limits") or {}).items() if value},
        }
        files = params.get("files")
        self.files: list[str] = list_dag_files(self.root, self.dags_folder) if files is None else list(files)
        self.project = ProjectModules(self.root, self.dags_folder)
        self.project.names()
        beside = [os.path.join(os.path.dirname(self.dags_folder), name) for name in ("config", "plugins")]
        self.sys_path = [
            self.dags_folder,
            *(folder for folder in beside if os.path.isdir(folder)),
            *(os.path.realpath(folder) for folder in params.get("sysPath") or []),
        ]

    def new_folder(self) -> Path:
        self.folders += 1
        folder = self.scratch / f"files-{self.folders}"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        return folder

    def not_a_file(self, path: str) -> dict[str, Any]:
        error = {"type": "FileNotFoundError", "message": f"{path} is not a file", "line": None, "traceback": ""}
        return {**EMPTY, "path": path, "status": "import-error", "milliseconds": 0, "error": error, "output": ""}


EMPTY: dict[str, Any] = {
    "dags": [],
    "topLevel": [],
    "imports": [],
    "lists": [],
    "assumed": [],
    "variables": [],
    "connections": [],
}
