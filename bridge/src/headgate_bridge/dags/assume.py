"""Goes on where a DAG file asks for what nobody has said: Variables, environment variables, newer or older names.

Used for reading a repository whose environment is not known. Whatever is made up is entered in `assumed`.
"""

import ast
import datetime
import json
import os
import sys
from collections.abc import Callable
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder
from types import ModuleType
from typing import Any

from .stand_in import AssumedText, StandIn, stand_in_for
from .watch import LIBRARY_FOLDERS

PROVIDERS = "airflow.providers."


def assume_what_is_missing(assumed: set[str]) -> None:
    read_assumed_text()
    accept_assumed_durations()
    answer_environment(assumed)
    complete_providers(assumed)


def read_assumed_text() -> None:
    """A Variable is often JSON or a Python literal; one that is assumed is read as whatever is asked of it."""
    for module, name in ((json, "loads"), (ast, "literal_eval")):
        original = getattr(module, name)

        def read(text: Any, *args: Any, original: Any = original, **kwargs: Any) -> Any:
            return StandIn(str(text)) if isinstance(text, AssumedText) else original(text, *args, **kwargs)

        setattr(module, name, read)


def accept_assumed_durations() -> None:
    original = datetime.timedelta

    class DurationType(type):
        """Every timedelta is one of these, those made before included."""

        def __instancecheck__(cls, value: Any) -> bool:
            return isinstance(value, original)

        def __subclasscheck__(cls, other: type) -> bool:
            return issubclass(other, original)

    class Duration(original, metaclass=DurationType):  # type: ignore[misc, valid-type]
        def __new__(cls, *args: Any, **kwargs: Any) -> Any:
            return super().__new__(cls, *map(number, args), **{key: number(value) for key, value in kwargs.items()})

    Duration.__name__ = "timedelta"
    datetime.timedelta = Duration  # type: ignore[misc]


def number(value: Any) -> Any:
    return 1 if isinstance(value, (StandIn, AssumedText)) else value


def answer_environment(assumed: set[str]) -> None:
    """`os.environ["X"]` in the project's own code. Libraries, which often rely on the KeyError, still get it."""
    environ = type(os.environ)
    original: Callable[..., str] = environ.__getitem__

    def get(self: Any, key: str) -> str:
        try:
            return original(self, key)
        except KeyError:
            if not called_by_project():
                raise
            assumed.add(f"environment:{key}")
            return AssumedText(key)

    environ.__getitem__ = get  # type: ignore[method-assign]


def called_by_project() -> bool:
    name = sys._getframe(2).f_code.co_filename
    return not name.startswith("<") and not name.startswith(LIBRARY_FOLDERS)


def complete_providers(assumed: set[str]) -> None:
    """Names that another version of an installed provider has are stood in for, as whole modules are."""
    for name, module in list(sys.modules.items()):
        if name.startswith(PROVIDERS):
            complete(module, assumed)
    sys.meta_path.insert(0, ProviderNames(assumed))


class ProviderNames(MetaPathFinder):
    def __init__(self, assumed: set[str]) -> None:
        self.assumed = assumed

    def find_spec(self, fullname: str, path: Any = None, target: Any = None) -> ModuleSpec | None:
        spec = PathFinder.find_spec(fullname, path) if fullname.startswith(PROVIDERS) else None
        if spec is None or spec.loader is None:
            return None
        original = spec.loader.exec_module

        def exec_module(module: ModuleType) -> None:
            original(module)
            complete(module, self.assumed)

        spec.loader.exec_module = exec_module  # type: ignore[method-assign]
        return spec


def complete(module: ModuleType, assumed: set[str]) -> None:
    """Only for modules, not packages: a missing submodule is found by the import system."""
    if hasattr(module, "__path__") or "__getattr__" in vars(module):
        return

    def get(name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        assumed.add(f"{module.__name__}.{name}")
        return stand_in_for(module.__name__, name)

    vars(module)["__getattr__"] = get
