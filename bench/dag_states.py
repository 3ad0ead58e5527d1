"""Tells what the real Airflow makes of the DAG files of a project: each DAG as it is serialised, and the code that its tasks come to run.

Each line in is the parameters of the bridge's `airflow.parse`, or `{"pairs": [[base, head]]}` with texts of Python; each line out is `{files}`,
each with the `state` of its DAGs, or `{same}`: for each pair "tree" (one tree but for docstrings), "imports" (but for how its imports stand) or "".
"""

from __future__ import annotations

import ast
import contextlib
import dis
import functools
import hashlib
import importlib
import importlib.util
import json
import os
import re
import sys
import types
from collections.abc import Iterable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "bridge" / "src"))

from headgate_bridge.dags import child, describe  # noqa: E402
from headgate_bridge.dags.parse_files import parse_files  # noqa: E402
from headgate_bridge.dags.stand_in import MissingModules  # noqa: E402

# Where a DAG lies on this machine, and what Airflow says of itself.
PLACES = {"fileloc", "_processor_dags_folder", "_dag_hash", "_relative_fileloc"}
ADDRESS = re.compile(r"0x[0-9a-f]{6,}|unusual_prefix_[0-9a-f]{40}_")
# The folder that this reading of the file has to itself, which its environment names.
SCRATCH = re.compile(re.escape(os.environ.get("HEADGATE_BRIDGE_SCRATCH") or os.devnull) + r"(/files-\d+)?(/file-\d+)?")
describe_dags = describe.describe_dags
withdraw = MissingModules.withdraw
# Stand-ins for packages that are not here stay until the code of the tasks has been followed: functions import some as well.
waiting: list[MissingModules] = []


def main() -> None:
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    child.describe_dags = with_states
    MissingModules.withdraw = lambda missing: waiting.append(missing)  # type: ignore[method-assign]
    for line in sys.stdin:
        asked = json.loads(line)
        if "pairs" in asked:
            answer: dict[str, Any] = {"same": [how_same(base, head) for base, head in asked["pairs"]]}
        else:
            files: list[dict[str, Any]] = []
            parse_files(asked, lambda event, said, files=files: files.append(said) if event == "file" else None)
            answer = {"files": files}
        answers.write(json.dumps(answer) + "\n")
        answers.flush()


def with_states(dags: list[Any], made: dict[int, Any], root: str) -> list[dict[str, Any]]:
    by_id = {dag.dag_id: dag for dag in dags}
    works = {dag_id: work_of(dag, root) for dag_id, dag in by_id.items()}
    while waiting:
        withdraw(waiting.pop())
    described = describe_dags(dags, made, root)
    return [{**one, "state": state_of(by_id[one["dagId"]], works[one["dagId"]], root)} for one in described]


def work_of(dag: Any, root: str) -> dict[str, str]:
    work = Work(root)
    with contextlib.suppress(RecursionError):
        work.of_dag(dag)
    return work.found


def state_of(dag: Any, work: dict[str, str], root: str) -> dict[str, Any]:
    from airflow.serialization.serialized_objects import SerializedDAG

    try:
        said = SerializedDAG.to_dict(dag)["dag"]
    except Exception as failure:  # noqa: BLE001 - what Airflow cannot serialise is told, not raised
        return {"dag": None, "tasks": {}, "work": work, "error": f"{type(failure).__name__}: {failure}"[:300]}
    tasks = {one["__var"]["task_id"]: one["__var"] for one in said.pop("tasks")}
    rest = {name: value for name, value in said.items() if name not in PLACES}
    return plain({"dag": rest, "tasks": tasks, "work": work, "error": None}, root)


def plain(value: Any, root: str) -> Any:
    """Without what is of this process: addresses, its own folders, and the one that the project was put into."""
    text = ADDRESS.sub("0x", json.dumps(value, sort_keys=True, default=str)).replace(root, "")
    return json.loads(SCRATCH.sub("/", text))


