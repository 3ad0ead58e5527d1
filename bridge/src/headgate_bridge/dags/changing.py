"""Tells whether a DAG file asked, while it was read, for what is another thing the next time: the time, chance, a name
of this process. The code of the project is marked as it is compiled; only what is carried out counts."""

import ast
import builtins
import os
import re
from collections.abc import Callable
from importlib.machinery import SourceFileLoader
from typing import Any

from .watch import is_inside

WORDS = re.compile(
    r"now|utcnow|today|yesterday|tomorrow|days_ago|time|time_ns|monotonic\w*|perf_counter\w*|process_time\w*"
    r"|localtime|gmtime|ctime|strftime|random\w*|uuid\w*|secrets|token_\w+|urandom|getrandom|shuffle|choices?"
    r"|sample|randint|randrange|uniform|getpid|getppid|gethostname|getfqdn|getnode|platform|uname|getuser"
    r"|getlogin|getm?c?a?time|st_[amc]time\w*|get_next|get_prev|mktemp|mkdtemp|mkstemp|gettempdir|tempfile"
    r"|NamedTemporaryFile|TemporaryDirectory|expanduser|home|cpu_count|getloadavg|virtual_memory|Faker"
)
# Variables that name folders of the process that reads.
OWN_VARIABLES = ("HOME", "TMPDIR")
MENTION = re.compile(rb"\b(?:HOME|TMPDIR|" + WORDS.pattern.encode() + rb")\b")
NAME = "__headgate_changing__"


def mark_changing(root: str, note: Callable[[str], None], compiled: Callable[[str], None]) -> None:
    """From now on `note` hears the file of every statement of the project that is carried out and holds such a word, and
    `compiled` each file of the project that is loaded. Compiled files (.pyc) of the project are not used."""
    setattr(builtins, NAME, note)
    get_code = SourceFileLoader.get_code

    def marked(self: SourceFileLoader, fullname: str) -> Any:
        path = os.path.abspath(self.get_filename(fullname))
        if not is_inside(path, root) or "site-packages" in path:
            return get_code(self, fullname)
        compiled(path)
        return code_of(self.get_data(path), path, os.path.relpath(path, root))

    SourceFileLoader.get_code = marked  # type: ignore[method-assign]


def code_of(source: bytes, path: str, name: str) -> Any:
    """Raises what compiling the text itself raises."""
    if not MENTION.search(source):
        return compile(source, path, "exec", dont_inherit=True)
    tree = compile(source, path, "exec", ast.PyCF_ONLY_AST, dont_inherit=True)
    marker = Marker(name, renamed(tree))
    return compile(ast.fix_missing_locations(marker.visit(tree)), path, "exec", dont_inherit=True)


def renamed(tree: ast.AST) -> set[str]:
    """Names that such a word has in this file: `from time import time as clock`."""
    return {
        alias.asname
        for node in ast.walk(tree)
        if isinstance(node, (ast.Import, ast.ImportFrom))
        for alias in node.names
        if alias.asname is not None and any(map(WORDS.fullmatch, alias.name.split(".")))
    }


class Marker(ast.NodeTransformer):
    """Puts a call before each statement that holds such a word outside the bodies that are statements themselves."""

    def __init__(self, name: str, more: set[str]) -> None:
        self.name = name
        self.more = more

    def generic_visit(self, node: ast.AST) -> ast.AST:
        super().generic_visit(node)
        for field in ("body", "orelse", "finalbody"):
            block = getattr(node, field, None)
            if isinstance(block, list):
                setattr(node, field, [one for statement in block for one in self.marked(statement)])
        return node

    def marked(self, statement: ast.AST) -> list[ast.AST]:
        return [self.mark(statement), statement] if self.holds_word(statement) else [statement]

    def mark(self, statement: ast.AST) -> ast.AST:
        called = ast.Call(ast.Name(NAME, ast.Load()), [ast.Constant(self.name)], [])
        return ast.copy_location(ast.Expr(called), statement)

    def holds_word(self, node: ast.AST) -> bool:
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            return False
        pending = list(own_parts(node))
        while pending:
            one = pending.pop()
            word = word_of(one)
            if word is not None and word != NAME and (word in self.more or WORDS.fullmatch(word)):
                return True
            if isinstance(one, ast.Constant) and one.value in OWN_VARIABLES:
                return True
            pending += ast.iter_child_nodes(one)
        return False


def word_of(node: ast.AST) -> str | None:
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else None


def own_parts(node: ast.AST) -> list[ast.AST]:
    """What a statement holds besides the statements in it."""
    parts: list[ast.AST] = []
    for field, value in ast.iter_fields(node):
        if field in ("body", "orelse", "finalbody") and isinstance(node, ast.stmt) and isinstance(value, list):
            continue
        if field in ("handlers", "cases"):
            parts += [part for one in value for part in own_parts(one)]
        else:
            parts += [one for one in (value if isinstance(value, list) else [value]) if isinstance(one, ast.AST)]
    return parts
