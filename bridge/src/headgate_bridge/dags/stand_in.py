"""Stands in for modules that are not installed here, so that DAG ids and the task graph are still found.

The runtime holds Airflow and a few providers; a project's own image holds more. Only what is neither installed
nor part of the project is stood in for, and each such module is reported.
"""

import linecache
import re
import sys
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import FunctionType, ModuleType
from typing import Any

from .project_modules import ProjectModules
from .watch import LIBRARY_FOLDERS

# No Python that runs Airflow 2 has these: code that asks for them has another answer, or is broken.
PYTHON_2_MODULES = {
    *("__builtin__", "BaseHTTPServer", "ConfigParser", "cPickle", "cStringIO", "commands", "cookielib", "Cookie"),
    *("HTMLParser", "httplib", "Queue", "SimpleHTTPServer", "SocketServer", "StringIO", "urllib2", "urlparse"),
}


class MissingModules(MetaPathFinder, Loader):
    """The last finder of all: reached only when nothing else knows the module."""

    def __init__(self, project: ProjectModules, assumed: set[str]) -> None:
        self.project = project
        self.assumed = assumed
        self.stood_in: set[str] = set()

    def find_spec(self, fullname: str, path: Any = None, target: Any = None) -> ModuleSpec | None:
        parent = fullname.rpartition(".")[0]
        if parent in self.stood_in:
            return self.spec(fullname)
        if not self.is_foreign(fullname, parent) or asked_by_library(fullname):
            return None
        self.assumed.add(fullname)
        return self.spec(fullname)

    def is_foreign(self, fullname: str, parent: str) -> bool:
        """Neither a broken import inside an installed package nor a module of the project."""
        if fullname.split(".", maxsplit=1)[0] in sys.stdlib_module_names or fullname in PYTHON_2_MODULES:
            return False
        if parent == "":
            return not self.project.holds(wanted_name(fullname))
        if fullname == "airflow.sdk" or fullname.startswith("airflow.providers."):
            return True  # Another version of Airflow or of a provider has it.
        leaf = fullname.rpartition(".")[2]
        return is_namespace(parent) and not (
            self.project.holds(parent.split(".", maxsplit=1)[0]) and self.project.holds(leaf)
        )

    def withdraw(self) -> None:
        """Takes the stand-ins away again: what Airflow itself asks for from now on is the truth."""
        sys.meta_path.remove(self)
        for name in self.stood_in:
            sys.modules.pop(name, None)

    def spec(self, fullname: str) -> ModuleSpec:
        self.stood_in.add(fullname)
        return ModuleSpec(fullname, self, is_package=True)

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        return StandInModule(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        module.__path__ = []


def asked_by_library(fullname: str) -> bool:
    """An installed library that tries an optional import is told the truth. Airflow's own forwarding is not meant."""
    if fullname.startswith("airflow."):
        return False
    frame = sys._getframe(2)
    while frame is not None and frame.f_code.co_filename.endswith(IMPORT_MACHINERY):
        frame = frame.f_back
    return frame is not None and frame.f_code.co_filename.startswith(LIBRARY_FOLDERS)


def wanted_name(top: str) -> str:
    """The whole dotted name that the importing line asks for: the import system begins with its first part."""
    frame = sys._getframe(2)
    while frame is not None and frame.f_code.co_filename.endswith(("<frozen importlib._bootstrap>", __file__)):
        frame = frame.f_back
    line = linecache.getline(frame.f_code.co_filename, frame.f_lineno) if frame is not None else ""
    found = re.search(rf"\b(?:from|import)\s+({re.escape(top)}(?:\.\w+)*)", line)
    return found.group(1) if found else top


IMPORT_MACHINERY = ("<frozen importlib._bootstrap>", "<frozen importlib._bootstrap_external>", "importlib/__init__.py")


def is_namespace(name: str) -> bool:
    """A package spread over several distributions, such as `google`: a missing part is a missing distribution."""
    module = sys.modules.get(name)
    return module is not None and hasattr(module, "__path__") and getattr(module, "__file__", None) is None


class StandInModule(ModuleType):
    """Any name can be imported from it; what it is depends on how such names are used."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") and name.endswith("__"):
            raise AttributeError(name)
        value = stand_in_for(self.__name__, name)
        setattr(self, name, value)
        return value

    @property
    def __all__(self) -> list[str]:
        return []


def stand_in_for(module: str, name: str) -> Any:
    from .other_airflows import known_elsewhere
    from .stand_in_operators import CLASS_MAKERS

    known = known_elsewhere(module, name)
    if known is not None:
        return known
    for ending, make in CLASS_MAKERS:
        if name.endswith(ending):
            return make(name, module)
    if name[:1].isupper() and not name.isupper():
        return StandInType(name, (StandIn,), {"__module__": module})
    return StandIn(f"{module}.{name}")


class StandInType(type):
    """A class of a missing module: its attributes (constants of an enum, say) are stood in for too."""

    def __getattr__(cls, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return StandIn(f"{cls.__name__}.{name}")

    def __iter__(cls) -> Any:
        return iter(())

    def __getitem__(cls, _key: Any) -> Any:
        return cls

    def __or__(cls, _other: Any) -> Any:
        return cls

    __ror__ = __or__


class StandIn(metaclass=StandInType):
    """An object of a missing module: takes any call, attribute, index or operator and goes on."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.headgate_args = args
        self.headgate_kwargs = kwargs
        for name, value in kwargs.items():
            self.__dict__.setdefault(name, value)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") and name.endswith("__"):
            raise AttributeError(name)
        return StandIn(name)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """As a decorator it leaves the function alone."""
        if len(args) == 1 and not kwargs and isinstance(args[0], (FunctionType, type)):
            return args[0]
        return StandIn(*args, **kwargs)

    def __getitem__(self, key: Any) -> Any:
        return StandIn(str(key))

    def __setitem__(self, _key: Any, _value: Any) -> None:
        return None

    def __iter__(self) -> Any:
        return iter(())

    def __len__(self) -> int:
        return 0

    def __bool__(self) -> bool:
        return True

    def __contains__(self, _item: Any) -> bool:
        return False

    def __enter__(self) -> Any:
        return self

    def __exit__(self, *_: Any) -> None:
        return None

    def __int__(self) -> int:
        return 1

    def __index__(self) -> int:
        return 1

    def __float__(self) -> float:
        return 1.0

    def __str__(self) -> str:
        return next((str(arg) for arg in self.headgate_args if isinstance(arg, str)), "assumed")

    __repr__ = __str__

    def __hash__(self) -> int:
        return id(self)

    def __eq__(self, other: Any) -> bool:
        return self is other

    def __lt__(self, _other: Any) -> bool:
        return False

    __gt__ = __le__ = __ge__ = __lt__

    def _same(self, *_: Any) -> Any:
        return self

    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __truediv__ = __rtruediv__ = _same
    __mod__ = __rmod__ = __floordiv__ = __rfloordiv__ = __and__ = __rand__ = __or__ = __ror__ = __neg__ = _same
    __rshift__ = __lshift__ = __rrshift__ = __rlshift__ = _same


class AssumedText(str):
    """The text of a Variable that nobody gave a value: its own name, usable as a number."""

    def __int__(self) -> int:
        return 1

    def __float__(self) -> float:
        return 1.0