class Work:
    """The project's code that the tasks of a DAG can come to run, by its name: followed through the objects themselves, as Python would."""

    def __init__(self, root: str) -> None:
        self.root = root + os.sep
        self.found: dict[str, str] = {}
        self.seen: set[int] = set()
        self.kept: list[Any] = []

    def of_dag(self, dag: Any) -> None:
        for task in dag.tasks:
            self.of_parts(task)
        for name in ("on_failure_callback", "on_success_callback", "sla_miss_callback", "user_defined_macros", "user_defined_filters"):
            self.visit(f"{name} of the DAG", getattr(dag, name, None))

    def of_parts(self, task: Any) -> None:
        """Its class, and the functions and objects of the project among what it was given."""
        self.visit("", getattr(task, "operator_class", None) if isinstance(getattr(task, "operator_class", None), type) else type(task))
        given = [*vars(task).items(), *(getattr(task, "partial_kwargs", None) or {}).items()]
        for name, value in given:
            if name not in ("dag", "_dag", "task_group", "_task_group"):
                self.visit("", value, of_task=True)

    def is_own(self, path: str | None) -> bool:
        return path is not None and path.startswith(self.root) and "site-packages" not in path

    def visit(self, name: str, value: Any, *, of_task: bool = False) -> None:
        """`of_task`: plain values are in the serialised form already, or are no code."""
        if isinstance(value, (str, bytes, int, float, bool, type(None))):
            if not of_task and name:
                self.note(name, repr(value))
            return
        if id(value) in self.seen:
            return
        self.seen.add(id(value))
        self.kept.append(value)
        if isinstance(value, types.FunctionType):
            self.of_function(value)
        elif isinstance(value, types.MethodType):
            self.visit(name, value.__func__, of_task=of_task)
            self.visit(name, value.__self__, of_task=of_task)
        elif isinstance(value, functools.partial):
            for part in (value.func, *value.args, *value.keywords.values()):
                self.visit(name, part, of_task=of_task)
        elif isinstance(value, (staticmethod, classmethod, property, functools.cached_property)):
            for part in ("__func__", "fget", "fset", "func"):
                self.visit(name, getattr(value, part, None), of_task=True)
        elif isinstance(value, type):
            self.of_class(value)
        elif isinstance(value, dict):
            self.of_items(name, [(repr(key), item) for key, item in value.items()], of_task=of_task)
        elif isinstance(value, (list, tuple)):
            self.of_items(name, [(str(at), item) for at, item in enumerate(value)], of_task=of_task)
        elif isinstance(value, (set, frozenset)):
            self.of_items(name, [("", repr(sorted(map(repr, value))))], of_task=of_task)
        elif not isinstance(value, types.ModuleType):
            self.of_object(name, value, of_task=of_task)

    def of_items(self, name: str, items: Iterable[tuple[str, Any]], *, of_task: bool) -> None:
        for key, item in items:
            self.visit(f"{name}[{key}]" if name else "", item, of_task=of_task)

    def of_object(self, name: str, value: Any, *, of_task: bool) -> None:
        kind = type(value)
        if self.is_own(file_of(kind)):
            self.of_class(kind)
            members = getattr(value, "__dict__", {})
            self.of_items(name, [(key, item) for key, item in members.items() if not key.startswith("__")], of_task=of_task)
        elif not of_task and name and kind.__module__ in ("datetime", "pathlib", "decimal", "re", "enum", "uuid", "pendulum.datetime"):
            self.note(name, repr(value))
        for part in ("__wrapped__", "function", "python_callable"):
            with contextlib.suppress(Exception):
                inner = getattr(value, part, None)
                if isinstance(inner, types.FunctionType):
                    self.of_function(inner)

    def of_class(self, kind: type) -> None:
        for one in kind.__mro__:
            if not self.is_own(file_of(one)):
                continue
            for name, member in list(vars(one).items()):
                if name not in ("__module__", "__doc__", "__dict__", "__weakref__", "__annotations__", "__abstractmethods__", "_abc_impl"):
                    self.visit(f"{module_of(one)}.{one.__qualname__}.{name}", member)

    def of_function(self, function: types.FunctionType) -> None:
        self.visit("", getattr(function, "__wrapped__", None), of_task=True)
        for cell in function.__closure__ or ():
            with contextlib.suppress(ValueError):
                self.visit("", cell.cell_contents, of_task=True)
        if not self.is_own(function.__code__.co_filename):
            return
        name = f"{module_of(function)}.{function.__qualname__}"
        self.note(name, code_of(function.__code__))
        for value in [*(function.__defaults__ or ()), *(function.__kwdefaults__ or {}).values()]:
            self.visit(f"{name} default", value)
        self.of_names(function)

    def of_names(self, function: types.FunctionType) -> None:
        """What its code names: globals of its module, members of modules among them, and what it imports itself."""
        names = names_in(function.__code__)
        modules = [module for name in imports_in(function.__code__) if (module := self.imported(name)) is not None]
        for name in names & function.__globals__.keys():
            value = function.__globals__[name]
            if isinstance(value, types.ModuleType):
                modules.append(value)
            else:
                self.visit(f"{module_of(function)}.{name}", value)
        for module in modules:
            if self.is_own(getattr(module, "__file__", None)):
                for name in names & vars(module).keys():
                    self.visit(f"{module.__name__}.{name}", vars(module)[name])

    def imported(self, name: str) -> types.ModuleType | None:
        """A module of the project that a function imports when it runs."""
        with contextlib.suppress(BaseException):
            if self.is_own(getattr(importlib.util.find_spec(name), "origin", None)):
                return importlib.import_module(name)
        return None

    def note(self, name: str, text: str) -> None:
        said = ADDRESS.sub("0x", text).replace(self.root, "/")
        self.found[ADDRESS.sub("", name)] = hashlib.sha256((self.found.get(name, "") + said).encode()).hexdigest()[:12]


