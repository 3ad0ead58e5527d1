"""Executes one DAG file the way Airflow does, and finds the DAG objects in it."""

import functools
import hashlib
import os
import sys
import zipfile
from importlib import import_module
from importlib.machinery import SourceFileLoader, SourcelessFileLoader
from importlib.util import module_from_spec, spec_from_loader
from types import ModuleType
from typing import Any, NamedTuple

from .stand_in import StandIn


def load_dags(path: str) -> list[Any]:
    """The DAGs of a `.py` file or of a zip's top-level modules. Raises what the file raises."""
    from airflow.models.dag import DAG, DagContext

    DagContext.autoregistered_dags.clear()
    modules = load_zip(path) if zipfile.is_zipfile(path) else [load_module(path)]
    found: dict[int, Any] = {}
    for module in modules:
        for value in list(vars(module).values()):
            if isinstance(value, DAG):
                found[id(value)] = value
    for dag, _module in DagContext.autoregistered_dags:
        found[id(dag)] = dag
    DagContext.autoregistered_dags.clear()
    DagContext.current_autoregister_module_name = None
    for dag in found.values():
        dag.fileloc = path
    return list(found.values())


def load_module(path: str) -> ModuleType:
    from airflow.models.dag import DagContext

    stem = os.path.splitext(os.path.basename(path))[0]
    name = f"unusual_prefix_{hashlib.sha1(path.encode()).hexdigest()}_{stem}"
    loader = (SourcelessFileLoader if path.endswith(".pyc") else SourceFileLoader)(name, path)
    spec = spec_from_loader(name, loader)
    if spec is None:
        raise ImportError(f"no loader for {path}")
    module = module_from_spec(spec)
    sys.modules[name] = module
    DagContext.current_autoregister_module_name = name
    loader.exec_module(module)
    return module


def load_zip(path: str) -> list[ModuleType]:
    from airflow.models.dag import DagContext

    sys.path.insert(0, path)
    modules = []
    with zipfile.ZipFile(path) as archive:
        names = sorted(entry.filename for entry in archive.infolist())
        stems = [
            name[:-3] for name in names if name.endswith(".py") and "/" not in name and mentions_dag(archive, name)
        ]
    for stem in stems:
        sys.modules.pop(stem, None)
        DagContext.current_autoregister_module_name = stem
        modules.append(import_module(stem))
    return modules


def mentions_dag(archive: zipfile.ZipFile, name: str) -> bool:
    """Airflow's own test of whether a file is worth reading."""
    content = archive.read(name).lower()
    return b"dag" in content and b"airflow" in content


class MadeAt(NamedTuple):
    """Where in the DAG file, and as which of its DAGs, a DAG was made."""

    order: int
    line: int | None


class WhereMade:
    """Enters each new DAG in `places`, by the id of the object, for the file that is being read."""

    def __init__(self) -> None:
        self.path = ""
        self.places: dict[int, MadeAt] = {}

    def begin(self, path: str) -> None:
        self.path = path
        self.places = {}

    def install(self) -> None:
        from airflow.models.dag import DAG

        original = DAG.__init__
        where = self

        @functools.wraps(original)
        def __init__(self: Any, *args: Any, **kwargs: Any) -> None:
            where.places.setdefault(id(self), MadeAt(len(where.places), innermost_line(where.path)))
            original(self, *args, **{name: value for name, value in kwargs.items() if not isinstance(value, StandIn)})
            # Airflow takes the caller's file, which would be this one.
            self.fileloc = sys._getframe(1).f_code.co_filename

        DAG.__init__ = __init__  # type: ignore[method-assign]


def innermost_line(path: str) -> int | None:
    frame = sys._getframe(1)
    while frame is not None:
        if frame.f_code.co_filename == path:
            return frame.f_lineno
        frame = frame.f_back
    return None