def file_of(kind: type) -> str | None:
    return getattr(sys.modules.get(kind.__module__), "__file__", None)


def module_of(thing: Any) -> str:
    return str(getattr(thing, "__module__", ""))


def inner_codes(code: types.CodeType) -> list[types.CodeType]:
    return [one for one in code.co_consts if isinstance(one, types.CodeType)]


def code_of(code: types.CodeType) -> str:
    """What it does: no lines, no docstring, which no instruction loads."""
    said = [
        f"{one.opname} {'code' if isinstance(one.argval, types.CodeType) else repr(one.argval)}"
        for one in dis.get_instructions(code)
        if one.opname != "EXTENDED_ARG"
    ]
    head = [code.co_name, code.co_argcount, code.co_kwonlyargcount, code.co_posonlyargcount, code.co_flags, code.co_varnames]
    return "\n".join([repr(head), *said, *map(code_of, inner_codes(code))])


def names_in(code: types.CodeType) -> set[str]:
    return set(code.co_names).union(*map(names_in, inner_codes(code)))


def imports_in(code: types.CodeType) -> set[str]:
    own = {one.argval for one in dis.get_instructions(code) if one.opname == "IMPORT_NAME"}
    return own.union(*map(imports_in, inner_codes(code)))


def how_same(base: str, head: str) -> str:
    try:
        was, now = tree_of(base), tree_of(head)
    except (SyntaxError, ValueError, RecursionError):
        return ""
    if ast.dump(was) == ast.dump(now):
        return "tree"
    return "imports" if without_imports(was) == without_imports(now) else ""


def tree_of(text: str) -> ast.Module:
    """Without docstrings and the mark of u''."""
    tree = ast.parse(text)
    for node in ast.walk(tree):
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)) and ast.get_docstring(node, clean=False) is not None:
            del node.body[0]
        if isinstance(node, ast.Constant):
            node.kind = None
    return tree


def without_imports(tree: ast.Module) -> tuple[list[str], str]:
    """The names that are imported at the top, in the order of the alphabet, and the rest."""
    imports = [node for node in tree.body if isinstance(node, (ast.Import, ast.ImportFrom))]
    names = {
        f"{'.' * getattr(node, 'level', 0)}{getattr(node, 'module', '')} {alias.name} {alias.asname}" for node in imports for alias in node.names
    }
    rest = ast.Module(body=[node for node in tree.body if node not in imports], type_ignores=[])
    return sorted(names), ast.dump(rest)


if __name__ == "__main__":
    main()
